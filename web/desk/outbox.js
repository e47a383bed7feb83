import { Kept } from "./kept.js";
import { Problem } from "./service.js";

/**
 * Something decided that the service has not acknowledged yet.
 *
 * @typedef {object} Entry
 * @property {string} key under which the service does it once, however often it is sent
 * @property {number} at when it was decided, in milliseconds
 * @property {string} replyId
 * @property {number} version which was looked at
 * @property {"approve" | "reject" | "spam" | "return" | "restore" | "feature" | "unfeature"} action
 * @property {string} [reason]
 * @property {string} [message]
 * @property {string} [follows] the key of the decision without which this one makes no sense
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

/** So often what the service fails at is tried, before it is shown to who decided. */
const TRIES_MAX = 8;
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** An answer that takes so long does not come any more. */
const ANSWER_MAX_MS = 30_000;
/** What is under way for so long is told. */
const SLOW_MS = 2_000;

/**
 * Decisions on their way: sent one after the other in their order, and kept until each is acknowledged or, where it was refused,
 * seen by who decided. `change` says that their number is another, `done` (an item) and `refused` what became of one, `adopted`
 * that there are some which were decided before this desk was opened.
 */
export class Outbox extends EventTarget {
  /** @type {Entry[]} */
  entries = [];
  /** @type {Refused[]} */
  refused = [];
  #isStuck = false;
  /** The version that a decision made, by reply. @type {Map<string, number>} */
  made = new Map();
  /** @type {Kept<{entries: Entry[], refused: Refused[]}>} */
  #kept;
  #isSending = false;
  /** @type {(() => void) | null} */
  #wake = null;

  /** @param {import("./service.js").Session} session */
  constructor(session) {
    super();
    this.session = session;
    this.#kept = new Kept(session.accountId, (left) => this.#adopt(left));
    addEventListener("online", () => this.#wake?.());
  }

  /** How many are to be told of: those that do not get through, or that take long. */
  get waiting() {
    const isSlow = this.entries.some(({ at }) => at < Date.now() - SLOW_MS);
    return this.#isStuck || isSlow ? this.entries.length : 0;
  }

  /** @param {string} replyId Whether something is under way by which the reply leaves its queue. */
  decides(replyId) {
    const last = this.entries.findLast((entry) => entry.replyId === replyId && !entry.action.endsWith("feature"));
    return Boolean(last && last.action !== "restore");
  }

  #store() {
    const isEmpty = !this.entries.length && !this.refused.length;
    const isKept = this.#kept.keep(isEmpty ? null : { entries: this.entries, refused: this.refused });
    this.dispatchEvent(new Event("change"));
    return isKept;
  }

  /** @param {{entries?: Entry[], refused?: Refused[]}} left by a desk that is not there any more */
  #adopt({ entries = [], refused = [] }) {
    const known = new Set([...this.entries, ...this.refused.map(({ entry }) => entry)].map(({ key }) => key));
    this.entries.push(...entries.filter(({ key }) => !known.has(key)));
    this.refused.push(...refused.filter(({ entry }) => !known.has(entry.key)));
    const isKept = this.#store();
    this.dispatchEvent(new Event("adopted"));
    this.#send();
    return isKept;
  }

  /** @param {Omit<Entry, "key" | "at">} entry */
  add(entry) {
    const added = { ...entry, key: crypto.randomUUID(), at: Date.now() };
    this.entries.push(added);
    this.#store();
    this.#send();
    setTimeout(() => this.dispatchEvent(new Event("change")), SLOW_MS + 1);
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

  /** @param {string} key Takes back what follows a decision and was not sent yet. */
  takeBackFollowing(key) {
    for (const entry of this.entries.filter(({ follows }) => follows === key)) this.takeBack(entry.key);
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
        this.#settle(entry, item);
        failures = 0;
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem(0, null, 0);
        if (mayPass(problem, failures)) {
          this.#isStuck = true;
          this.dispatchEvent(new Event("change"));
          const wait = problem.retryAfterSecs * 1_000 || WAITS_MS[Math.min(failures++, WAITS_MS.length - 1)];
          await this.#pause(wait);
          continue;
        }
        failures = 0;
        this.#refuse(entry, problem);
      }
    }
    this.#isSending = false;
  }

  /** @param {Entry} entry */
  async #sendOne({ key, replyId, version, action, reason, message }) {
    const signal = AbortSignal.timeout(ANSWER_MAX_MS);
    if (action === "feature" || action === "unfeature") {
      const asked = action === "feature" ? { method: "PUT", body: {} } : { method: "DELETE" };
      await this.session.ask(`/api/v1/replies/${replyId}/feature`, { ...asked, signal });
      return null;
    }
    const body = { action, version, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
    const path = `/api/v1/moderation/replies/${replyId}/decisions`;
    const item = await this.session.ask(path, { method: "POST", body, headers: { "Idempotency-Key": key }, signal });
    // whoever else answers on the way did not do it
    if (item?.id !== replyId) throw new Problem(0, null, 0);
    return item;
  }

  /** @param {Entry} entry @param {import("../types/desk.js").Item | null} item */
  #settle(entry, item) {
    this.#isStuck = false;
    this.entries = this.entries.filter((one) => one !== entry);
    if (item) {
      this.made.set(item.id, item.version);
      // what follows about the same reply was decided about what this decision made of it
      for (const next of this.entries.filter(({ replyId }) => replyId === item.id)) next.version = item.version;
    }
    this.#store();
    this.dispatchEvent(new CustomEvent("done", { detail: { entry, item } }));
  }

  /** @param {Entry} entry @param {Problem} problem */
  #refuse(entry, problem) {
    this.#isStuck = false;
    const following = this.entries.filter(({ follows }) => follows === entry.key);
    this.entries = this.entries.filter((one) => one !== entry && !following.includes(one));
    const refused = { entry, code: problem.code, words: problem.message, current: problem.body.current ?? null };
    // who took it back himself has nothing to be told
    if (!following.some(({ action }) => action === "restore")) this.refused.push(refused);
    this.#store();
    this.dispatchEvent(new CustomEvent("refused", { detail: refused }));
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

/**
 * Whether it is sent again by itself: nobody answered, nobody had time, or the session ended and somebody signs in again. What the
 * service itself fails at is tried a few times.
 *
 * @param {Problem} problem
 * @param {number} failures
 */
function mayPass(problem, failures) {
  if (problem.isPassing || problem.status === 429 || problem.code === "unauthenticated") return true;
  return problem.status >= 500 && failures < TRIES_MAX;
}
