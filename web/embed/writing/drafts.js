import { remember, remembered } from "../visit.js";

/**
 * What somebody types, kept on the device until it is posted or discarded. `sent` is what went to the service and has no answer
 * yet: the same goes there again, by the same key, so that nothing is posted twice. `version` is that of the reply which is
 * edited, as it was when editing began.
 *
 * @typedef {{text: string, sent: {key: string, body: any} | null, version?: number}} Draft
 */

/** @param {string} story @param {string} place of a reply answered, an edit, or `top` */
const keyOf = (story, place) => `rejoinder:draft:${story}:${place}`;

/** @param {string} story @param {string} place @returns {Draft | null} */
export function draft(story, place) {
  try {
    return JSON.parse(remembered(keyOf(story, place)) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} story @param {string} place @param {Draft | null} kept null forgets it */
export function keep(story, place, kept) {
  remember(keyOf(story, place), kept && kept.text.trim() ? JSON.stringify(kept) : null);
}

/** Where there are drafts under a story. @param {string} story */
export function places(story) {
  const prefix = keyOf(story, "");
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  } catch {
    return [];
  }
}

/** Names one request, however often it is sent. */
export function requestKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
