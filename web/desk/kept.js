const PREFIX = "rejoinder-desk-decisions/";

/**
 * What one desk has not been told to be done yet, kept by the browser until it is: also when the tab is closed or falls over.
 *
 * Each desk keeps its own under a name that it holds a lock of for as long as it lives. Another desk of the same person waits for
 * that lock: once it is given, nobody sends those any more, and they are the other desk's. So what was left behind is sent by
 * whichever desk is open, or is opened next, and by one alone. What others left stays theirs.
 *
 * @template T
 */
export class Kept {
  #name;
  #all;
  /** Those that are waited for. @type {Set<string>} */
  #awaited = new Set();
  #adopt;

  /**
   * @param {string} accountId whose
   * @param {(left: T) => boolean} adopt takes over what another left; says whether it is kept again
   */
  constructor(accountId, adopt) {
    this.#all = `${PREFIX}${accountId}/`;
    this.#name = this.#all + crypto.randomUUID();
    this.#adopt = adopt;
    // held for as long as this page is there
    navigator.locks.request(this.#name, () => new Promise(() => {}));
    for (const name of names()) this.#await(name);
    addEventListener("storage", ({ key, newValue }) => key && newValue && this.#await(key));
  }

  /**
   * @param {T | null} state null: nothing is left to be kept
   * @returns {boolean} whether the browser keeps it
   */
  keep(state) {
    try {
      if (state === null) localStorage.removeItem(this.#name);
      else localStorage.setItem(this.#name, JSON.stringify(state));
      return true;
    } catch {
      // no room, or no storage at all: it is in memory as long as the page is there
      return false;
    }
  }

  /** @param {string} name */
  async #await(name) {
    if (name === this.#name || !name.startsWith(this.#all) || this.#awaited.has(name)) return;
    this.#awaited.add(name);
    await navigator.locks.request(name, () => {
      const left = localStorage.getItem(name);
      if (left === null || this.#adopt(parsed(left))) localStorage.removeItem(name);
    });
    this.#awaited.delete(name);
  }
}

function names() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
