import { query } from "./service.js";

/** The service keeps a claim for 90 seconds. */
const CLAIM_AGAIN_MS = 60_000;
/** After so long a look at an item it is claimed: who hurries by claims nothing. */
const CLAIM_AFTER_MS = 700;
/** Held ahead of who takes his time, so that the next one is there at once. */
const AHEAD = 4;
/** Held at most, ahead of who is very fast. */
const AHEAD_MAX = 15;
/** What is decided in so long says how many are needed ahead. */
const PACE_MS = 3_000;
/** Who has touched nothing for so long holds nothing any more. */
const IDLE_MS = 3 * 60_000;
/** Where nothing was free it is asked again after so long. */
const EMPTY_MS = 10_000;

/**
 * The replies that this moderator holds.
 *
 * A list that is looked at is the same for everybody, and a claim that is made when a reply is looked at comes too late for two who
 * begin at its top, or who need less than a second for each. So the list is for looking around, and the service hands out what
 * is worked down (`POST /api/v1/moderation/next`): it alone says whose a reply is, and gives each to one person. As many
 * are taken as are needed until the next answer, by how fast somebody decides; more would be kept from colleagues. What is opened
 * out of the list is claimed by itself (`PUT …/claim`). A claim ends by a decision, by being given back, or by its time.
 */
export class Hand {
  /** Until when what is held, by reply, in milliseconds. @type {Map<string, number>} */
  #held = new Map();
  /** When was decided lately. @type {number[]} */
  #decided = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #claiming;
  isTaking = false;
  #emptyUntil = 0;
  #touchedAt = Date.now();
  /** What is claimed again once somebody is back. @type {(() => void) | null} */
  #resume = null;

  /** @param {import("./service.js").Session} session */
  constructor(session) {
    this.session = session;
    for (const name of ["keydown", "pointerdown"]) {
      addEventListener(name, () => this.#touched(), { capture: true, passive: true });
    }
    addEventListener("pagehide", () => this.giveAllBack(true));
  }

  #touched() {
    this.#touchedAt = Date.now();
    this.#resume?.();
    this.#resume = null;
  }

  /** @param {string} id */
  has(id) {
    return (this.#held.get(id) ?? 0) > Date.now();
  }

  /** @param {string} id @param {string} until what the service says of one's own claim */
  know(id, until) {
    this.#held.set(id, Date.parse(until));
  }

  /** @param {string} id What is decided about, or somebody else's. */
  forget(id) {
    this.#held.delete(id);
  }

  /** Something was decided. @param {string} id */
  decided(id) {
    this.forget(id);
    this.#decided.push(Date.now());
  }

  /** Others gave something back, or more came. */
  mayTake() {
    this.#emptyUntil = 0;
  }

  /** Whether there may be more to be handed out. */
  get mayGive() {
    const now = Date.now();
    return this.isTaking || (navigator.onLine && now >= this.#emptyUntil && now - this.#touchedAt <= IDLE_MS);
  }

  /** How many are wanted beyond those that are held. */
  #wanted() {
    const now = Date.now();
    this.#decided = this.#decided.filter((at) => at > now - PACE_MS);
    for (const [id, until] of this.#held) if (until <= now) this.#held.delete(id);
    return Math.min(AHEAD_MAX, AHEAD + this.#decided.length) - this.#held.size;
  }

  /**
   * Takes the next ones, if more are needed.
   *
   * @param {Record<string, string>} which the queue
   * @returns {Promise<import("../types/desk.js").Item[] | null>} those that were handed out; null if it was not asked for any
   */
  async take(which) {
    const count = this.#wanted();
    if (count <= 0 || this.isTaking || !this.mayGive) return null;
    this.isTaking = true;
    try {
      const { items } = await this.session.post(`/api/v1/moderation/next${query({ ...which, count })}`);
      for (const { id, waiting } of items) if (waiting?.claim) this.know(id, waiting.claim.until);
      if (items.length < count) this.#emptyUntil = Date.now() + EMPTY_MS;
      return items;
    } catch {
      // without a connection, or of what does not wait, the list is all there is
      this.#emptyUntil = Date.now() + EMPTY_MS;
      return [];
    } finally {
      this.isTaking = false;
    }
  }

  /**
   * Holds what is looked at for as long as it is; nothing else is looked at any more.
   *
   * @param {string | null} id
   * @param {(claim: {account_id: string, display_name: string, until: string}) => void} isTaken who else holds it
   */
  look(id, isTaken) {
    clearTimeout(this.#claiming);
    this.#resume = null;
    if (id) this.#claiming = setTimeout(() => this.#hold(id, isTaken), this.has(id) ? CLAIM_AGAIN_MS : CLAIM_AFTER_MS);
  }

  /** @param {string} id @param {(claim: any) => void} isTaken */
  async #hold(id, isTaken) {
    if (Date.now() - this.#touchedAt > IDLE_MS) {
      this.#resume = () => this.#hold(id, isTaken);
      return;
    }
    try {
      const { until } = await this.session.put(`/api/v1/moderation/replies/${id}/claim`);
      this.know(id, until);
      this.look(id, isTaken);
    } catch (problem) {
      const claim = /** @type {any} */ (problem).body?.claim;
      if (claim) isTaken(claim);
    }
  }

  /** @param {string} id @param {boolean} [isLeaving] whether the page is left: the request outlives it */
  async giveBack(id, isLeaving = false) {
    if (!this.has(id)) return;
    this.forget(id);
    const asked = { method: "DELETE", keepalive: isLeaving };
    await this.session.ask(`/api/v1/moderation/replies/${id}/claim`, asked).catch(() => {});
  }

  /** @param {boolean} [isLeaving] */
  async giveAllBack(isLeaving = false) {
    this.#emptyUntil = 0;
    await Promise.all([...this.#held.keys()].map((id) => this.giveBack(id, isLeaving)));
  }
}
