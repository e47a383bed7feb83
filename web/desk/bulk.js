import { button, fill, h, say, showDialog } from "./dom.js";
import { excerpt, failure } from "./parts.js";
import { count, DONE, problemWords } from "./words.js";

const LOOK_AGAIN_MS = 400;

/**
 * Decides about the selected replies: first shows what would come of it.
 *
 * @param {import("./actions.js").Actions} actions
 * @param {"approve" | "reject" | "spam"} action
 * @param {string} [reason]
 * @param {string} [message]
 */
export async function showBulk({ session, board }, action, reason, message) {
  const items = board.items.filter(({ id }) => board.selected.has(id)).map(({ id, version }) => ({ id, version }));
  const decision = { action, items, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
  const place = h("div", { class: "bulk", "aria-live": "polite" }, h("p", { class: "hint" }, "Trying it…"));
  const dialog = showDialog(`${count(items.length, "reply", "replies")}: ${DONE[action]}?`, [place]);
  try {
    const preview = await session.post("/api/v1/moderation/bulk", { ...decision, preview: true });
    const { outcomes, samples } = preview;
    const left = outcomes.conflict + outcomes.forbidden + outcomes.gone;
    const go = button(`Decide about ${outcomes.done}`, () => run(), {
      class: "primary",
      disabled: outcomes.done === 0,
    });
    fill(
      place,
      h(
        "p",
        null,
        `${count(outcomes.done, "reply is", "replies are")} ${DONE[action]}.`,
        left ? ` ${left} moved on or may not be decided about: they stay as they are.` : "",
      ),
      h(
        "ul",
        { class: "samples" },
        ...samples.map((/** @type {any} */ one) =>
          h("li", null, h("b", null, h("bdi", null, one.author.display_name)), " ", h("bdi", null, excerpt(one.body))),
        ),
      ),
      h(
        "div",
        { class: "row" },
        go,
        button("Cancel", () => dialog.close(), { key: "Esc" }),
      ),
    );
    go.focus();
  } catch (problem) {
    fill(
      place,
      failure(problemWords(/** @type {any} */ (problem))),
      button("Close", () => dialog.close()),
    );
  }

  const run = async () => {
    try {
      const bulk = await finish(await session.post("/api/v1/moderation/bulk", decision));
      board.unselectAll();
      await board.reload();
      told(bulk, `${count(bulk.outcomes.done, "reply", "replies")}: ${DONE[action]}.`, true);
    } catch (problem) {
      fill(
        place,
        failure(problemWords(/** @type {any} */ (problem))),
        button("Close", () => dialog.close()),
      );
    }
  };

  /** @param {any} bulk */
  const finish = async (bulk) => {
    while (bulk.state === "waiting" || bulk.state === "running") {
      fill(place, h("progress", { max: bulk.total ?? items.length, value: bulk.done, "aria-label": "Done" }));
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      bulk = await session.ask(`/api/v1/moderation/bulk/${bulk.id}`);
    }
    return bulk;
  };

  /** @param {any} bulk @param {string} words @param {boolean} isUndoable */
  const told = (bulk, words, isUndoable) => {
    const { conflict, forbidden, gone } = bulk.outcomes;
    const left = conflict + forbidden + gone;
    say(words);
    const undo = button("Undo", async () => {
      try {
        const undone = await finish(await session.post(`/api/v1/moderation/bulk/${bulk.id}/undo`));
        await board.reload();
        told(undone, `${count(undone.outcomes.done, "reply is", "replies are")} as before.`, false);
      } catch (problem) {
        fill(place, failure(problemWords(/** @type {any} */ (problem))));
      }
    });
    const close = button("Close", () => dialog.close(), { class: "primary", key: "Esc" });
    fill(
      place,
      h("p", null, words, left ? ` ${left} left as they are.` : ""),
      h("div", { class: "row" }, close, isUndoable ? undo : null),
    );
    close.focus();
  };
}
