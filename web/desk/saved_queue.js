import { button, fill, h, labelled, say, showDialog } from "./dom.js";
import { filterFields } from "./filter_fields.js";
import { failure, showFailure } from "./parts.js";
import { sure } from "./sure.js";
import { problemWords } from "./words.js";

/** @typedef {import("../types/desk.js").SavedQueue} SavedQueue */

/** @param {import("./service.js").Session} session @param {SavedQueue} queue */
export const mayChange = (session, queue) => queue.owner_id === session.accountId || session.me.is_admin;

/**
 * Makes a queue of one's own, or changes one.
 *
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 * @param {SavedQueue} [queue] the one that is changed
 */
export function askForQueue(session, board, queue) {
  const name = h("input", { required: true, maxlength: "100", value: queue?.name ?? "" });
  const { fields, read } = filterFields(
    board.counts.map((one) => one.site),
    queue?.filter,
  );
  const isShared = h("input", { type: "checkbox", checked: queue?.is_shared });
  const told = h("div", { class: "told" });
  const form = h(
    "form",
    null,
    labelled("Name", name),
    ...fields,
    h("label", { class: "check" }, isShared, "Colleagues on the site see it"),
    told,
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", type: "submit" }, "Save"),
      button("Cancel", () => dialog.close()),
    ),
  );
  const dialog = showDialog(queue ? `Change “${queue.name}”` : "A queue of your own", [form]);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = { name: name.value.trim(), filter: read(), is_shared: isShared.checked };
    try {
      const saved = queue
        ? await session.put(
            `/api/v1/moderation/saved-queues/${queue.id}`,
            { ...body, assigned_to: queue.assigned_to },
            { "If-Match": `"${queue.version}"` },
          )
        : await session.post("/api/v1/moderation/saved-queues", body);
      dialog.close();
      await board.readSaved();
      await board.open({ kind: "saved", id: saved.id, name: saved.name });
    } catch (problem) {
      fill(told, failure(words(problem)));
    }
  });
}

/**
 * Takes one away that is one's own.
 *
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 * @param {SavedQueue} queue
 */
export async function askToDelete(session, board, { id, name, version }) {
  if (!(await sure(`Delete “${name}”?`, "The replies in it stay where they are.", "Delete it"))) return;
  try {
    await session.delete(`/api/v1/moderation/saved-queues/${id}`, { "If-Match": `"${version}"` });
    say("The queue is gone.");
    await board.readSaved();
    await board.open({ kind: "queue", queue: "pending", site: "" });
  } catch (problem) {
    await board.readSaved();
    showFailure(`“${name}” is still there`, words(problem));
  }
}

/** @param {any} problem */
function words(problem) {
  return problem.code === "precondition_failed"
    ? "Somebody changed it meanwhile. Close this, look at it, and try again."
    : problemWords(problem);
}
