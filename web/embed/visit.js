/**
 * How far one has seen a story, kept in this browser alone: until the newest reply that was shown, by the service's clock, as that of
 * a device may be wrong.
 */
export class Visit {
  /** @param {string} story */
  constructor(story) {
    this.key = `rejoinder:visit:${story}`;
    /** Null: never. */
    this.last = remembered(this.key);
    this.newest = this.last ?? new Date(0).toISOString();
  }

  /** @param {string} time */
  isNew(time) {
    return this.last !== null && Date.parse(time) > Date.parse(this.last);
  }

  /** A reply of that time was shown. @param {string} time */
  see(time) {
    if (Date.parse(time) > Date.parse(this.newest)) this.newest = time;
  }

  end() {
    remember(this.key, this.newest);
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
