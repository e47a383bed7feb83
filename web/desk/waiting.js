// How many wait in the parts beside the queues, for the tabs.

/** @typedef {import("./service.js").Session} Session */
/** @typedef {{number: number, isExact: boolean}} Amount */

/** So many notices are counted. */
const COUNTED = 100;

/** @param {Session} session @returns {Promise<Amount>} */
export async function countAppeals(session) {
  const { items } = await session.ask("/api/v1/moderation/counts?limit=100");
  const number = items.reduce(
    (/** @type {number} */ sum, /** @type {import("../types/desk.js").Counts} */ { appeals }) => sum + appeals,
    0,
  );
  return { number, isExact: true };
}

/** How many texts of which notice was given. @param {Session} session @returns {Promise<Amount>} */
export async function countNotices(session) {
  const page = await session.ask(`/api/v1/moderation/notices?limit=${COUNTED}`);
  return { number: page.items.length, isExact: !page.next_cursor };
}

/** How many are unread. @param {Session} session @returns {Promise<Amount>} */
export async function countMentions(session) {
  return unreadOf(await session.ask("/api/v1/moderation/mentions?unread=true&limit=1"));
}

/** @param {{unread: number, is_exact: boolean}} page of mentions @returns {Amount} */
export const unreadOf = ({ unread, is_exact: isExact }) => ({ number: unread, isExact });
