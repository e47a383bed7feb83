// What a filter says, as fields: of a saved queue, and of a decision about many.

import { h, labelled } from "./dom.js";
import { QUEUES, REASONS, RULES } from "./words.js";

/** @typedef {import("../types/desk.js").QueueFilter} Filter */

/**
 * @param {string[]} sites keys
 * @param {Partial<Filter>} filter as it is so far; what has no field here stays
 * @returns {{fields: Node[], read: () => Filter}}
 */
export function filterFields(sites, filter = {}) {
  const queues = filter.queues?.length ? filter.queues : ["pending", "reported", "flagged"];
  const boxes = ["pending", "reported", "flagged"].map((value) =>
    h("input", { type: "checkbox", value, checked: queues.includes(/** @type {any} */ (value)) }),
  );
  const others = queues.filter((queue) => !boxes.some(({ value }) => value === queue));
  const site = choice(
    "All of mine",
    sites.map((key) => [key, key]),
    filter.sites ?? [],
  );
  const text = h("input", { placeholder: 'casino  "free money"', value: filter.text ?? "" });
  const section = h("input", { value: (filter.sections ?? []).join(", ") });
  const rule = choice("Any, or none", Object.entries(RULES), filter.rules ?? []);
  const reason = choice(
    "Any, or none",
    REASONS.map(([, name, label]) => [name, label]),
    filter.reasons ?? [],
  );
  const newcomers = h("input", { type: "number", min: "1", max: "1000", value: filter.author_approved_below ?? "" });
  const days = h("input", { type: "number", min: "1", max: "36500", value: filter.author_days_below ?? "" });
  const minutes = h("input", { type: "number", min: "1", value: filter.waiting_minutes ?? "" });
  const number = (/** @type {HTMLInputElement} */ { value }) => (value ? Number(value) : undefined);
  const words = (/** @type {HTMLInputElement} */ { value }) =>
    value
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
  const more = h(
    "details",
    { open: [rule, reason, days, minutes, section].some(({ value }) => value) },
    h("summary", null, "More"),
    h(
      "div",
      { class: "two fields" },
      labelled("In these sections", section),
      labelled("Found by the rule", rule),
      labelled("Reported for", reason),
      labelled("By accounts younger than days", days),
      labelled("That have waited for minutes", minutes),
    ),
  );
  const fields = [
    h(
      "fieldset",
      { class: "row plain" },
      h("legend", null, "Takes from"),
      ...boxes.map((box) => h("label", { class: "check" }, box, QUEUES[box.value])),
    ),
    labelled("Site", site),
    labelled("With these words", text),
    labelled("By authors with fewer public replies than", newcomers),
    more,
  ];
  const read = () =>
    /** @type {Filter} */ ({
      ...filter,
      queues: [...boxes.filter((box) => box.checked).map((box) => box.value), ...others],
      sites: chosen(site),
      text: text.value.trim() || undefined,
      sections: words(section),
      rules: chosen(rule),
      reasons: chosen(reason),
      author_approved_below: number(newcomers),
      author_days_below: number(days),
      waiting_minutes: number(minutes),
    });
  return { fields, read };
}

/**
 * One of several, or all; several that were chosen elsewhere stay together.
 *
 * @param {string} all
 * @param {[string, string][]} options
 * @param {string[]} values
 */
function choice(all, options, values) {
  const select = h("select", null, h("option", { value: "" }, all));
  if (values.length > 1) select.append(h("option", { value: values.join(" ") }, values.join(", ")));
  select.append(...options.map(([value, label]) => h("option", { value }, label)));
  select.value = values.join(" ");
  return select;
}

/** @param {HTMLSelectElement} select */
const chosen = (select) => (select.value ? select.value.split(" ") : []);
