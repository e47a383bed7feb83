// What the stream of events tells.

import { mayTake } from "./source.js";

/**
 * @param {import("../board.js").Board} board
 * @param {string} name
 * @param {any} data
 */
export function hear(board, name, data) {
  if (name === "queues") {
    board.counts = data.items;
    board.tell("counts");
  } else if (name === "reset") {
    board.reload();
  } else if (name === "items") {
    for (const event of data.items) happened(board, event);
    board.tell("list", "item");
  }
}

/** @param {import("../board.js").Board} board @param {import("../../types/desk.js").QueueEvent} event */
function happened(board, { reply_id: id, what, queue, account_id: accountId, until, action }) {
  const { claims, hand, items, outbox, session, source } = board;
  const isOwn = accountId === session.accountId;
  const item = items.find((one) => one.id === id);
  if (what === "claimed" && accountId && until) board.claimed(id, { account_id: accountId, until });
  if (what === "released" || what === "decided") claims.delete(id);
  if (what === "released" || what === "entered") hand.mayTake();
  if (what === "decided") hand.forget(id);
  if (what === "decided" && accountId && action && !isOwn && item) {
    board.decidedByOthers.set(id, { action, accountId });
  }
  if (what === "entered" && !item && !outbox.decides(id) && mayTake(source, queue)) arrive(board);
  if (what === "claimed" || what === "decided") board.learnName(accountId);
}

/** @param {import("../board.js").Board} board */
function arrive(board) {
  board.arrived++;
  // nothing is moved under anybody's eyes, but an empty list fills by itself
  if (!board.items.length && !board.isLoading) board.reload();
}
