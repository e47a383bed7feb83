import { h } from "../dom.js";
import { svg } from "../svg.js";

/**
 * A bar for each, with its number: as a table whose third column is the picture.
 *
 * @param {string} label
 * @param {[label: string, number: number][]} rows
 * @param {"flagged" | "bad" | "good"} kind
 * @param {(number: number) => string} [words] how a number is shown
 */
export function barTable(label, rows, kind, words = (number) => number.toLocaleString("en")) {
  const most = Math.max(1, ...rows.map(([, number]) => number));
  const bar = (/** @type {number} */ number) =>
    svg(
      "svg",
      { width: "100%", height: 12, focusable: "false" },
      svg("rect", { class: `is-${kind}`, width: `${(number / most) * 100}%`, height: 12, rx: 2 }),
    );
  return h(
    "table",
    { class: "bars", "aria-label": label },
    h(
      "tbody",
      null,
      ...rows.map(([name, number]) =>
        h(
          "tr",
          null,
          h("th", { scope: "row" }, h("bdi", null, name)),
          h("td", { class: "is-number" }, words(number)),
          h("td", { class: "bar-cell", "aria-hidden": "true" }, bar(number)),
        ),
      ),
    ),
  );
}
