// What the window is called: among many tabs a desk says what it shows, and how much waits.

import { QUEUES } from "./words.js";

/** @param {string} part */
export const titleOf = (part) => `${part} – Desk`;

/**
 * The queue that is shown, with the number that waits in it.
 *
 * @param {import("./board.js").Board} board
 */
export function titleOfQueue({ source, counts, saved }) {
  if (source.kind === "items") return titleOf(source.title);
  const [label, number] =
    source.kind === "queue"
      ? [QUEUES[source.queue] ?? source.queue, numberIn(counts, source)]
      : [source.name, saved.find(({ id }) => id === source.id)?.count.number ?? 0];
  return titleOf(number ? `(${number.toLocaleString("en")}) ${label}` : label);
}

/**
 * How many wait in a queue.
 *
 * @param {import("../types/desk.js").Counts[]} counts
 * @param {{queue: string, site: string}} which without a site in all together
 */
export function numberIn(counts, { queue, site }) {
  const counted = /** @type {any[]} */ (counts).filter((one) => !site || one.site === site);
  return counted.reduce((sum, one) => sum + one[queue], 0);
}
