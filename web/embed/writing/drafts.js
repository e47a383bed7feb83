import { remember, remembered } from "../visit.js";

/**
 * What somebody types, kept on the device until it is posted or discarded. `sent` is what went to the service and has no answer
 * yet: the same goes there again, by the same key, so that nothing is posted twice. `version` is that of the reply which is
 * edited, as it was when editing began.
 *
 * @typedef {{text: string, sent: {key: string, body: any} | null, version?: number}} Draft
 */

/** @param {string} story @param {string} name */
const keyOf = (story, name) => `rejoinder:draft:${story}:${name}`;

/** The place that a draft of this name was typed for: a reply answered, an edit, or `top`. @param {string} name */
export const placeOf = (name) => name.split("+")[0];

/**
 * A draft as one window has it. Where another window writes for the same place, its text is neither overwritten nor taken away:
 * this one's stands beside it then, by a name of its own.
 */
export class KeptDraft {
  /** What is there by this window's doing. @type {string | null} */
  #known;

  /** @param {string} story @param {string} name */
  constructor(story, name) {
    this.story = story;
    this.name = name;
    this.#known = this.#stored();
  }

  /** The draft of a place, or the first of several. @param {string} story @param {string} place */
  static at(story, place) {
    const name = names(story).find((name) => placeOf(name) === place);
    return new KeptDraft(story, name ?? place);
  }

  #stored() {
    return remembered(keyOf(this.story, this.name));
  }

  /** Null: there is none. @returns {Draft | null} */
  read() {
    try {
      return JSON.parse(this.#stored() ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {Draft | null} draft null forgets it */
  keep(draft) {
    const text = draft?.text.trim() ? JSON.stringify(draft) : null;
    const stored = this.#stored();
    if (stored !== null && stored !== this.#known) {
      if (text === null) return;
      this.name = `${placeOf(this.name)}+${requestKey()}`;
    }
    this.#known = text;
    remember(keyOf(this.story, this.name), text);
  }
}

/** The names of the drafts under a story. @param {string} story */
export function names(story) {
  const prefix = keyOf(story, "");
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.map((key) => key.slice(prefix.length)).sort();
  } catch {
    return [];
  }
}

/** Names one request, however often it is sent. */
export function requestKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
