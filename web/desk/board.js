import { Decided } from "./board/decided.js";
import { Deciding } from "./board/deciding.js";
import { Listing } from "./board/listing.js";
import { whichOf } from "./board/source.js";
import { Claims } from "./claims.js";
import { Hand } from "./hand.js";
import { Names } from "./names.js";

/** With so few below, more are read. */
const FEW = 15;
/** So long is waited for what is handed out. */
const HANDED_OUT_MS = 1_000;

/**
 * @typedef {import("../types/desk.js").Item} Item
 * @typedef {import("./claims.js").Claim} Claim
 * @typedef {import("./board/source.js").Source} Source
 */

/**
 * What a moderator works on: a list of items, the one that is looked at, and who else looks at what. `list`, `current`, `counts`
 * and `item` say what changed, `open` that somebody wants to read what is current, `about` about whom something was done here.
 */
export class Board extends EventTarget {
  /** @type {Item | null} */
  current = null;
  /** By site. @type {import("../types/desk.js").Counts[]} */
  counts = [];
  /** @type {import("../types/desk.js").SavedQueue[]} */
  saved = [];
  /** What others decided while it stood in the list, by reply. @type {Map<string, {action: string, accountId: string}>} */
  decidedByOthers = new Map();
  /** @type {Set<string>} */
  selected = new Set();
  /** New ones that the list does not show yet. */
  arrived = 0;
  /** The place in the list from which it goes on, once it is known with what. */
  #place = 0;
  #listing;
  #decided;

