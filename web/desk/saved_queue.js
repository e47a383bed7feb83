import { button, fill, h, labelled, say, showDialog } from "./dom.js";
import { failure } from "./parts.js";
import { problemWords, QUEUES } from "./words.js";

/**
 * Makes a queue of one's own.
 *
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 */
export function askForQueue(session, board) {
  const name = h("input", { required: true, maxlength: "60" });
  const boxes = ["pending", "reported", "flagged"].map((queue) =>
    h("input", { type: "checkbox", value: queue, checked: true }),
  );
  const site = h(
    "select",
    null,
    h("option", { value: "" }, "All of mine"),
    ...board.counts.map((one) => h("option", { value: one.site }, one.site)),
  );
  const text = h("input", { placeholder: 'casino  "free money"' });
  const section = h("input", null);
  const newcomers = h("input", { type: "number", min: "1", max: "1000" });
  const minutes = h("input", { type: "number", min: "1" });
  const isShared = h("input", { type: "checkbox" });
  const told = h("div", { class: "told" });
  const form = h(
    "form",
    null,
    labelled("Name", name),
    h(
      "fieldset",
      { class: "row plain" },
      h("legend", null, "Takes from"),
      ...boxes.map((box) => h("label", { class: "check" }, box, QUEUES[box.value])),
    ),
    labelled("Site", site),
    labelled("With these words", text),
    labelled("In this section", section),
    labelled("By authors with fewer public replies than", newcomers),
    labelled("That have waited for minutes", minutes),
    h("label", { class: "check" }, isShared, "Colleagues on the site see it"),
    told,
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", type: "submit" }, "Save"),
      button("Cancel", () => dialog.close()),
    ),
  );
  const dialog = showDialog("A queue of your own", [form]);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const filter = {
      queues: boxes.filter((box) => box.checked).map((box) => box.value),
      sites: site.value ? [site.value] : [],
      sections: section.value.trim() ? [section.value.trim()] : [],
      ...(text.value.trim() ? { text: text.value.trim() } : {}),
      ...(newcomers.value ? { author_approved_below: Number(newcomers.value) } : {}),
      ...(minutes.value ? { waiting_minutes: Number(minutes.value) } : {}),
    };
    try {
      const saved = await session.post("/api/v1/moderation/saved-queues", {
        name: name.value.trim(),
        filter,
        is_shared: isShared.checked,
      });
      dialog.close();
      await board.readSaved();
      await board.open({ kind: "saved", id: saved.id, name: saved.name });
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
}

/**
 * Takes one away that is one's own.
 *
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 * @param {import("../types/desk.js").SavedQueue} queue
 */
export function askToDelete(session, board, { id, name, version }) {
  const told = h("div", { class: "told" });
  const go = async () => {
    try {
      await session.delete(`/api/v1/moderation/saved-queues/${id}`, { "If-Match": `"${version}"` });
      dialog.close();
      say("The queue is gone.");
      await board.readSaved();
      await board.open({ kind: "queue", queue: "pending", site: "" });
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const dialog = showDialog(`Delete “${name}”?`, [
    h("p", null, "The replies in it stay where they are."),
    told,
    h(
      "div",
      { class: "row" },
      button("Delete it", go, { class: "primary" }),
      button("Cancel", () => dialog.close()),
    ),
  ]);
}
