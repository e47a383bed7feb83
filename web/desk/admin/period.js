// A range of days, chosen by name or by its ends; it stands in the address.

import { fill, h } from "../dom.js";

const DAY_MS = 86_400_000;
const DAYS_MAX = 366;

/** @param {number} time */
export const dayOf = (time) => new Date(time).toISOString().slice(0, 10);

/** @param {number} year @param {number} month from 0, over and under runs into other years @param {number} day */
const utc = (year, month, day) => Date.UTC(year, month, day);

/** What there is to choose, with its first and last day (UTC). @param {Date} now @returns {[string, string, string][]} */
function presets(now) {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const today = dayOf(now.getTime());
  const quarter = month - (month % 3);
  const ended = (/** @type {number} */ time) => dayOf(time - DAY_MS);
  return [
    ["The last 30 days", dayOf(now.getTime() - 29 * DAY_MS), today],
    ["This month", dayOf(utc(year, month, 1)), today],
    ["Last month", dayOf(utc(year, month - 1, 1)), ended(utc(year, month, 1))],
    ["This quarter", dayOf(utc(year, quarter, 1)), today],
    ["Last quarter", dayOf(utc(year, quarter - 3, 1)), ended(utc(year, quarter, 1))],
    ["This year", dayOf(utc(year, 0, 1)), today],
    ["Last year", dayOf(utc(year - 1, 0, 1)), ended(utc(year, 0, 1))],
  ];
}

/**
 * The days of the address, or the last 30.
 *
 * @param {string[]} rest
 */
export function periodOf([from, to]) {
  const isDay = (/** @type {string | undefined} */ text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "");
  if (isDay(from) && isDay(to)) return { from, to };
  const [[, first, last]] = presets(new Date());
  return { from: first, to: last };
}

/**
 * The choice of days.
 *
 * @param {{from: string, to: string}} period
 * @param {(from: string, to: string) => void} choose
 */
export function periodChoice({ from, to }, choose) {
  const named = presets(new Date());
  const select = h("select", { "aria-label": "Which days" }, ...named.map(([label]) => h("option", null, label)));
  select.append(h("option", null, "Own days"));
  const first = h("input", { type: "date", value: from });
  const last = h("input", { type: "date", value: to });
  const told = h("p", { class: "wrong", role: "alert" });
  const own = h(
    "form",
    { class: "own-days" },
    h("label", { class: "field" }, h("span", null, "From"), first),
    h("label", { class: "field" }, h("span", null, "To"), last),
    h("button", { type: "submit" }, "Show"),
    told,
  );
  const present = named.findIndex(([, start, end]) => start === from && end === to);
  select.selectedIndex = present < 0 ? named.length : present;
  own.hidden = present >= 0;
  select.addEventListener("change", () => {
    own.hidden = select.selectedIndex < named.length;
    if (own.hidden) choose(named[select.selectedIndex][1], named[select.selectedIndex][2]);
    else first.focus();
  });
  own.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const days = (Date.parse(last.value) - Date.parse(first.value)) / DAY_MS + 1;
    if (!(days >= 1)) return fill(told, "The last day must not be before the first.");
    if (days > DAYS_MAX) return fill(told, `It may be ${DAYS_MAX} days at most.`);
    choose(first.value, last.value);
  });
  return h(
    "div",
    { class: "period" },
    select,
    own,
    h("p", { class: "hint" }, `${from} to ${to}. Days begin and end at midnight UTC.`),
  );
}
