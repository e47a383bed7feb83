import { RULE_SETTINGS } from "./rule_settings.js";

/** @param {any} value */
const shown = (value) => (Array.isArray(value) ? `${value.length} entries` : (value ?? "as every site begins"));

/**
 * What differs between two policies, in words.
 *
 * @param {any} before
 * @param {any} after
 * @returns {[label: string, before: string, after: string][]}
 */
export function differences(before, after) {
  return RULE_SETTINGS.flatMap(({ rule, title, settings }) =>
    settings.flatMap(({ name, label }) => {
      const [was, is] = [before[rule]?.[name] ?? null, after[rule]?.[name] ?? null];
      if (JSON.stringify(was) === JSON.stringify(is)) return [];
      const words = /** @type {[string, string, string]} */ ([
        `${title}: ${label}`,
        String(shown(was)),
        String(shown(is)),
      ]);
      if (Array.isArray(was) || Array.isArray(is)) words.splice(1, 2, ...listChange(was ?? [], is ?? []));
      return [words];
    }),
  );
}

/** @param {string[]} was @param {string[]} is @returns {[string, string]} */
function listChange(was, is) {
  const [gone, come] = [was.filter((one) => !is.includes(one)), is.filter((one) => !was.includes(one))];
  const few = (/** @type {string[]} */ list) =>
    list.length > 5 ? `${list.slice(0, 5).join(", ")} and ${list.length - 5} more` : list.join(", ");
  return [gone.length ? `without: ${few(gone)}` : "", come.length ? `with: ${few(come)}` : ""];
}
