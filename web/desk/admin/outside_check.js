import { button, fill, h } from "../dom.js";
import { failure, when } from "../parts.js";
import { OUTCOMES, problemWords } from "../words.js";
import { checkField, radioField, textField } from "./fields.js";
import { group, makeForm } from "./form.js";
import { namesOf } from "./names.js";
import { confirm, showSecret } from "./pieces.js";

/** Who can be asked. @type {import("./fields.js").Choice[]} */
const KINDS = [
  ["webhook", "An endpoint of the blog’s", "It is sent each reply, signed, and answers what it thinks."],
  [
    "akismet",
    "A service that speaks Akismet’s protocol",
    "It says whether a reply is spam, and is told where people disagree.",
  ],
];

/**
 * Who outside is asked about a site's replies.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showOutsideCheck(place, admin) {
  const { session, path, isAdmin } = admin;
  const check = await session.ask(`${path}/outside-check`);
  const isAsked = check.version > 0 && check.kind;
  const names = await namesOf(session, [check.author_id]);
  const tried = h("div", { role: "status" });
  const test = async () => {
    fill(tried, h("p", { class: "hint" }, "Asking…"));
    try {
      fill(tried, answer(await session.post(`${path}/outside-check/test`)));
    } catch (problem) {
      fill(tried, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const end = () =>
    confirm("Ask nobody any more?", "Replies that wait for an answer alone are released.", "Ask nobody", async () => {
      await session.delete(`${path}/outside-check`, { "If-Match": `"${check.version}"` });
      await admin.again("Nobody outside is asked any more.");
    });
  const state = isAsked
    ? h(
        "section",
        { class: "card group" },
        h("h2", null, KINDS.find(([kind]) => kind === check.kind)?.[1]),
        h(
          "dl",
          { class: "facts" },
          check.url ? h("div", null, h("dt", null, "Address"), h("dd", null, h("code", null, check.url))) : null,
          check.blog_url
            ? h("div", null, h("dt", null, "Front page"), h("dd", null, h("code", null, check.blog_url)))
            : null,
        ),
        h(
          "p",
          { class: "meta" },
          h("span", null, "since ", when(check.updated_at), " by ", h("bdi", null, names(check.author_id))),
          check.is_rotating ? h("span", null, "the secret before signs too") : null,
        ),
        isAdmin
          ? h("div", { class: "row" }, button("Test it", test), button("Ask nobody any more", end, { class: "quiet" }))
          : null,
        tried,
      )
    : h("p", { class: "empty" }, "Nobody outside is asked about replies.");
  fill(
    place,
    h(
      "p",
      { class: "hint" },
      "Somebody outside can be asked about each reply before it is public. Without an answer it waits for a moderator; it is never lost.",
    ),
    state,
    isAdmin ? changeForm(admin, check) : h("p", { class: "hint" }, "Admins name who is asked."),
  );
}

/** @param {import("./part.js").Admin} admin @param {any} check */
function changeForm(admin, check) {
  const kind = radioField("kind", "Who", "", check.kind ?? "webhook", KINDS);
  const url = textField("url", "Address", "At https://. For Akismet itself it stays empty.", check.url, {
    inputmode: "url",
  });
  const blog = textField("blog_url", "The blog’s front page", "By which the service knows the blog.", check.blog_url, {
    inputmode: "url",
  });
  const secret = textField(
    "secret",
    "Secret or key",
    check.kind ? "Empty: the one that there is." : "Of an endpoint empty: one is made and shown once.",
    "",
  );
  const rotate = checkField("rotate", "A new secret beside the old one", "Both sign until the next change.", false);
  const turn = () => {
    const isService = kind.read() === "akismet";
    blog.element.hidden = !isService;
    rotate.element.hidden = isService || check.kind !== "webhook";
  };
  kind.element.addEventListener("change", turn);
  turn();
  const fields = [kind, url, blog, secret, rotate];
  const form = makeForm({
    children: [group(check.kind ? "Change it" : "Name somebody", fields)],
    fields,
    go: check.kind ? "Save" : "Ask them from now on",
    send: async (values) => {
      const isService = values.kind === "akismet";
      const body = {
        kind: values.kind,
        url: values.url || null,
        blog_url: isService ? values.blog_url || null : null,
        secret: values.secret || null,
        rotate: !isService && values.rotate,
      };
      const made = await admin.session.put(`${admin.path}/outside-check`, body, { "If-Match": `"${check.version}"` });
      if (made.secret) await showSecret("The secret", "Questions are signed with it:", made.secret);
      await admin.again("They are asked from now on. Test it once.");
    },
    refused: (problem) =>
      problem.code === "precondition_failed" ? failure("Somebody changed this meanwhile: open the page again.") : null,
  });
  return check.kind ? h("details", null, h("summary", null, "Ask somebody else, or change it"), form) : form;
}

/** @param {any} test */
function answer({ error, finding }) {
  if (!finding) return failure(`There was no answer that can be used: ${error}`);
  return h(
    "p",
    { class: "verdict is-good" },
    `It answered: ${OUTCOMES[finding.outcome] ?? finding.outcome}. `,
    h("bdi", null, finding.words),
  );
}
