import { h } from "../dom.js";
import { linesField, numberField, selectField } from "./fields.js";
import { RULE_SETTINGS } from "./rule_settings.js";

/** Longer lists are changed on a page of their own. */
const LIST_SHOWN = 300;

/**
 * The settings of all rules as fields; what is empty is as every site begins.
 *
 * @param {any} policy
 * @param {string} listsAddress where long lists are changed
 */
export function ruleFields(policy, listsAddress) {
  /** @type {import("./fields.js").Field[]} */
  const fields = [];
  const groups = RULE_SETTINGS.map(({ rule, title, hint, settings }) => {
    const children = settings.map((setting) => {
      const value = policy[rule]?.[setting.name];
      if (setting.kind === "list" && value?.length > LIST_SHOWN) {
        return h(
          "p",
          null,
          h("b", null, setting.label.replace(", one a line", "")),
          `: ${value.length.toLocaleString("en")} entries. `,
          h("a", { href: listsAddress }, "Change them under Lists"),
        );
      }
      const made = ruleField(`${rule}/${setting.name}`, setting, value);
      if (setting.kind !== "list") made.element.classList.add("is-row");
      fields.push(made);
      return made.element;
    });
    return h(
      "section",
      { class: "card group rule" },
      h("h2", null, title),
      h("p", { class: "hint" }, hint),
      ...children,
    );
  });
  return { groups, fields };
}

/**
 * @param {string} name
 * @param {import("./rule_settings.js").Setting} setting
 * @param {any} value
 * @returns {import("./fields.js").Field}
 */
function ruleField(name, { label, kind, choices, begins }, value) {
  if (kind === "list") return linesField(name, label, "", value);
  if (kind === "choice") {
    const made = selectField(name, label, "", value, [["", "as every site begins"], ...Object.entries(choices ?? {})]);
    return { ...made, read: () => made.read() || null };
  }
  return numberField(name, label, "", value, { step: kind === "share" ? "0.01" : "1", placeholder: begins });
}

/**
 * The policy that the fields say; settings that have none stay.
 *
 * @param {any} policy
 * @param {Record<string, any>} values
 */
export function policyOf(policy, values) {
  const made = structuredClone(policy);
  for (const [path, value] of Object.entries(values)) {
    const [rule, name] = path.split("/");
    made[rule] ??= {};
    if (value === null) delete made[rule][name];
    else made[rule][name] = value;
    if (!Object.keys(made[rule]).length) delete made[rule];
  }
  return made;
}
