import { query } from "./service.js";
import { excerpt } from "./parts.js";

const PAGE = 50;
/** With so few below, more are read. */
const FEW = 15;
/** After so long a look at an item it is claimed: who hurries by claims nothing. */
const CLAIM_AFTER_MS = 700;
/** The service keeps a claim for 90 seconds. */
const CLAIM_AGAIN_MS = 60_000;

/**
 * @typedef {import("../types/desk.js").Item} Item
 * @typedef {{account_id: string, display_name?: string, until: string}} Claim
 * @typedef {{kind: "queue", queue: string, site: string} | {kind: "saved", id: string, name: string} |
 *   {kind: "items", title: string, items: Item[]}} Source
 */

/**
 * What a moderator works on: a list of items, the one that is looked at, and who else looks at what. `list`, `current`, `counts`
 * and `item` say what changed.
 */
export class Board extends EventTarget {
  /** @type {Item[]} */
  items = [];
  /** @type {Item | null} */
  current = null;
  /** @type {Source} */
  source = { kind: "queue", queue: "pending", site: "" };
  /** By site. @type {import("../types/desk.js").Counts[]} */
  counts = [];
  /** @type {import("../types/desk.js").SavedQueue[]} */
  saved = [];
  /** By reply. @type {Map<string, Claim>} */
  claims = new Map();
  /** What others decided while it stood in the list, by reply. @type {Map<string, {action: string, accountId: string}>} */
  decidedByOthers = new Map();
  /** @type {Set<string>} */
  selected = new Set();
  /** New ones that the list does not show yet. */
  arrived = 0;
  isLoading = false;
  /** @type {string} */
  problem = "";
  /** Names of people that were seen. @type {Map<string, string>} */
  names = new Map();
  /** Replies that this moderator decided about: they do not come back by a page that was read before. @type {Set<string>} */
  #decided = new Set();
  /** @type {string | null} */
  #cursor = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #claiming;
  /** @type {string | null} */
  #claimed = null;
  #reading = 0;

