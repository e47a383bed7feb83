import { button, fill, h } from "../dom.js";
import { SANCTIONS } from "../words.js";

/** @typedef {{kind: string, days?: number | null, per_day?: number | null}} Step */

/** What every site begins with. @type {Step[]} */
const BEGINS = [
  { kind: "warn" },
  { kind: "slow", days: 7, per_day: 3 },
  { kind: "premoderate", days: 30 },
  { kind: "suspend", days: 7 },
  { kind: "ban" },
];
const STEPS_MAX = 10;

/**
 * The steps that moderators are advised to take, the first time, the second, and so on.
 *
 * @param {Step[] | undefined} steps
 * @returns {import("./fields.js").Field}
 */
export function stepsField(steps) {
  const now = structuredClone(steps ?? BEGINS);
  const list = h("ol", { class: "steps" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const add = button("Add a step", () => {
    now.push({ kind: "ban" });
    show();
    list.lastElementChild?.querySelector("select")?.focus();
  });
  const element = h("div", { class: "field" }, list, wrong, h("div", { class: "row" }, add));

  /** @param {Step} step @param {"days" | "per_day"} name @param {string} label */
  const number = (step, name, label) => {
    const input = h("input", { type: "number", min: "1", value: step[name] ?? "", class: "tiny" });
    input.addEventListener("input", () => (step[name] = input.value === "" ? null : Number(input.value)));
    return h("label", null, input, ` ${label}`);
  };
  const show = () => {
    list.replaceChildren(
      ...now.map((step, at) => {
        const kind = h(
          "select",
          { "aria-label": `Step ${at + 1}` },
          ...Object.entries(SANCTIONS).map(([value, label]) => h("option", { value }, label)),
        );
        kind.value = step.kind;
        kind.addEventListener("change", () => {
          now[at] = { kind: kind.value };
          show();
          list.children[at].querySelector("select")?.focus();
        });
        const remove = () => {
          now.splice(at, 1);
          show();
          /** @type {HTMLElement} */ (
            list.children[Math.min(at, now.length - 1)]?.querySelector("select") ?? add
          ).focus();
        };
        const hasDays = step.kind !== "warn" && step.kind !== "ban";
        return h(
          "li",
          null,
          kind,
          step.kind === "slow" ? number(step, "per_day", "replies a day,") : null,
          hasDays ? number(step, "days", step.kind === "suspend" ? "days" : "days; empty: for good") : null,
          now.length > 1 ? button("Remove", remove, { class: "quiet", "aria-label": `Remove step ${at + 1}` }) : null,
        );
      }),
    );
    add.hidden = now.length >= STEPS_MAX;
  };
  show();
  return {
    name: "sanctions/steps",
    element,
    read: () =>
      now.map((step) =>
        Object.fromEntries(Object.entries(step).filter(([, value]) => value !== null && value !== undefined)),
      ),
    fail: (words) => fill(wrong, words.replaceAll("Entry", "Step")),
  };
}
