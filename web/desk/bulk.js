import { button, fill, h, say, showDialog } from "./dom.js";
import { lookAgain } from "./look_again.js";
import { excerpt, failure } from "./parts.js";
import { count, DONE, problemWords } from "./words.js";

/** @typedef {import("../types/desk.js").Bulk} Bulk */

/** @typedef {{session: import("./service.js").Session, board: import("./board.js").Board, actions: import("./actions.js").Actions}} Around */

/**
 * Decides about the selected replies.
 *
 * @param {import("./actions.js").Actions} actions
 * @param {"approve" | "reject" | "spam"} action
 * @param {string} [reason]
 * @param {string} [message]
 */
export function showBulk(actions, action, reason, message) {
  const { session, board } = actions;
  const items = board.items.filter(({ id }) => board.selected.has(id)).map(({ id, version }) => ({ id, version }));
  const decision = { action, items, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
  const title = `${count(items.length, "reply", "replies")}: ${DONE[action]}?`;
  return tryBulk({ session, board, actions }, decision, title);
}

/** @param {Bulk} bulk */
export const isGoingOn = ({ state }) => state === "waiting" || state === "running";

/**
 * What became of those that were not decided about.
 *
 * @param {{conflict: number, forbidden: number, gone: number}} outcomes
 */
export const leftOut = ({ conflict, forbidden, gone }) => conflict + forbidden + gone;

/**
 * Shows what would come of a decision about many, and does it if that is wanted: with its progress, which can be stopped, and
 * undone when it is over. It goes on where the dialog is closed.
 *
 * @param {Around} around
 * @param {{action: string, items?: unknown[], filter?: unknown, reason?: string, message?: string}} decision
 * @param {string} title
 * @param {() => void} [changed] a bulk began or ended
 */
export async function tryBulk(around, decision, title, changed = () => {}) {
  const { session, board, actions } = around;
  const { place, close, failed, finish, told } = bulkDialog(around, title, "Trying it…", changed);
  const words = DONE[decision.action];

  /** @param {import("../types/desk.js").BulkPreview} preview */
  const run = async (preview) => {
    try {
      // by a filter nothing is decided about that came, or changed, behind the trial
      const seen = decision.items ? decision : { ...decision, as_of: preview.as_of };
      const begun = await session.post("/api/v1/moderation/bulk", seen);
      actions.keepBulk(begun);
      const bulk = await finish(begun);
      if (!bulk.outcomes.done) actions.forgetBulk(bulk);
      board.unselectAll();
      await board.reload();
      told(bulk, `${count(bulk.outcomes.done, "reply", "replies")}: ${words}.`, true);
    } catch (problem) {
      failed(problem);
    }
  };

  try {
    const preview = await session.post("/api/v1/moderation/bulk", { ...decision, preview: true });
    const go = button(`Decide about ${preview.outcomes.done.toLocaleString("en")}`, () => run(preview), {
      class: "primary",
      disabled: preview.outcomes.done === 0,
    });
    fill(place, ...previewOf(preview, words), h("div", { class: "row" }, go, close("Cancel")));
    if (preview.outcomes.done) go.focus();
  } catch (problem) {
    failed(problem);
  }
}

/**
 * Undoes a decision about many, as the last thing that was done.
 *
 * @param {Around} around
 * @param {Bulk} bulk
 */
export function undoBulk(around, bulk) {
  const title = `Undone: many ${DONE[bulk.action ?? "bulk"]}`;
  return bulkDialog(around, title, "Undoing it…").undo(bulk);
}

/**
 * A dialog in which a decision about many goes on.
 *
 * @param {Around} around
 * @param {string} title
 * @param {string} words what is said until there is something to say
 * @param {() => void} [changed]
 */
function bulkDialog({ session, board, actions }, title, words, changed = () => {}) {
  const place = h("div", { class: "bulk", "aria-live": "polite" }, h("p", { class: "hint" }, words));
  const dialog = showDialog(title, [place]);
  const close = (label = "Close") => button(label, () => dialog.close(), { key: "Esc" });
  const failed = (/** @type {any} */ problem) => fill(place, failure(problemWords(problem)), close());

  /** @param {Bulk} bulk @returns {Promise<Bulk>} */
  const finish = async (bulk) => {
    changed();
    const bar = h("progress", { "aria-label": "Done" });
    const stop = button("Stop", () => session.delete(`/api/v1/moderation/bulk/${bulk.id}`).catch(failed));
    if (isGoingOn(bulk)) fill(place, bar, h("div", { class: "row" }, stop, close("Go on meanwhile")));
    for (let times = 0; isGoingOn(bulk); times++) {
      if (bulk.total) bar.max = bulk.total;
      if (bulk.total) bar.value = bulk.done;
      await lookAgain(times);
      bulk = await session.ask(`/api/v1/moderation/bulk/${bulk.id}`);
    }
    changed();
    return bulk;
  };

  /** @param {Bulk} bulk */
  const undo = async (bulk) => {
    try {
      const undone = await finish(await session.post(`/api/v1/moderation/bulk/${bulk.id}/undo`));
      actions.forgetBulk(bulk);
      await board.reload();
      told(undone, `${count(undone.outcomes.done, "reply is", "replies are")} as before.`, false);
    } catch (problem) {
      failed(problem);
    }
  };

  /** @param {Bulk} bulk @param {string} words @param {boolean} isUndoable */
  const told = (bulk, words, isUndoable) => {
    const left = leftOut(bulk.outcomes);
    // in the dialog it is read out; behind one nothing would be
    if (!dialog.open) say(words);
    const end = button("Close", () => dialog.close(), { class: "primary", key: "Esc" });
    fill(
      place,
      h(
        "p",
        null,
        words,
        left ? ` ${left} left as they are.` : "",
        bulk.state === "cancelled" ? " It was stopped." : "",
      ),
      h("div", { class: "row" }, end, isUndoable && bulk.outcomes.done ? button("Undo", () => undo(bulk)) : null),
    );
    end.focus();
  };
  return { place, close, failed, finish, told, undo };
}

/** @param {import("../types/desk.js").BulkPreview} preview @param {string} words */
function previewOf({ outcomes, samples, has_more: hasMore }, words) {
  const left = leftOut(outcomes);
  const more = outcomes.done - samples.length;
  return [
    h(
      "p",
      null,
      `${count(outcomes.done, "reply is", "replies are")} ${words}.`,
      left ? ` ${left} moved on or may not be decided about: they stay as they are.` : "",
      hasMore ? " There are more, for another time." : "",
    ),
    samples.length
      ? h(
          "ul",
          { class: "samples" },
          ...samples.map((one) =>
            h(
              "li",
              null,
              h("b", null, h("bdi", null, one.author.display_name)),
              " ",
              h("bdi", null, excerpt(one.body)),
            ),
          ),
        )
      : null,
    more > 0 && samples.length ? h("p", { class: "hint" }, `And ${more.toLocaleString("en")} more.`) : null,
  ];
}