  /**
   * @param {import("./service.js").Session} session
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(session, outbox) {
    super();
    this.session = session;
    this.outbox = outbox;
    outbox.addEventListener("done", (event) => {
      const { entry, item } = /** @type {CustomEvent} */ (event).detail;
      if (entry.action === "restore") this.#comeBack(item);
    });
    outbox.addEventListener("refused", () => this.#tell("list"));
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }

  /** @param {Source} source */
  async open(source) {
    this.source = source;
    this.selected.clear();
    this.decidedByOthers.clear();
    this.items = [];
    this.isLoading = true;
    this.show(null);
    await this.reload();
  }

  /** Reads the list anew; what is looked at stays what is looked at. */
  async reload() {
    const reading = ++this.#reading;
    this.arrived = 0;
    if (this.source.kind === "items") {
      this.items = this.source.items.filter(({ id }) => !this.#decided.has(id));
      this.#cursor = null;
      this.isLoading = false;
      this.show(this.items[0] ?? null);
      return this.#tell("list");
    }
    this.isLoading = true;
    this.#tell("list");
    try {
      const page = await this.session.ask(this.#path(null));
      if (reading !== this.#reading) return;
      this.problem = "";
      this.#take([], page);
    } catch (problem) {
      if (reading !== this.#reading) return;
      this.problem = /** @type {Error} */ (problem).message;
    }
    this.isLoading = false;
    const still = this.items.find(({ id }) => id === this.current?.id);
    this.show(still ?? this.items[0] ?? null);
    this.#tell("list");
  }

  /** @param {string | null} cursor */
  #path(cursor) {
    const { source } = this;
    const of = source.kind === "saved" ? { saved_queue: source.id } : null;
    const which = of ?? (source.kind === "queue" ? { queue: source.queue, site: source.site } : {});
    return `/api/v1/moderation/replies${query({ ...which, sort: "priority", limit: PAGE, cursor })}`;
  }

  /** @param {Item[]} before @param {{items: Item[], next_cursor: string | null}} page */
  #take(before, page) {
    const known = new Set(before.map(({ id }) => id));
    this.items = [...before, ...page.items.filter(({ id }) => !known.has(id) && !this.#decided.has(id))];
    this.#cursor = page.next_cursor;
    for (const item of page.items) this.#know(item);
  }

  /** @param {Item} item */
  #know(item) {
    this.names.set(item.author.id, item.author.display_name);
    const claim = item.waiting?.claim;
    if (claim) {
      this.names.set(claim.account_id, claim.display_name);
      this.claims.set(item.id, claim);
    } else {
      this.claims.delete(item.id);
    }
  }

  async #readOn() {
    if (!this.#cursor || this.isLoading || this.source.kind === "items") return;
    this.isLoading = true;
    const reading = this.#reading;
    try {
      const page = await this.session.ask(this.#path(this.#cursor));
      if (reading === this.#reading) this.#take(this.items, page);
    } catch {
      // tried again at the next step
    }
    this.isLoading = false;
    if (!this.current && this.items.length) this.show(this.items[0]);
    this.#tell("list");
  }

  /** @param {Item | null} item */
  show(item) {
    if (item?.id !== this.current?.id) this.#giveBack();
    this.current = item;
    this.#tell("current");
    clearTimeout(this.#claiming);
    if (item?.waiting) this.#claiming = setTimeout(() => this.#claim(item), CLAIM_AFTER_MS);
    if (item && this.items.length - this.items.indexOf(item) < FEW) this.#readOn();
  }

  /** @param {Item} item */
  async #claim(item) {
    if (this.current?.id !== item.id || this.claimOf(item)) return;
    try {
      await this.session.put(`/api/v1/moderation/replies/${item.id}/claim`);
      if (this.current?.id !== item.id) return;
      this.#claimed = item.id;
      this.#claiming = setTimeout(() => this.#claim(item), CLAIM_AGAIN_MS);
    } catch (error) {
      const claim = /** @type {any} */ (error).body?.claim;
      if (!claim) return;
      this.names.set(claim.account_id, claim.display_name);
      this.claims.set(item.id, claim);
      this.#tell("item");
    }
  }

  #giveBack() {
    const id = this.#claimed;
    this.#claimed = null;
    // a decision gives it back by itself
    if (id && !this.#decided.has(id)) this.session.delete(`/api/v1/moderation/replies/${id}/claim`).catch(() => {});
  }

  /** Who else looks at it. @param {Item} item */
  claimOf(item) {
    const claim = this.claims.get(item.id);
    if (!claim || claim.account_id === this.session.accountId) return null;
    return Date.parse(claim.until) > Date.now() ? claim : null;
  }

  /** @param {number} by */
  move(by) {
    const at = this.current ? this.items.indexOf(this.current) : -1;
    const next = this.items[Math.max(0, Math.min(this.items.length - 1, at + by))];
    if (next && next !== this.current) this.show(next);
  }

  /**
   * Decides about what is looked at, and goes on to the next at once.
   *
   * @param {"approve" | "reject" | "spam" | "return"} action
   * @param {{reason?: string, message?: string}} [more]
   */
  decide(action, more = {}) {
    const item = this.current;
    if (!item) return null;
    const entry = this.outbox.add(this.#entry(item, action, more));
    this.#decided.add(item.id);
    this.#leave(item);
    return { entry, item };
  }

  /** @param {Item} item @param {any} action @param {{reason?: string, message?: string}} [more] */
  #entry(item, action, more = {}) {
    const { id: replyId, version, author, body } = item;
    return { replyId, version, action, ...more, who: author.display_name, excerpt: excerpt(body) };
  }

  /** Puts the current reply forward; one that waits is made public for that. */
  feature() {
    const item = this.current;
    if (!item) return null;
    const decided = item.state === "approved" ? null : this.decide("approve");
    const entry = this.outbox.add(this.#entry(item, "feature"));
    return { entry: decided?.entry ?? entry, item };
  }

  /** @param {Item} item Takes it out of the list. */
  #leave(item) {
    const at = this.items.indexOf(item);
    if (at < 0) return;
    this.items.splice(at, 1);
    this.selected.delete(item.id);
    if (this.current === item) {
      const free = (/** @type {Item} */ one) => !this.claimOf(one) && !this.decidedByOthers.has(one.id);
      this.show(this.items.slice(at).find(free) ?? this.items[Math.min(at, this.items.length - 1)] ?? null);
      if (!this.current) this.#readOn();
    }
    this.#tell("list");
  }

  /**
   * Takes a decision back: as if it had not been, where it was not sent; else the reply waits again.
   *
   * @param {{entry: import("./outbox.js").Entry, item: Item}} done
   */
  undo({ entry, item }) {
    if (this.outbox.takeBack(entry.key)) this.#comeBack(item);
    else this.outbox.add({ ...this.#entry(item, "restore"), version: this.outbox.made.get(item.id) ?? item.version });
  }

  /** @param {Item} item */
  #comeBack(item) {
    this.#decided.delete(item.id);
    this.items = [item, ...this.items.filter(({ id }) => id !== item.id)];
    this.show(item);
    this.#tell("list");
  }

  /** Reads an item as it stands, and shows it. @param {string} id */
  async look(id) {
    const item = await this.session.ask(`/api/v1/moderation/replies/${id}`);
    this.#know(item);
    this.decidedByOthers.delete(id);
    this.#comeBack(item);
  }

  /** @param {string} name @param {any} data Of the stream of events. */
  hear(name, data) {
    if (name === "queues") {
      this.counts = data.items;
      this.#tell("counts");
    } else if (name === "reset") {
      this.reload();
    } else if (name === "items") {
      for (const event of data.items) this.#happened(event);
      this.#tell("list");
      this.#tell("item");
    }
  }

  /** @param {import("../types/desk.js").QueueEvent} event */
  #happened({ reply_id: id, what, queue, account_id: accountId, until, action }) {
    const isOwn = accountId === this.session.accountId;
    const item = this.items.find((one) => one.id === id);
    if (what === "claimed" && accountId && until) this.claims.set(id, { account_id: accountId, until });
    if (what === "released" || what === "decided") this.claims.delete(id);
    if (what === "decided" && accountId && action && !isOwn && item) {
      this.decidedByOthers.set(id, { action, accountId });
    }
    if (what === "entered" && !item && !this.#decided.has(id) && this.#takes(queue)) this.#arrive();
    if (what === "claimed" || what === "decided") this.learnName(accountId);
  }

  /** @param {string | null} queue */
  #takes(queue) {
    return this.source.kind === "saved" || (this.source.kind === "queue" && this.source.queue === queue);
  }

  #arrive() {
    this.arrived++;
    // nothing is moved under anybody's eyes, but an empty list fills by itself
    if (!this.items.length && !this.isLoading) this.reload();
  }

  /** @param {string | null} id */
  async learnName(id) {
    if (!id || this.names.has(id)) return;
    this.names.set(id, "");
    const person = await this.session.ask(`/api/v1/accounts/${id}`).catch(() => null);
    if (!person) return void this.names.delete(id);
    this.names.set(id, person.display_name);
    this.#tell("list");
    this.#tell("item");
  }

  /** @param {string | null | undefined} id */
  nameOf(id) {
    if (!id) return "The service";
    if (id === this.session.accountId) return "You";
    this.learnName(id);
    return this.names.get(id) || "Somebody";
  }

  unselectAll() {
    this.selected.clear();
    this.#tell("list");
  }

  async readSaved() {
    const page = await this.session.ask("/api/v1/moderation/saved-queues?limit=100").catch(() => null);
    this.saved = page?.items ?? this.saved;
    this.#tell("counts");
  }
}
