import { fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { checkField, checksField, field, radioField, textField } from "./fields.js";
import { group, makeForm } from "./form.js";
import { KINDS } from "./issuers.js";
import { showSecret } from "./pieces.js";

/**
 * Registers an issuer, or changes one.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 * @param {string | null} key null: a new one
 */
export async function showIssuer(place, admin, key) {
  const issuer = key ? await admin.session.ask(`${admin.path}/sso/issuers/${encodeURIComponent(key)}`) : null;
  const name = textField("key", "Its name in addresses", "Such as wordpress. Small letters, digits and hyphens.", "", {
    maxlength: "40",
    autocapitalize: "none",
  });
  const iss = textField(
    "iss",
    "iss",
    "What its tokens name as their issuer, often the blog’s address. It stays as it is.",
    issuer?.iss,
  );
  const aud = textField(
    "aud",
    "aud",
    "Whom its tokens must be for, often this service’s address.",
    issuer?.aud ?? location.origin,
  );
  const kind = radioField("kind", "How tokens are signed", "", issuer?.kind ?? "secret", KINDS);
  const secret = textField(
    "secret",
    "Secret",
    issuer ? "Empty: the one that there is." : "Empty: one is made and shown once.",
    "",
    {
      autocomplete: "off",
      spellcheck: "false",
    },
  );
  const json = h("textarea", { rows: "6", spellcheck: "false", placeholder: '{"keys": […]}' });
  const keys = field({
    name: "keys",
    label: "Public keys",
    hint: issuer?.kind === "keys" ? "A JSON Web Key Set, in place of those that are stored." : "A JSON Web Key Set.",
    control: json,
  });
  const keysUrl = textField(
    "keys_url",
    "Address of the keys",
    "Where a JSON Web Key Set is, at https://.",
    issuer?.keys_url,
  );
  const rotate = checkField(
    "rotate",
    "A new secret beside the old one",
    "The old one is taken until the next change.",
    false,
  );
  const endSessions = checkField(
    "end_sessions",
    "End all sessions that began by its tokens",
    "Such as when a key was stolen.",
    false,
  );
  const more = [
    checkField(
      "joins_by_verified_email",
      "Joins accounts from before by their e-mail",
      "Where the token says that the address is verified, and it is here too.",
      issuer?.joins_by_verified_email ?? false,
    ),
    checksField(
      "gives_roles",
      "Roles that its tokens may give",
      "Whoever holds its key decides who has them.",
      issuer?.gives_roles ?? [],
      [
        ["author", "Author"],
        ["moderator", "Moderator"],
      ],
    ),
    checkField("gives_badges", "Its tokens may give badges", "Those that the site has.", issuer?.gives_badges ?? false),
  ];
  const turn = () => {
    const chosen = kind.read();
    secret.element.hidden = chosen !== "secret" && chosen !== "oidc";
    rotate.element.hidden = !issuer || (chosen !== "secret" && chosen !== "oidc");
    keys.element.hidden = chosen !== "keys";
    keysUrl.element.hidden = chosen !== "keys_url";
  };
  kind.element.addEventListener("change", turn);
  turn();
  if (issuer) iss.element.querySelector("input")?.setAttribute("readonly", "");
  const fields = [...(issuer ? [] : [name]), iss, aud, kind, secret, keys, keysUrl, ...more];
  if (issuer) fields.push(rotate, endSessions);
  const form = makeForm({
    children: [
      group("Who it is", issuer ? [iss, aud] : [name, iss, aud]),
      group("How tokens are signed", [kind, secret, keys, keysUrl, ...(issuer ? [rotate, endSessions] : [])]),
      group("What else it may", more, "All of this is off until it is said."),
    ],
    fields,
    go: issuer ? "Save" : "Register it",
    cancel: () => (location.hash = admin.address("sign-on")),
    send: async (values) => {
      const put = key ?? values.key;
      /** @type {Record<string, any>} */
      const body = { ...values, keys: null, keys_url: null, secret: null };
      delete body.key;
      if (values.kind === "keys" && values.keys.trim()) body.keys = jsonOf(values.keys);
      if (values.kind === "keys_url") body.keys_url = values.keys_url || null;
      if ((values.kind === "secret" || values.kind === "oidc") && values.secret) body.secret = values.secret;
      if (!put) throw { body: { errors: [{ pointer: "/key", detail: "Give it a name" }] } };
      const made = await admin.session.put(`${admin.path}/sso/issuers/${encodeURIComponent(put)}`, body, {
        "If-Match": `"${issuer?.version ?? 0}"`,
      });
      if (made.secret) {
        await showSecret("The issuer’s secret", `What the blog’s server signs with, as “${made.key}”:`, made.secret);
      }
      location.hash = admin.address("sign-on");
    },
    refused: (problem) =>
      problem.code === "precondition_failed"
        ? failure(
            issuer
              ? "Somebody changed this issuer meanwhile: open it again."
              : "There is an issuer of this name: give this one another name.",
          )
        : null,
  });
  fill(
    place,
    h("p", null, h("a", { href: admin.address("sign-on") }, "All issuers")),
    h("h2", null, issuer ? `Issuer “${issuer.key}”` : "A new issuer"),
    form,
  );
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw { body: { errors: [{ pointer: "/keys", detail: "This is not JSON" }] } };
  }
}
