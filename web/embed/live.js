/** @typedef {import("./reading.js").Schemas["EventView"]} Event */

/** How long a page that nobody looks at goes on listening. */
const HIDDEN_MS = 60_000;
/** After how long it asks again what it missed, at first. */
const AGAIN_MS = 1_000;

/** Follows a story: each version once and in order, whatever the connection does. */
export class Live {
  /** @type {EventSource | null} */
  #source = null;
  /** Events that came before it is known what came before them. @type {Event[] | null} */
  #early = null;
  #sleep = 0;
  #again = 0;
  /** Beginnings of the stream, of which the last one counts. */
  #begun = 0;

  /**
   * @param {import("./reading.js").Reading} reading
   * @param {string} story
   * @param {number} version what is shown
   * @param {{apply: (event: Event) => void, reset: (version: number) => void, say: (isConnected: boolean) => void}} listener
   */
  constructor(reading, story, version, listener) {
    this.reading = reading;
    this.story = story;
    this.version = version;
    this.listener = listener;
    document.addEventListener("visibilitychange", this.#look);
    this.#open();
  }

  close() {
    document.removeEventListener("visibilitychange", this.#look);
    clearTimeout(this.#sleep);
    clearTimeout(this.#again);
    this.#source?.close();
    this.#source = null;
  }

  #look = () => {
    clearTimeout(this.#sleep);
    if (document.hidden) {
      this.#sleep = window.setTimeout(() => {
        this.#source?.close();
        this.#source = null;
      }, HIDDEN_MS);
    } else if (!this.#source) this.#open();
  };

  #open() {
    const source = new EventSource(`${this.reading.service}/api/v1/stories/${this.story}/events`);
    this.#source = source;
    this.#early = [];
    source.addEventListener("open", () => {
      this.#early = [];
      clearTimeout(this.#again);
      this.#catchUp(++this.#begun);
    });
    source.addEventListener("change", (event) => {
      const told = JSON.parse(event.data);
      if (this.#early) this.#early.push(told);
      else this.#take(told);
    });
    source.addEventListener("reset", (event) => this.listener.reset(JSON.parse(event.data).version));
    source.addEventListener("error", () => {
      // what is being caught up with ends elsewhere now
      this.#begun++;
      this.listener.say(false);
      // a browser that was refused does not come back by itself
      if (source.readyState === EventSource.CLOSED && this.#source === source) {
        this.#source = null;
        this.#sleep = window.setTimeout(() => this.#source ?? this.#open(), 10_000);
      }
    });
  }

  /**
   * What happened between what is shown and the stream's beginning. Until that is known, what the stream tells waits: it would
   * hide that something is missing.
   *
   * @param {number} begun
   */
  async #catchUp(begun, tries = 0) {
    const isOver = () => begun !== this.#begun || !this.#source;
    try {
      for (let hasMore = true; hasMore;) {
        const page = await this.reading.events(this.story, this.version);
        if (isOver()) return;
        if (page.is_reset) return this.listener.reset(page.version);
        page.events.forEach((event) => this.#take(event));
        hasMore = page.has_more;
      }
    } catch (problem) {
      if (isOver()) return;
      this.listener.say(false);
      const { retryAfterSecs = 0 } = /** @type {Partial<import("../shared/api.js").Problem>} */ (problem);
      const wait = Math.max(AGAIN_MS * 2 ** Math.min(tries, 5), 1_000 * retryAfterSecs);
      this.#again = window.setTimeout(() => isOver() || this.#catchUp(begun, tries + 1), wait);
      return;
    }
    const early = this.#early ?? [];
    this.#early = null;
    early.forEach((event) => this.#take(event));
    this.listener.say(true);
  }

  /** @param {Event} event */
  #take(event) {
    if (event.version <= this.version || !this.#source) return;
    this.version = event.version;
    this.listener.apply(event);
  }
}
