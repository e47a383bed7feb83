import { tryBulk, isGoingOn, leftOut } from "./bulk.js";
import { button, fill, h, labelled, say } from "./dom.js";
import { filterFields } from "./filter_fields.js";
import { cannotBeShown, excerpt, failure, name, when } from "./parts.js";
import { siteKeys } from "./sites.js";
import { sure } from "./sure.js";
import { count, DONE, problemWords, REASONS, reasonWords } from "./words.js";

/** @typedef {import("../types/desk.js").Bulk} Bulk */

const LOOK_AGAIN_MS = 1_000;
/** So many of those that were left as they are are shown. */
const LEFT_SHOWN = 20;

/** Why one was left as it is. @type {Record<string, string>} */
const LEFT = { conflict: "had moved on", forbidden: "is of a site that is not yours", gone: "is gone" };

/**
 * Decisions about many replies: a new one by a filter, and those that one made, with their progress.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showBulks(place, around) {
  const { session } = around;
  const list = h("ol", { class: "found" }, h("li", { class: "hint" }, "Reading…"));
  const form = h("div", null);
  fill(
    place,
    h("h1", null, "Many at once"),
    h("p", { class: "hint" }, "Tried first: nothing happens before you have seen what would come of it."),
    form,
    h("h2", null, "What you decided about many"),
    list,
  );
  const read = async () => {
    try {
      const { items } = await session.ask("/api/v1/moderation/bulk?limit=20");
      const undone = new Set(items.map((/** @type {Bulk} */ { undoes }) => undoes));
      const rows = items.map((/** @type {Bulk} */ bulk) => bulkRow(bulk, undone.has(bulk.id), around, read));
      fill(list, ...(rows.length ? rows : [h("li", { class: "empty" }, "Nothing so far.")]));
      if (items.some(isGoingOn)) setTimeout(() => list.isConnected && read(), LOOK_AGAIN_MS);
    } catch (problem) {
      fill(list, h("li", null, failure(problemWords(/** @type {any} */ (problem)))));
    }
  };
  read();
  fill(form, makeForm(around, await siteKeys(session).catch(() => []), read));
}

/** @param {import("./more.js").Around} around @param {string[]} sites @param {() => void} changed */
function makeForm(around, sites, changed) {
  const { fields, read } = filterFields(sites, { queues: ["pending"] });
  const action = h(
    "select",
    null,
    ...["reject", "spam", "approve"].map((value) => h("option", { value }, DONE[value])),
  );
  const reason = h("select", null, ...REASONS.map(([, value, label]) => h("option", { value }, label)));
  const message = h("textarea", { rows: "2", maxlength: "2000" });
  const ifRejected = h(
    "div",
    { class: "two fields" },
    labelled("Why", reason),
    labelled("What the authors are told", message),
  );
  action.addEventListener("change", () => (ifRejected.hidden = action.value !== "reject"));
  const form = h(
    "form",
    { class: "card many" },
    ...fields,
    labelled("All that this takes is", action),
    ifRejected,
    h("div", { class: "row" }, h("button", { class: "primary", type: "submit" }, "Try it")),
  );
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = message.value.trim();
    const more = action.value === "reject" ? { reason: reason.value, ...(text ? { message: text } : {}) } : {};
    const decision = { action: action.value, filter: read(), ...more };
    tryBulk(around, decision, `All that the filter takes: ${DONE[action.value]}?`, changed);
  });
  return form;
}

/** @param {Bulk} bulk @param {boolean} isUndone @param {import("./more.js").Around} around @param {() => void} changed */
function bulkRow(bulk, isUndone, { session, board }, changed) {
  const { outcomes, total } = bulk;
  const told = h("div", { class: "told", role: "status" });
  const go = (/** @type {() => Promise<unknown>} */ what) => async () => {
    try {
      await what();
      changed();
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const stop = async () => {
    const words = "What was decided until now stays so, and can be undone.";
    if (await sure("Stop it?", words, "Stop it")) await session.delete(`/api/v1/moderation/bulk/${bulk.id}`);
  };
  const undo = async () => {
    if (!(await sure("Undo it?", "What has not moved on since is put back as it was.", "Undo it"))) return;
    await session.post(`/api/v1/moderation/bulk/${bulk.id}/undo`);
    say("It is being undone.");
  };
  const left = leftOut(outcomes);
  const isUndoable = !isUndone && outcomes.done > 0 && Date.parse(bulk.undoable_until ?? "") > Date.now();
  return h(
    "li",
    { class: "card" },
    h(
      "p",
      { class: "meta" },
      h("b", null, bulk.action ? DONE[bulk.action] : "undone", bulk.reason ? ` (${reasonWords(bulk.reason)})` : ""),
      when(bulk.created_at),
      bulk.state === "cancelled" ? h("span", null, "stopped") : null,
      bulk.state === "failed" ? h("span", null, "gave up") : null,
      isUndone ? h("span", null, "undone since") : null,
    ),
    isGoingOn(bulk)
      ? h("progress", { max: total ?? 1, value: total ? bulk.done : null, "aria-label": "Done" })
      : h(
          "p",
          null,
          `${count(outcomes.done, "reply", "replies")} of ${(total ?? bulk.done).toLocaleString("en")}.`,
          left ? ` ${left} left as they are.` : "",
        ),
    told,
    h(
      "div",
      { class: "row" },
      isGoingOn(bulk) ? button("Stop", go(stop)) : null,
      isUndoable ? button("Undo", go(undo)) : null,
    ),
    left ? leftOnes(bulk, session, board) : null,
  );
}

/** Those that were left as they are, read when they are asked for. @param {Bulk} bulk @param {import("./service.js").Session} session @param {import("./board.js").Board} board */
function leftOnes({ id, outcomes }, session, board) {
  const list = h("ul", null, h("li", { class: "hint" }, "Reading…"));
  const details = h("details", null, h("summary", null, `Those ${leftOut(outcomes)}`), list);
  /** @param {{id: string, outcome: string}} one */
  const row = async (one) => {
    const item = await session.ask(`/api/v1/moderation/replies/${one.id}`).catch(() => null);
    const open = async () => {
      try {
        await board.look(one.id);
        location.hash = "";
      } catch (problem) {
        cannotBeShown(problem);
      }
    };
    return h(
      "li",
      null,
      item ? name(item.author) : "A reply",
      ` ${LEFT[one.outcome]}`,
      item ? h("q", { dir: "auto" }, excerpt(item.body)) : null,
      item ? button("Open", open, { class: "quiet" }) : null,
    );
  };
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    const kinds = Object.keys(LEFT).filter((kind) => /** @type {any} */ (outcomes)[kind]);
    const path = (/** @type {string} */ kind) =>
      `/api/v1/moderation/bulk/${id}/items?outcome=${kind}&limit=${LEFT_SHOWN}`;
    try {
      const pages = await Promise.all(kinds.map((kind) => session.ask(path(kind))));
      const items = pages.flatMap((page) => page.items).slice(0, LEFT_SHOWN);
      fill(list, ...(await Promise.all(items.map(row))));
    } catch (problem) {
      fill(list, h("li", null, failure(problemWords(/** @type {any} */ (problem)))));
    }
  });
  return details;
}
