// Decisions on their way, and those that were refused.

import { button, changed, fill, h } from "./dom.js";
import { badge, failure, when } from "./parts.js";
import { count, DONE, done, problemWords, reasonWords } from "./words.js";

/**
 * @param {HTMLElement} place
 * @param {import("./board.js").Board} board
 * @param {import("./outbox.js").Outbox} outbox
 */
export function showPosting(place, board, outbox) {
  const waiting = h("p", { class: "unsent", hidden: true });
  // what stands there is not read out again when something comes beside it
  const conflicts = h("div", { role: "alert", "aria-atomic": "false" });
  fill(place, waiting, conflicts);
  /** By the decision's key. @type {Map<string, Conflict>} */
  const made = new Map();
  const show = () => {
    waiting.hidden = outbox.waiting === 0;
    waiting.textContent = `${count(outbox.waiting, "decision is", "decisions are")} kept here and will be sent.`;
    const keys = new Set(outbox.refused.map(({ entry }) => entry.key));
    for (const [key, { element }] of made) {
      if (keys.has(key)) continue;
      element.remove();
      made.delete(key);
    }
    for (const refused of outbox.refused) {
      const { key } = refused.entry;
      let one = made.get(key);
      if (!one) {
        made.set(key, (one = conflict(refused, board, outbox)));
        conflicts.append(one.element);
      }
      one.tell();
    }
  };
  outbox.addEventListener("change", show);
  board.addEventListener("item", show);
  addEventListener("beforeunload", (event) => {
    if (outbox.entries.length) event.preventDefault();
  });
  show();
}

/** @typedef {{element: HTMLElement, tell: () => void}} Conflict as it is shown; `tell` says who it was, once that is known */

/**
 * @param {import("./outbox.js").Refused} refused
 * @param {import("./board.js").Board} board
 * @param {import("./outbox.js").Outbox} outbox
 * @returns {Conflict}
 */
function conflict(refused, board, outbox) {
  const { entry, current, code } = refused;
  const mine = entry.reason ? `${DONE[entry.action]} (${reasonWords(entry.reason)})` : DONE[entry.action];
  const told = h("div", { class: "told" });
  const forget = () => {
    outbox.forget(refused);
    // it may wait as before
    board.reload();
  };
  const look = async () => {
    try {
      await board.look(entry.replyId);
    } catch (problem) {
      return fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
    outbox.forget(refused);
    location.hash = "";
  };
  const again = () => {
    outbox.forget(refused);
    const { replyId, action, reason, message, who, excerpt } = entry;
    outbox.add({ replyId, version: current?.version ?? entry.version, action, reason, message, who, excerpt });
  };
  if (!current) {
    const element = h(
      "section",
      { class: "conflict" },
      h("p", null, h("b", null, h("bdi", null, entry.who)), `: not ${mine}. ${problemWords(refused)}`),
      told,
      h("div", { class: "row" }, button("Try again", again), button("Look at it", look), button("Let it be", forget)),
    );
    return { element, tell: () => {} };
  }
  const isOwn = current.last_actor_id === board.session.accountId;
  const quicker = isOwn ? "You decided about it at another desk" : "Somebody was quicker";
  const theirs = current.last_action ? done(current.last_action) : "changed";
  const who = h("dt");
  const element = h(
    "section",
    { class: "conflict" },
    h("h2", null, code === "version_conflict" ? quicker : "That is not possible any more"),
    h("blockquote", null, h("b", null, h("bdi", null, entry.who)), ` ${entry.excerpt}`),
    h(
      "dl",
      { class: "pair" },
      h(
        "div",
        null,
        who,
        h("dd", null, `${theirs} `, current.last_action_at ? when(current.last_action_at) : null, badge(current.state)),
      ),
      h("div", null, h("dt", null, "You"), h("dd", null, mine)),
    ),
    told,
    h(
      "div",
      { class: "row" },
      button("Leave it so", forget, { class: "primary" }),
      button("Look at it", look),
      entry.action.endsWith("feature") ? null : button("Decide as I did", again),
    ),
  );
  const name = changed(who);
  return {
    element,
    tell: () => {
      const words = board.nameOf(current.last_actor_id);
      name(words, () => [words]);
    },
  };
}
