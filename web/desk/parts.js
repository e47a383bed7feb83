// Small pieces that several parts of the desk show.

import { h } from "./dom.js";
import { ago, exactTime, STATES } from "./words.js";

/** @param {string} time How long ago; exactly when it is pointed at. */
export function when(time) {
  return h("time", { datetime: time, title: exactTime(time) }, ago(time));
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
 * A text with parts of it marked, by places counted in characters.
 *
 * @param {string} text
 * @param {{start: number, end: number, title: string}[]} spans
 * @returns {(Node | string)[]}
 */
export function marked(text, spans) {
  const characters = Array.from(text);
  const edges = [...new Set([0, characters.length, ...spans.flatMap(({ start, end }) => [start, end])])]
    .filter((edge) => edge >= 0 && edge <= characters.length)
    .sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1];
    const part = characters.slice(from, to).join("");
    const over = spans.filter(({ start, end }) => start <= from && end >= to);
    return over.length ? h("mark", { title: over.map(({ title }) => title).join("; ") }, part) : part;
  });
}

/** @param {string} body A text's beginning, on one line. */
export function excerpt(body) {
  const line = body.replace(/\s+/g, " ").trim();
  return line.length > 140 ? `${line.slice(0, 139)}…` : line;
}

/** @param {string} words */
export function failure(words) {
  return h("p", { class: "failure", role: "alert" }, words);
}
