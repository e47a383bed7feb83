import { excerpt } from "../parts.js";

/**
 * @typedef {import("../../types/desk.js").Item} Item
 * @typedef {import("../outbox.js").Entry} Entry
 * @typedef {{entry: Entry, item: Item}} Done
 */

/** @param {Item} item @param {Entry["action"]} action @param {{reason?: string, message?: string, follows?: string}} [more] */
function entryOf(item, action, more = {}) {
  const { id: replyId, version, author, body } = item;
  return { replyId, version, action, ...more, who: author.display_name, excerpt: excerpt(body) };
}

/** What a moderator decides about the reply that is looked at, and takes back. */
export class Deciding {
  #board;
  #decided;

  /** @param {import("../board.js").Board} board @param {import("./decided.js").Decided} decided */
  constructor(board, decided) {
    this.#board = board;
    this.#decided = decided;
  }

  /**
   * Decides about what is looked at, and goes on to the next at once.
   *
   * @param {"approve" | "reject" | "spam" | "return"} action
   * @param {{reason?: string, message?: string}} [more]
   * @returns {Done | null}
   */
  decide(action, more = {}) {
    const { current: item, outbox, hand } = this.#board;
    if (!item) return null;
    const entry = outbox.add(entryOf(item, action, more));
    this.#decided.add(item);
    hand.decided(item.id);
    this.#board.leave(item);
    return { entry, item };
  }

  /** Puts the current reply forward; one that waits is made public for that. @returns {Done | null} */
  feature() {
    const { current: item, outbox } = this.#board;
    if (!item) return null;
    const decided = item.state === "approved" ? null : this.decide("approve");
    const entry = outbox.add(entryOf(item, "feature", decided ? { follows: decided.entry.key } : {}));
    return { entry: decided?.entry ?? entry, item };
  }

  /**
   * Takes a decision back: as if it had not been, where it was not sent; else the reply waits again.
   *
   * @param {Done} done
   */
  undo({ entry, item }) {
    const { outbox } = this.#board;
    outbox.takeBackFollowing(entry.key);
    if (entry.action === "feature") {
      if (!outbox.takeBack(entry.key)) outbox.add(entryOf(item, "unfeature", { follows: entry.key }));
    } else if (outbox.takeBack(entry.key)) {
      this.#board.comeBack(item);
    } else {
      const version = outbox.made.get(item.id) ?? item.version;
      outbox.add({ ...entryOf(item, "restore", { follows: entry.key }), version });
    }
  }
}
