import { button, fill, h, labelled, say } from "./dom.js";
import { failure, marked } from "./parts.js";
import { showForSite } from "./sites.js";
import { count, OUTCOMES, problemWords, RULES } from "./words.js";

const LOOK_AGAIN_MS = 500;

/** What can be set here, by rule; what is empty is as every site begins. @type {[string, [string, string, "list" | "number" | "outcome"][]][]} */
const SETTINGS = [
  [
    "words",
    [
      ["hold", "Words that hold a reply, one a line", "list"],
      ["spam", "Words that are spam, one a line", "list"],
    ],
  ],
  [
    "links",
    [
      ["max", "Links that a reply may have", "number"],
      ["newcomer_max", "Links that a newcomer’s may have", "number"],
      ["newcomer_below", "Newcomers have fewer approved replies than", "number"],
      ["deny", "Sites never to link to, one a line", "list"],
      ["allow", "Sites that do not count, one a line", "list"],
    ],
  ],
  [
    "repeats",
    [
      ["own", "The author’s own text again", "outcome"],
      ["near", "Near copies of anybody’s text", "outcome"],
    ],
  ],
  [
    "history",
    [
      ["first_replies", "First replies of an author that wait", "number"],
      ["young_minutes", "Minutes in which an account is young", "number"],
    ],
  ],
  [
    "pace",
    [
      ["author_minute", "Replies of one author in a minute", "number"],
      ["author_hour", "Replies of one author in an hour", "number"],
      ["story_minute", "Replies to one story in a minute", "number"],
    ],
  ],
  [
    "shape",
    [
      ["shouting", "Shouting", "outcome"],
      ["mostly_links", "Little beside links", "outcome"],
      ["invisible", "Characters that nobody sees", "outcome"],
    ],
  ],
  ["classifier", [["outcome", "What it takes for refusable", "outcome"]]],
];

/**
 * The rules of a site: changed, tried on a text and on former replies, and switched on.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export function showPolicy(place, around) {
  const { session } = around;
  showForSite(place, "Rules", around, async (content, site) => {
    const path = `/api/v1/sites/${site}/policy`;
    const { policy, version } = await session.ask(path);
    /** @type {{rule: string, name: string, kind: string, control: any}[]} */
    const controls = [];
    const groups = SETTINGS.map(([rule, fields]) =>
      h(
        "fieldset",
        { class: "card" },
        h("legend", null, RULES[rule]),
        ...fields.map(([name, label, kind]) => {
          const control = makeControl(kind, policy[rule]?.[name]);
          controls.push({ rule, name, kind, control });
          return labelled(label, control);
        }),
      ),
    );
    /** What the form says; settings that are not in it stay. */
    const draft = () => {
      const made = structuredClone(policy);
      for (const { rule, name, kind, control } of controls) {
        const value = valueOf(kind, control.value);
        made[rule] ??= {};
        if (value === null) delete made[rule][name];
        else made[rule][name] = value;
      }
      return made;
    };

    const text = h("textarea", { rows: "4", "aria-label": "A text to try", placeholder: "A text to try" });
    const tried = h("div", { "aria-live": "polite" });
    const tryText = async () => {
      try {
        const result = await session.post(`${path}/test`, { body: text.value, policy: draft() });
        fill(tried, ...verdict(result, text.value));
      } catch (problem) {
        fill(tried, failure(problemWords(/** @type {any} */ (problem))));
      }
    };
    const simulated = h("div", { "aria-live": "polite" });
    const simulate = async () => {
      try {
        let run = await session.post(`${path}/simulate`, { policy: draft() });
        while (run.state === "waiting" || run.state === "running") {
          fill(
            simulated,
            h("progress", { max: run.total ?? 1, value: run.total ? run.done : null, "aria-label": "Tried" }),
          );
          await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
          run = await session.ask(`${path}/runs/${run.id}`);
        }
        fill(simulated, picture(run.simulation));
      } catch (problem) {
        fill(simulated, failure(problemWords(/** @type {any} */ (problem))));
      }
    };
    const told = h("div", { class: "told", role: "status" });
    const save = async () => {
      try {
        await session.put(path, draft(), { "If-Match": `"${version}"` });
        say("The rules hold from now on.");
        showPolicy(place, around);
      } catch (problem) {
        const { code } = /** @type {any} */ (problem);
        fill(
          told,
          failure(
            code === "precondition_failed"
              ? "Somebody changed the rules meanwhile: open this page again."
              : problemWords(/** @type {any} */ (problem)),
          ),
        );
      }
    };
    fill(
      content,
      h("p", { class: "hint" }, `Version ${version}. What is empty is as every site begins.`),
      h("div", { class: "two" }, ...groups),
      h(
        "section",
        { class: "card" },
        h("h2", null, "Try it"),
        text,
        h("div", { class: "row" }, button("Try this text", tryText), button("Try on the last 1,000 replies", simulate)),
        tried,
        simulated,
      ),
      told,
      h("div", { class: "row" }, button("Switch it on", save, { class: "primary" })),
    );
  });
}

