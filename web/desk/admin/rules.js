import { button, fill, h } from "../dom.js";
import { failure, foundNumber, marked } from "../parts.js";
import { OUTCOMES, problemWords, RULES } from "../words.js";
import { makeForm, showErrors } from "./form.js";
import { policyOf, ruleFields } from "./rule_form.js";
import { differences } from "./rule_changes.js";
import { table } from "./pieces.js";
import { simulationPart } from "./simulation.js";

/**
 * The rules of a site: changed, tried on a text and on former replies, and switched on.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showRules(place, admin) {
  const { session } = admin;
  const path = `${admin.path}/policy`;
  const [{ policy, version }, settings] = await Promise.all([session.ask(path), session.ask(`${admin.path}/settings`)]);
  const mayChange = admin.isAdmin || settings.moderators_change_policy;
  const { groups, fields } = ruleFields(policy, admin.address("lists"));
  /** What the form says. */
  const draft = () => policyOf(policy, Object.fromEntries(fields.map((field) => [field.name, field.read()])));
  const trying = { admin, draft, refused: (/** @type {any} */ problem) => failure(showErrors(problem, fields)) };

  const simulation = simulationPart(trying, version);
  const changes = h("div", { class: "changes-made" });
  const form = makeForm({
    children: [
      h(
        "p",
        { class: "hint" },
        `Version ${version}. What is empty is as every site begins.`,
        mayChange ? "" : " You may try rules here; admins switch them on.",
      ),
      h("div", { class: "rule-columns" }, ...groups),
      h("section", { class: "card group" }, h("h2", null, "Try it"), textPart(trying), simulation.element),
      changes,
    ],
    fields,
    go: "Switch it on",
    send: async () => {
      if (!differences(policy, draft()).length) return admin.again("Nothing was changed.");
      await session.put(path, draft(), { "If-Match": `"${version}"` });
      await admin.again("The rules hold from now on.");
    },
    refused: (problem) =>
      problem.code === "precondition_failed"
        ? h(
            "section",
            { class: "conflict", role: "alert" },
            h("h2", null, "Somebody was quicker"),
            h("p", null, "The rules were changed since you opened this page."),
            h(
              "div",
              { class: "row" },
              button("Show them as they are now", () => admin.again("These are the rules as they are now.")),
            ),
          )
        : null,
  });
  if (!mayChange) form.querySelector(".form-end")?.remove();
  const tell = () => {
    const rows = differences(policy, draft());
    fill(
      changes,
      rows.length ? h("h2", null, "What you changed") : null,
      rows.length ? table("What you changed", ["Setting", "Holds now", "Yours"], rows) : null,
    );
  };
  form.addEventListener("change", tell);
  form.addEventListener("input", simulation.compare);
  fill(place, form);
}

/**
 * A text, tried at once.
 *
 * @param {{admin: import("./part.js").Admin, draft: () => any, refused: (problem: any) => Node}} trying
 */
function textPart({ admin, draft, refused }) {
  const text = h("textarea", { rows: "4", "aria-label": "A text to try", placeholder: "A text to try" });
  const tried = h("div", { "aria-live": "polite" });
  const go = async () => {
    if (!text.value.trim()) return text.focus();
    try {
      const body = { body: text.value, policy: draft() };
      fill(tried, ...verdict(await admin.session.post(`${admin.path}/policy/test`, body), text.value));
    } catch (problem) {
      fill(tried, refused(problem));
    }
  };
  return h("div", { class: "trying" }, text, h("div", { class: "row" }, button("Try this text", go)), tried);
}

/** @param {any} result @param {string} text */
function verdict({ outcome, findings, not_run: notRun }, text) {
  const found = findings.filter((/** @type {any} */ one) => one.outcome !== "pass");
  const spans = findings.flatMap((/** @type {any} */ finding) =>
    finding.spans.map((/** @type {any} */ span) => ({
      ...span,
      number: found.indexOf(finding) + 1,
      title: `${RULES[finding.rule]}: ${finding.words}`,
    })),
  );
  return [
    h(
      "p",
      { class: `verdict ${outcome === "pass" ? "is-good" : "is-warm"}` },
      outcome === "pass" ? "It passes." : `It would be ${OUTCOMES[outcome]}.`,
    ),
    found.length
      ? h(
          "ul",
          { class: "found-by" },
          ...found.map((/** @type {any} */ one, /** @type {number} */ at) =>
            h(
              "li",
              null,
              one.spans.length ? foundNumber(at + 1) : null,
              h("b", null, `${RULES[one.rule]} (${OUTCOMES[one.outcome]})`),
              ` ${one.words}`,
            ),
          ),
        )
      : null,
    ...notRun.map((/** @type {any} */ one) =>
      failure(`${RULES[one.rule]} could not run: ${problemWords({ code: one.why })}`),
    ),
    h("p", { class: "text small", dir: "auto" }, ...marked(text, spans)),
  ];
}
