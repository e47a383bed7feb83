/** When one looked at a story last, kept in this browser alone. */
export class Visit {
  /** @param {string} story */
  constructor(story) {
    this.key = `rejoinder:visit:${story}`;
    this.began = new Date().toISOString();
    /** Null: never. */
    this.last = remembered(this.key);
  }

  /** @param {string} time */
  isNew(time) {
    return this.last !== null && Date.parse(time) > Date.parse(this.last);
  }

  end() {
    remember(this.key, this.began);
  }
}

/** @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    // storage may be forbidden
    return null;
  }
}

/** @param {string} key @param {string | null} value null forgets it */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // nothing is kept then
  }
}
