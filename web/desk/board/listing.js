import { pathOf, whichOf } from "./source.js";

/** @typedef {import("../../types/desk.js").Item} Item */
/** @typedef {{items: Item[], next_cursor: string | null}} Page */

/** The replies of a source, as far as they were read, with those that were handed out. */
export class Listing {
  /** @type {Item[]} */
  items = [];
  /** @type {import("./source.js").Source} */
  source = { kind: "queue", queue: "pending", site: "" };
  isLoading = false;
  /** @type {string} */
  problem = "";
  /** @type {string | null} */
  #cursor = null;
  #reading = 0;
  #around;

  /**
   * @param {{session: import("../service.js").Session, hand: import("../hand.js").Hand, isDecided: (item: Item) => boolean,
   *   know: (item: Item) => void, changed: () => void}} around `know` what is listed; `changed`: there is something to be shown
   */
  constructor(around) {
    this.#around = around;
  }

  /** @param {import("./source.js").Source} source */
  turnTo(source) {
    this.source = source;
    this.items = [];
    this.isLoading = true;
  }

  /** Reads it anew. @returns {Promise<boolean>} false where it was begun once more meanwhile */
  async reload() {
    const reading = ++this.#reading;
    const { session, hand, isDecided, changed } = this.#around;
    if (this.source.kind === "items") {
      this.items = this.source.items.filter((item) => !isDecided(item));
      this.#cursor = null;
      this.isLoading = false;
      return true;
    }
    this.isLoading = true;
    changed();
    try {
      // what is handed out comes first, so that the list knows of it
      const handed = (await hand.take(whichOf(this.source))) ?? [];
      const page = await session.ask(pathOf(this.source, null));
      if (reading !== this.#reading) return false;
      this.problem = "";
      const held = this.items.filter(({ id }) => hand.has(id));
      this.#take([], page);
      this.add([...held, ...handed]);
    } catch (problem) {
      if (reading !== this.#reading) return false;
      this.problem = /** @type {Error} */ (problem).message;
    }
    this.isLoading = false;
    return true;
  }

  /** Reads on below. @returns {Promise<boolean>} whether that was tried */
  async readOn() {
    if (!this.#cursor || this.isLoading || this.source.kind === "items") return false;
    this.isLoading = true;
    const reading = this.#reading;
    try {
      const page = await this.#around.session.ask(pathOf(this.source, this.#cursor));
      if (reading === this.#reading) this.#take(this.items, page);
    } catch {
      // tried again at the next step
    }
    this.isLoading = false;
    return true;
  }

  /** @param {Item[]} before @param {Page} page */
  #take(before, page) {
    const { isDecided, know } = this.#around;
    const known = new Set(before.map(({ id }) => id));
    this.items = [...before, ...page.items.filter((item) => !known.has(item.id) && !isDecided(item))];
    this.#cursor = page.next_cursor;
    for (const item of page.items) know(item);
  }

  /** @param {Item[]} handed What the list does not show yet comes to its end. */
  add(handed) {
    const { hand, isDecided, know } = this.#around;
    for (const item of handed) {
      // it may have been decided about while it was handed out
      if (!item.waiting || isDecided(item)) {
        hand.forget(item.id);
        continue;
      }
      if (!this.items.some(({ id }) => id === item.id)) this.items.push(item);
      know(item);
    }
  }

  /** @param {Item} item @returns {number} the place that it had; below 0 if it had none */
  remove(item) {
    const at = this.items.indexOf(item);
    if (at >= 0) this.items.splice(at, 1);
    return at;
  }

  /** @param {Item} item */
  putFirst(item) {
    this.items = [item, ...this.items.filter(({ id }) => id !== item.id)];
  }

  /** What is held, the nearest below first. @param {number} at the place in the list where one is */
  held(at) {
    const isHeld = (/** @type {Item} */ { id }) => this.#around.hand.has(id);
    return this.items.slice(at).find(isHeld) ?? this.items.find(isHeld) ?? null;
  }
}
