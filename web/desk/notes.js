// Notes for colleagues about somebody.

import { button, fill, h, labelled, say, showDialog } from "./dom.js";
import { failure, when } from "./parts.js";
import { sure } from "./sure.js";
import { problemWords } from "./words.js";

/** @typedef {import("../types/desk.js").Note} Note */

/**
 * A card with the notes of all sites that one moderates, and a button that writes one.
 *
 * @param {import("./more.js").Around} around
 * @param {string} id about whom
 * @param {string[]} keys of the sites that one moderates
 * @param {() => void} again shows all anew
 */
export async function notesAbout(around, id, keys, again) {
  const { session } = around;
  const { items } = await session.ask(`/api/v1/accounts/${id}/notes?limit=100`);
  const told = h("div", { class: "told" });
  const remove = async (/** @type {Note} */ note) => {
    if (!(await sure("Delete the note?", "Its text is gone with it.", "Delete it"))) return;
    try {
      await session.delete(`/api/v1/moderation/notes/${note.id}`);
      say("The note is gone.");
      again();
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  /** @param {Note} note */
  const row = (note) =>
    h(
      "li",
      null,
      h("b", null, h("bdi", null, note.author.display_name)),
      " ",
      when(note.created_at),
      " ",
      keys.length > 1 || !note.site ? h("span", { class: "site" }, note.site ?? "admins alone") : null,
      h("q", { dir: "auto" }, note.text),
      note.author.id === session.accountId || session.me.is_admin
        ? button("Delete", () => remove(note), { class: "quiet" })
        : null,
    );
  return h(
    "section",
    { class: "card" },
    h("h2", null, "Notes"),
    items.length ? h("ul", null, ...items.map(row)) : h("p", { class: "hint" }, "None so far."),
    told,
    h(
      "p",
      null,
      button("Note", () => askForNote(around, id, keys, again)),
    ),
  );
}

/**
 * @param {import("./more.js").Around} around
 * @param {string} id
 * @param {string[]} keys
 * @param {() => void} done
 */
function askForNote({ session }, id, keys, done) {
  const text = h("textarea", { rows: "4", maxlength: "2000", required: true });
  const site = h("select", null, ...keys.map((key) => h("option", { value: key }, key)));
  const told = h("div", { class: "told" });
  const form = h(
    "form",
    null,
    labelled("For moderators of", site),
    labelled("Note", text),
    told,
    h("button", { class: "primary", type: "submit" }, "Keep the note"),
  );
  const dialog = showDialog("Note", [form, button("Cancel", () => dialog.close())]);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await session.post(`/api/v1/accounts/${id}/notes`, { site: site.value, text: text.value.trim() });
      dialog.close();
      done();
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
}
