/**
 * Which replies this moderator decided about, with the version that he saw or made: they do not come back by a page that was read
 * before, but do as a later version, such as one that its author changed.
 */
export class Decided {
  /** @type {Map<string, number>} */
  #versions = new Map();
  #outbox;

  /** @param {import("../outbox.js").Outbox} outbox */
  constructor(outbox) {
    this.#outbox = outbox;
  }

  /** @param {{id: string, version: number}} item */
  has({ id, version }) {
    return this.#outbox.decides(id) || version <= (this.#versions.get(id) ?? 0);
  }

  /** @param {{id: string, version: number}} item */
  add({ id, version }) {
    this.#versions.set(id, version);
  }

  /** It may wait all the same. @param {string} id */
  delete(id) {
    this.#versions.delete(id);
  }
}
