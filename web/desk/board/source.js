import { query } from "../service.js";

/**
 * Where the list's replies come from.
 *
 * @typedef {{kind: "queue", queue: string, site: string} | {kind: "saved", id: string, name: string} |
 *   {kind: "items", title: string, items: import("../../types/desk.js").Item[]}} Source
 */

const PAGE = 50;

/** How the service is told of it. @param {Source} source @returns {Record<string, string>} */
export function whichOf(source) {
  if (source.kind === "saved") return { saved_queue: source.id };
  return source.kind === "queue" ? { queue: source.queue, site: source.site } : {};
}

/** Whether what enters a queue may belong to it. @param {Source} source @param {string | null} queue */
export function mayTake(source, queue) {
  return source.kind === "saved" || (source.kind === "queue" && source.queue === queue);
}

/**
 * @param {Source} source
 * @param {string | null} cursor
 */
export function pathOf(source, cursor) {
  return `/api/v1/moderation/replies${query({ ...whichOf(source), sort: "priority", limit: PAGE, cursor })}`;
}
