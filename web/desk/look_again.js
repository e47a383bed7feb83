/** What the service is at is mostly done soon, and else takes its time. */
const WAITS_MS = [100, 200, 400];
const LONGEST_MS = 500;

/**
 * Waits before somebody looks again how far something is.
 *
 * @param {number} times he has looked before
 * @returns {Promise<void>}
 */
export const lookAgain = (times) => new Promise((resolve) => setTimeout(resolve, WAITS_MS[times] ?? LONGEST_MS));
