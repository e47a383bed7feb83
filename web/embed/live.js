/** @typedef {import("./reading.js").Schemas["EventView"]} Event */

/** How long a page that nobody looks at goes on listening. */
const HIDDEN_MS = 60_000;

/** Follows a story: each version once and in order, whatever the connection does. */
export class Live {
  /** @type {EventSource | null} */
  #source = null;
  /** Events that came before it is known what came before them. @type {Event[] | null} */
  #early = null;
  #sleep = 0;

  /**
   * @param {import("./reading.js").Reading} reading
   * @param {string} story
   * @param {number} version what is shown
   * @param {{apply: (event: Event) => void, reset: () => void, say: (isConnected: boolean) => void}} listener
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
      this.#catchUp().then(() => this.listener.say(true));
    });
    source.addEventListener("change", (event) => {
      const told = JSON.parse(event.data);
      if (this.#early) this.#early.push(told);
      else this.#take(told);
    });
    source.addEventListener("reset", () => this.listener.reset());
    source.addEventListener("error", () => {
      this.listener.say(false);
      // a browser that was refused does not come back by itself
      if (source.readyState === EventSource.CLOSED && this.#source === source) {
        this.#source = null;
        this.#sleep = window.setTimeout(() => this.#source ?? this.#open(), 10_000);
      }
    });
  }

  /** What happened between what is shown and the stream's beginning. */
  async #catchUp() {
    try {
      for (let hasMore = true; hasMore;) {
        const page = await this.reading.events(this.story, this.version);
        if (page.is_reset) return this.listener.reset();
        page.events.forEach((event) => this.#take(event));
        hasMore = page.has_more;
      }
    } catch {
      // the stream's next beginning asks again
    }
    const early = this.#early ?? [];
    this.#early = null;
    early.forEach((event) => this.#take(event));
  }

  /** @param {Event} event */
  #take(event) {
    if (event.version <= this.version || !this.#source) return;
    this.version = event.version;
    this.listener.apply(event);
  }
}
