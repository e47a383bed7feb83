import { button, fill, h } from "../dom.js";
import { when } from "../parts.js";
import { showIssuer } from "./issuer.js";
import { all, confirm } from "./pieces.js";
import { tokenTest } from "./sso_test.js";

/** How tokens are signed. @type {import("./fields.js").Choice[]} */
export const KINDS = [
  [
    "secret",
    "By a secret that both sides know",
    "HS256: the simplest, and what the examples for WordPress and others do.",
  ],
  ["keys", "By keys whose public halves stand here", "Ed25519, ES256 or RS256."],
  ["keys_url", "By keys that are fetched", "The same, from an https address of the blog’s."],
  ["oidc", "A provider of OpenID Connect", "Readers sign in at the provider; aud is the client’s id there."],
];

/** @param {string} kind */
const kindWords = (kind) => KINDS.find(([value]) => value === kind)?.[1] ?? kind;

/**
 * Who signs a site's readers on, and the test of a token.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showIssuers(place, admin) {
  const [key] = admin.rest;
  if (key) return showIssuer(place, admin, key === "+" ? null : key);
  const issuers = await all(admin.session, `${admin.path}/sso/issuers`);
  fill(
    place,
    h(
      "p",
      { class: "hint" },
      "The blog’s own accounts sign on here by a signed token, without a second password. An issuer is who signs those tokens.",
    ),
    issuers.length
      ? h("ul", { class: "found" }, ...issuers.map((issuer) => row(issuer, admin)))
      : h("p", { class: "empty" }, "Nobody signs readers on yet."),
    h("p", null, h("a", { class: "as-button", href: admin.address("sign-on", "+") }, "Register an issuer")),
    tokenTest(admin),
  );
}

/** @param {any} issuer @param {import("./part.js").Admin} admin */
function row(issuer, admin) {
  const may = [
    issuer.joins_by_verified_email ? "joins accounts by e-mail" : null,
    ...issuer.gives_roles.map((/** @type {string} */ role) => `gives the role ${role}`),
    issuer.gives_badges ? "gives badges" : null,
  ].filter(Boolean);
  const remove = () =>
    confirm(
      `Delete “${issuer.key}”?`,
      "For good: nobody signs on by it any more, its sessions end, and the roles and badges that it gave are taken back.",
      "Delete it",
      async () => {
        await admin.session.delete(`${admin.path}/sso/issuers/${issuer.key}`, { "If-Match": `"${issuer.version}"` });
        await admin.again("The issuer is gone.");
      },
    );
  return h(
    "li",
    { class: "card" },
    h("h2", null, issuer.key),
    h("p", null, kindWords(issuer.kind)),
    h(
      "dl",
      { class: "facts" },
      h("div", null, h("dt", null, "iss"), h("dd", null, h("code", null, issuer.iss))),
      h("div", null, h("dt", null, "aud"), h("dd", null, h("code", null, issuer.aud))),
      issuer.keys_url
        ? h("div", null, h("dt", null, "Keys at"), h("dd", null, h("code", null, issuer.keys_url)))
        : null,
      issuer.secret_fingerprint
        ? h("div", null, h("dt", null, "Secret"), h("dd", null, h("code", null, issuer.secret_fingerprint)))
        : null,
      ...issuer.keys.map((/** @type {any} */ one) =>
        h("div", null, h("dt", null, one.alg), h("dd", null, h("code", null, one.kid ?? one.thumbprint))),
      ),
    ),
    h(
      "p",
      { class: "meta" },
      h("span", null, may.length ? `It ${may.join(", ")}` : "It gives and joins nothing"),
      h("span", null, "changed ", when(issuer.updated_at)),
      issuer.former_secret_fingerprint ? h("span", null, "the secret before is taken too") : null,
    ),
    h(
      "div",
      { class: "row" },
      h(
        "a",
        { class: "as-button", href: admin.address("sign-on", issuer.key), "aria-label": `Change: ${issuer.key}` },
        "Change",
      ),
      button("Delete", remove, { class: "quiet", "aria-label": `Delete: ${issuer.key}` }),
    ),
  );
}
