import { Problem } from "./service.js";

/**
 * Something decided that the service has not acknowledged yet.
 *
 * @typedef {object} Entry
 * @property {string} key under which the service does it once, however often it is sent
 * @property {string} accountId who decided
 * @property {string} replyId
 * @property {number} version which was looked at
 * @property {"approve" | "reject" | "spam" | "return" | "restore" | "feature"} action
 * @property {string} [reason]
 * @property {string} [message]
 * @property {string} who the reply's author, for words
 * @property {string} excerpt the reply's beginning, for words
 */

/**
 * A decision that was refused.
 *
 * @typedef {object} Refused
 * @property {Entry} entry
 * @property {string} code
 * @property {string} words
 * @property {any} current how the reply stands, where it moved on
 */

const STORED = "rejoinder-desk-decisions";
/** So often what the service fails at is tried, before it is shown to who decided. */
const TRIES_MAX = 8;
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

/**
 * Decisions on their way: sent one after the other in their order, and kept (in memory and for this tab) until each is
 * acknowledged. `change` says that their number is another, `done` (an item) and `refused` what became of one.
 */
export class Outbox extends EventTarget {
  /** @type {Entry[]} */
  entries = [];
  /** @type {Refused[]} */
  refused = [];
  isStuck = false;
  /** The version that a decision made, by reply. @type {Map<string, number>} */
  made = new Map();
  #isSending = false;
  /** @type {(() => void) | null} */
  #wake = null;

  /** @param {import("./service.js").Session} session */
  constructor(session) {
    super();
    this.session = session;
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
    this.entries = (stored.entries ?? []).filter((/** @type {Entry} */ entry) => entry.accountId === session.accountId);
    this.refused = (stored.refused ?? []).filter(
      (/** @type {Refused} */ { entry }) => entry.accountId === session.accountId,
    );
    addEventListener("online", () => this.#wake?.());
    this.#send();
  }

  #store() {
    sessionStorage.setItem(STORED, JSON.stringify({ entries: this.entries, refused: this.refused }));
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Omit<Entry, "key" | "accountId">} entry */
  add(entry) {
    const added = { ...entry, key: crypto.randomUUID(), accountId: this.session.accountId };
    this.entries.push(added);
    this.#store();
    this.#send();
    return added;
  }

  /**
   * Takes back what was not sent yet.
   *
   * @param {string} key
   * @returns {boolean} whether it was taken back
   */
  takeBack(key) {
    const at = this.entries.findIndex((entry) => entry.key === key);
    // the first is on its way, or arrived without an answer
    if (at < 0 || (at === 0 && this.#isSending)) return false;
    this.entries.splice(at, 1);
    this.#store();
    return true;
  }

  /** @param {Refused} refused */
  forget(refused) {
    this.refused = this.refused.filter((one) => one !== refused);
    this.#store();
  }

  /** Sends one after the other. */
  async #send() {
    if (this.#isSending) return;
    this.#isSending = true;
    let failures = 0;
    while (this.entries.length) {
      const [entry] = this.entries;
      try {
        const item = await this.#sendOne(entry);
        this.#settle(entry);
        // what follows about the same reply was decided about what this decision made of it
        if (item) {
          this.made.set(item.id, item.version);
          for (const next of this.entries.filter((next) => next.replyId === entry.replyId)) next.version = item.version;
        }
        failures = 0;
        this.#store();
        this.dispatchEvent(new CustomEvent("done", { detail: { entry, item } }));
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem(500, null);
        const isHopeless = problem.code === "internal" && failures >= TRIES_MAX;
        if ((problem.isPassing && !isHopeless) || problem.code === "unauthenticated") {
          this.isStuck = true;
          this.dispatchEvent(new Event("change"));
          const wait = problem.retryAfterSecs * 1_000 || WAITS_MS[Math.min(failures++, WAITS_MS.length - 1)];
          await this.#pause(wait);
          continue;
        }
        failures = 0;
        this.#settle(entry);
        const refused = { entry, code: problem.code, words: problem.message, current: problem.body.current ?? null };
        this.refused.push(refused);
        this.#store();
        this.dispatchEvent(new CustomEvent("refused", { detail: refused }));
      }
    }
    this.#isSending = false;
  }

  /** @param {Entry} entry */
  async #sendOne({ key, replyId, version, action, reason, message }) {
    if (action === "feature") {
      await this.session.put(`/api/v1/replies/${replyId}/feature`, {});
      return null;
    }
    const body = { action, version, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
    return this.session.post(`/api/v1/moderation/replies/${replyId}/decisions`, body, { "Idempotency-Key": key });
  }

  /** @param {Entry} entry */
  #settle(entry) {
    this.isStuck = false;
    this.entries = this.entries.filter((one) => one !== entry);
  }

  /** @param {number} ms */
  async #pause(ms) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
    this.#wake = null;
  }
}
