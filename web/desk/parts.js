// Small pieces that several parts of the desk show.

import { button, h, showDialog } from "./dom.js";
import { ago, exactTime, problemWords, STATES } from "./words.js";

/** @param {string} time How long ago; exactly when it is pointed at. */
export function when(time) {
  return h("time", { datetime: time, title: exactTime(time) }, ago(time));
}

const CLOCK_MS = 60_000;

/** Lets the times that are shown go on, but where that would be read out. */
export function keepTimes() {
  setInterval(() => {
    for (const one of document.querySelectorAll("time")) {
      const now = ago(one.dateTime);
      if (one.textContent !== now && !one.closest("[role=alert], [role=status], [aria-live]")) one.textContent = now;
    }
  }, CLOCK_MS);
}

/** @param {{display_name: string, username?: string | null}} person */
export function name(person) {
  return h(
    "span",
    { class: "name" },
    h("bdi", null, person.display_name),
    person.username && person.username !== person.display_name
      ? h("span", { class: "handle" }, h("bdi", null, ` @${person.username}`))
      : null,
  );
}

/** @param {string} state */
export function badge(state) {
  return h("span", { class: `badge is-${state}` }, STATES[state] ?? state);
}

/**
 * A text with parts of it marked, by places counted in characters. Behind what has a number that number stands, which is read out
 * as its title: what marks it is seen without pointing at it.
 *
 * @param {string} text
 * @param {{start: number, end: number, title: string, number?: number}[]} spans
 * @returns {(Node | string)[]}
 */
export function marked(text, spans) {
  const characters = Array.from(text);
  const edges = [...new Set([0, characters.length, ...spans.flatMap(({ start, end }) => [start, end])])]
    .filter((edge) => edge >= 0 && edge <= characters.length)
    .sort((a, b) => a - b);
  return edges.slice(0, -1).flatMap((from, index) => {
    const to = edges[index + 1];
    const part = characters.slice(from, to).join("");
    const over = spans.filter(({ start, end }) => start <= from && end >= to);
    if (!over.length) return part;
    const ending = over.filter(({ end, number }) => end === to && number);
    const mark = h("mark", { title: over.map(({ title }) => title).join("; ") }, part);
    return ending.length ? [mark, numbersOf(ending)] : mark;
  });
}

/** @param {{title: string, number?: number}[]} spans that end there */
function numbersOf(spans) {
  const numbers = [...new Set(spans.map(({ number }) => number))].join(", ");
  const titles = [...new Set(spans.map(({ title }) => title))].join("; ");
  return h(
    "sup",
    { class: "found-number" },
    h("span", { "aria-hidden": "true" }, numbers),
    h("span", { class: "unseen" }, ` (${titles}) `),
  );
}

/** The number of what was found, as it stands behind what it marks. @param {number} number */
export const foundNumber = (number) => h("span", { class: "found-number", "aria-hidden": "true" }, number);

/** @param {string} body A text's beginning, on one line. */
export function excerpt(body) {
  const line = body.replace(/\s+/g, " ").trim();
  return line.length > 140 ? `${line.slice(0, 139)}…` : line;
}

/** @param {string} words */
export function failure(words) {
  return h("p", { class: "failure", role: "alert" }, words);
}

/**
 * Tells what did not work where no place is left for it.
 *
 * @param {string} title
 * @param {string} words
 */
export function showFailure(title, words) {
  const close = button("Close", () => dialog.close(), { key: "Esc" });
  const dialog = showDialog(title, [failure(words), close]);
}

/** Tells why a reply that somebody wants to see is not shown. @param {any} problem */
export const cannotBeShown = (problem) => showFailure("The reply cannot be shown", problemWords(problem));