  /**
   * @param {import("./service.js").Session} session
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(session, outbox) {
    super();
    this.session = session;
    this.outbox = outbox;
    this.hand = new Hand(session);
    this.#decided = new Decided(outbox);
    this.deciding = new Deciding(this, this.#decided);
    this.#listing = new Listing({
      session,
      hand: this.hand,
      isDecided: (item) => this.#decided.has(item),
      know: (item) => this.#know(item),
      changed: () => this.tell("list"),
    });
    this.names = new Names(session, () => this.tell("list", "item"));
    this.claims = new Claims(() => this.tell("list", "item"));
    outbox.addEventListener("done", (event) => {
      const { entry, item } = /** @type {CustomEvent} */ (event).detail;
      if (entry.action === "restore") this.comeBack(item);
      else if (item) this.#decided.add(item);
      if (item) this.tellAbout(item.author.id, true);
    });
    outbox.addEventListener("refused", (event) => {
      this.#decided.delete(/** @type {CustomEvent} */ (event).detail.entry.replyId);
      this.tell("list");
    });
    // what was decided at a desk that is not there any more is decided here too
    outbox.addEventListener("adopted", () => {
      for (const item of this.items.filter((item) => this.#decided.has(item))) this.leave(item);
    });
  }

  get items() {
    return this.#listing.items;
  }

  get source() {
    return this.#listing.source;
  }

  get isLoading() {
    return this.#listing.isLoading;
  }

  get problem() {
    return this.#listing.problem;
  }

  /** @param {...string} what has changed */
  tell(...what) {
    for (const one of what) this.dispatchEvent(new Event(one));
  }

  /** Something was done about somebody: what is known of him is old. @param {string} id @param {boolean} [isDecision] about a reply of his */
  tellAbout(id, isDecision = false) {
    this.dispatchEvent(new CustomEvent("about", { detail: { id, isDecision } }));
  }

  /** @param {Source} source */
  async open(source) {
    this.#place = 0;
    this.hand.giveAllBack();
    this.selected.clear();
    this.decidedByOthers.clear();
    this.#listing.turnTo(source);
    // who opens what he decided about wants to see it again
    if (source.kind === "items") for (const { id } of source.items) this.#decided.delete(id);
    this.show(null);
    await this.reload();
    if (source.kind === "items" && this.current) this.tell("open");
  }

  /** Reads the list anew; what is looked at stays what is looked at. */
  async reload() {
    this.arrived = 0;
    if (!(await this.#listing.reload())) return;
    const still = this.items.find(({ id }) => id === this.current?.id);
    this.show(still ?? this.#next(0));
    this.tell("list");
  }

  /** Has enough handed out to go on with. */
  async #takeMore() {
    const { source } = this;
    if (source.kind === "items") return;
    const handed = await this.hand.take(whichOf(source));
    if (!handed) return;
    if (source !== this.source) return handed.forEach(({ id }) => this.hand.giveBack(id));
    this.#listing.add(handed);
    if (!this.current) this.show(this.#next(this.#place));
    if (handed.length) this.tell("list");
  }

  async #readOn() {
    if (!(await this.#listing.readOn())) return;
    if (!this.current && this.items.length) this.#goOn(0);
    this.tell("list");
  }

  /** What is to be worked on next: what is held, then what nobody looks at. @param {number} at */
  #next(at) {
    const isFree = (/** @type {Item} */ one) => !this.claimOf(one) && !this.decidedByOthers.has(one.id);
    const last = this.items[Math.min(at, this.items.length - 1)] ?? null;
    return this.#listing.held(at) ?? this.items.slice(at).find(isFree) ?? last;
  }

  /** Whether the next reply is being handed out. */
  get isHandedOut() {
    return !this.current && this.items.length > 0;
  }

  /** @param {Item} item */
  #know(item) {
    this.names.know(item.author);
    const claim = item.waiting?.claim;
    if (claim) {
      this.names.know(claim);
      this.claimed(item.id, claim);
    } else {
      this.claims.delete(item.id);
    }
  }

  /** @param {string} id @param {Claim} claim */
  claimed(id, claim) {
    this.claims.set(id, claim);
    // of one's own it may be told when one has decided already
    const isListed = this.items.some((item) => item.id === id);
    if (claim.account_id === this.session.accountId && isListed) this.hand.know(id, claim.until);
    else this.hand.forget(id);
  }

  /** Who else looks at it. @param {Item} item */
  claimOf(item) {
    const claim = this.claims.of(item.id);
    return claim?.account_id === this.session.accountId ? null : claim;
  }

  /** @param {Item | null} item */
  show(item) {
    const before = this.current;
    this.current = item;
    this.tell("current");
    this.hand.look(item?.waiting ? item.id : null, (claim) => {
      this.names.know(claim);
      this.claimed(/** @type {Item} */ (item).id, claim);
      this.tell("item", "list");
    });
    // who goes elsewhere keeps what is ahead of him, but not what he leaves
    if (before && before.id !== item?.id) this.hand.giveBack(before.id);
    if (item && this.items.length - this.items.indexOf(item) < FEW) this.#readOn();
    if (item) this.#takeMore();
  }

  /** @param {number} by @returns {boolean} whether there was somewhere to go */
  move(by) {
    const at = this.current ? this.items.indexOf(this.current) : -1;
    const next = this.items[Math.max(0, Math.min(this.items.length - 1, at + by))];
    if (!next || next === this.current) return false;
    this.show(next);
    return true;
  }

  /**
   * Goes on to what is held. Where the service is still asked for it nothing is shown before the answer, as it may be somebody
   * else's; but nobody waits long for that.
   *
   * @param {number} at
   */
  #goOn(at) {
    const held = this.#listing.held(at);
    if (held || this.source.kind === "items" || !this.items.length) return this.show(held ?? this.#next(at));
    this.#place = at;
    this.show(null);
    this.#takeMore();
    const goOn = () => !this.current && this.show(this.#next(at));
    if (this.hand.isTaking) setTimeout(goOn, HANDED_OUT_MS);
    else goOn();
  }

  /** @param {Item} item Takes it out of the list. */
  leave(item) {
    const at = this.#listing.remove(item);
    if (at < 0) return;
    this.selected.delete(item.id);
    if (this.current === item) {
      this.#goOn(at);
      if (!this.current) this.#readOn();
    }
    this.tell("list");
  }

  /** @param {Item} item */
  comeBack(item) {
    this.#decided.delete(item.id);
    this.#listing.putFirst(item);
    this.show(item);
    this.tell("list");
  }

  /** Reads an item as it stands, and shows it. @param {string} id */
  async look(id) {
    const item = await this.session.ask(`/api/v1/moderation/replies/${id}`);
    this.#know(item);
    this.decidedByOthers.delete(id);
    this.comeBack(item);
    this.tell("open");
  }

  /** @param {string | null} id */
  learnName(id) {
    return this.names.learn(id);
  }

  /** @param {string | null | undefined} id */
  nameOf(id) {
    return this.names.of(id);
  }

  unselectAll() {
    this.selected.clear();
    this.tell("list");
  }

  async readSaved() {
    const page = await this.session.ask("/api/v1/moderation/saved-queues?limit=100").catch(() => null);
    this.saved = page?.items ?? this.saved;
    this.tell("counts");
  }
}
