/** Ends of claims are looked for no later than that after them. */
const END_MS = 250;

/** @typedef {{account_id: string, display_name?: string, until: string}} Claim */

/** Who looks at which reply, until when. That a claim's time ran out is told by nobody, so it is watched here. */
export class Claims {
  /** By reply. @type {Map<string, Claim>} */
  #all = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #ending;
  #ended;

  /** @param {() => void} ended some have */
  constructor(ended) {
    this.#ended = ended;
  }

  /** @param {string} id @param {Claim} claim */
  set(id, claim) {
    this.#all.set(id, claim);
    this.#watch();
  }

  /** @param {string} id */
  delete(id) {
    this.#all.delete(id);
  }

  /** @param {string} id @returns {Claim | null} */
  of(id) {
    const claim = this.#all.get(id);
    return claim && Date.parse(claim.until) > Date.now() ? claim : null;
  }

  #watch() {
    clearTimeout(this.#ending);
    const ends = [...this.#all.values()].map(({ until }) => Date.parse(until));
    if (!ends.length) return;
    const wait = Math.max(0, Math.min(...ends) - Date.now()) + END_MS;
    this.#ending = setTimeout(() => {
      for (const id of this.#all.keys()) if (!this.of(id)) this.#all.delete(id);
      this.#ended();
      this.#watch();
    }, wait);
  }
}