/** @param {string} kind @param {any} value */
function makeControl(kind, value) {
  if (kind === "list") return h("textarea", { rows: "4", value: (value ?? []).join("\n") });
  if (kind === "number") return h("input", { type: "number", min: "0", value: value ?? "" });
  const select = h("select", null, h("option", { value: "" }, "as every site begins"));
  select.append(...Object.entries(OUTCOMES).map(([outcome, label]) => h("option", { value: outcome }, label)));
  select.value = value ?? "";
  return select;
}

/** @param {string} kind @param {string} text */
function valueOf(kind, text) {
  if (kind === "list") {
    const lines = text.split("\n").map((line) => line.trim());
    const list = lines.filter((line) => line);
    return list.length ? list : null;
  }
  if (!text.trim()) return null;
  return kind === "number" ? Number(text) : text;
}

/** @param {any} result @param {string} text */
function verdict({ outcome, findings }, text) {
  const spans = findings.flatMap((/** @type {any} */ finding) =>
    finding.spans.map((/** @type {any} */ span) => ({ ...span, title: finding.words })),
  );
  return [
    h("p", null, "It ", h("b", null, outcome === "pass" ? "passes" : `would be ${OUTCOMES[outcome]}`), "."),
    h(
      "ul",
      null,
      ...findings
        .filter((/** @type {any} */ one) => one.outcome !== "pass")
        .map((/** @type {any} */ one) => h("li", null, h("b", null, RULES[one.rule]), ` ${one.words}`)),
    ),
    h("p", { class: "text small", dir: "auto" }, ...marked(text, spans)),
  ];
}

/** What would have come of former replies, as bars with their numbers. @param {import("../types/desk.js").Simulation} simulation */
function picture(simulation) {
  const { replies, flagged, held, spam, caught, missed, wrongly_held: wrongly, released } = simulation;
  /** @type {[string, string, number][]} */
  const parts = [
    ["approved", "public", simulation.public],
    ["pending", "flagged", flagged],
    ["pending", "held", held],
    ["spam", "spam", spam],
  ];
  const bar = h("div", { class: "bar-of-replies is-tall", "aria-hidden": "true" });
  for (const [state, , number] of parts) {
    const share = Math.round((number / Math.max(1, replies)) * 20) || (number ? 1 : 0);
    if (share) bar.append(h("i", { class: `is-${state} share-${share}` }));
  }
  return h(
    "div",
    { class: "simulated" },
    h("h3", null, `Of ${count(replies, "reply", "replies")}`),
    bar,
    h(
      "p",
      { class: "numbers" },
      ...parts.map(([state, label, number]) =>
        h("span", { class: `number-of is-${state}` }, h("b", null, number), ` ${label}`),
      ),
    ),
    h(
      "ul",
      null,
      h("li", null, h("b", null, caught), " that moderators refused would be caught"),
      h("li", null, h("b", null, missed), " that they refused would be missed"),
      h("li", null, h("b", null, wrongly), " that they approved would wait"),
      h("li", null, h("b", null, released), " that waited would be public at once"),
    ),
    h(
      "ul",
      null,
      ...simulation.examples
        .slice(0, 8)
        .map((/** @type {any} */ one) =>
          h(
            "li",
            null,
            h("span", { class: "mark" }, one.of.replaceAll("_", " ")),
            h("q", { dir: "auto" }, one.excerpt),
          ),
        ),
    ),
  );
}
