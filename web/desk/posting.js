// Decisions on their way, and those that were refused.

import { button, fill, h } from "./dom.js";
import { badge, when } from "./parts.js";
import { count, DONE, done, problemWords, reasonWords } from "./words.js";

/**
 * @param {HTMLElement} place
 * @param {import("./board.js").Board} board
 * @param {import("./outbox.js").Outbox} outbox
 */
export function showPosting(place, board, outbox) {
  const waiting = h("p", { class: "unsent", hidden: true });
  const conflicts = h("div", { role: "alert" });
  fill(place, waiting, conflicts);
  const show = () => {
    waiting.hidden = !outbox.isStuck;
    waiting.textContent = `${count(outbox.entries.length, "decision is", "decisions are")} kept here and will be sent.`;
    fill(conflicts, ...outbox.refused.map((refused) => conflict(refused, board, outbox)));
  };
  outbox.addEventListener("change", show);
  board.addEventListener("item", show);
  addEventListener("beforeunload", (event) => {
    if (outbox.entries.length) event.preventDefault();
  });
  show();
}

/**
 * @param {import("./outbox.js").Refused} refused
 * @param {import("./board.js").Board} board
 * @param {import("./outbox.js").Outbox} outbox
 */
function conflict(refused, board, outbox) {
  const { entry, current, code } = refused;
  const mine = entry.reason ? `${DONE[entry.action]} (${reasonWords(entry.reason)})` : DONE[entry.action];
  const forget = () => outbox.forget(refused);
  const look = async () => {
    await board.look(entry.replyId).catch(() => {});
    forget();
  };
  const again = () => {
    outbox.forget(refused);
    const { replyId, action, reason, message, who, excerpt } = entry;
    outbox.add({ replyId, version: current.version, action, reason, message, who, excerpt });
  };
  if (!current) {
    return h(
      "section",
      { class: "conflict" },
      h("p", null, h("b", null, h("bdi", null, entry.who)), `: not ${mine}. ${problemWords(refused)}`),
      h("div", { class: "row" }, button("Look at it", look), button("Let it be", forget)),
    );
  }
  const theirs = current.last_action ? done(current.last_action) : "changed";
  return h(
    "section",
    { class: "conflict" },
    h("h2", null, code === "version_conflict" ? "Somebody was quicker" : "That is not possible any more"),
    h("blockquote", null, h("b", null, h("bdi", null, entry.who)), ` ${entry.excerpt}`),
    h(
      "dl",
      { class: "pair" },
      h(
        "div",
        null,
        h("dt", null, board.nameOf(current.last_actor_id)),
        h("dd", null, `${theirs} `, current.last_action_at ? when(current.last_action_at) : null, badge(current.state)),
      ),
      h("div", null, h("dt", null, "You"), h("dd", null, mine)),
    ),
    h(
      "div",
      { class: "row" },
      button("Leave it so", forget, { class: "primary" }),
      button("Look at it", look),
      entry.action === "feature" ? null : button("Decide as I did", again),
    ),
  );
}
