import { button, fill, h } from "./dom.js";
import { failure, name, when } from "./parts.js";
import { query } from "./service.js";
import { countMentions, unreadOf } from "./waiting.js";
import { problemWords } from "./words.js";

/**
 * Notes in which colleagues name the moderator.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showMentions(place, around) {
  const { session, tell } = around;
  const unread = h("input", { type: "checkbox" });
  const list = h("ol", { class: "found" }, h("li", { class: "hint" }, "Reading…"));
  const bottom = h("div", null);
  fill(
    place,
    h("h1", null, "Mentions"),
    h("p", { class: "hint" }, "Notes in which a colleague writes @ and your name."),
    h("label", { class: "check" }, unread, "Only those that you have not read"),
    list,
    bottom,
  );
  /** @param {string | null} cursor */
  const read = async (cursor) => {
    try {
      const page = await session.ask(
        `/api/v1/moderation/mentions${query({ unread: unread.checked, cursor, limit: 25 })}`,
      );
      tell(unreadOf(page));
      if (!cursor) fill(list);
      list.append(...page.items.map((/** @type {any} */ one) => row(one, around)));
      if (!list.children.length) fill(list, h("li", { class: "empty" }, "Nobody has mentioned you."));
      fill(bottom, page.next_cursor ? button("More", () => read(page.next_cursor)) : null);
    } catch (problem) {
      fill(list, h("li", null, failure(problemWords(/** @type {any} */ (problem)))));
    }
  };
  unread.addEventListener("change", () => read(null));
  await read(null);
}

/** @param {import("../types/desk.js").Mention} mention @param {import("./more.js").Around} around */
function row({ note, read_at: readAt }, { session, board, tell }) {
  const told = h("div", { class: "told" });
  const failed = (/** @type {any} */ problem) => fill(told, failure(problemWords(problem)));
  const read = async () => {
    await session.put(`/api/v1/moderation/mentions/${note.id}/read`);
    card.classList.remove("is-unread");
    mark.remove();
    done.remove();
    tell(await countMentions(session));
  };
  const open = async () => {
    if (!readAt) await read().catch(() => {});
    if (note.account_id) return void (location.hash = `people/${note.account_id}`);
    try {
      await board.look(/** @type {string} */ (note.reply_id));
      location.hash = "";
    } catch (problem) {
      failed(problem);
    }
  };
  const mark = h("span", { class: "mark is-new" }, "new");
  const done = button("I have read it", () => read().catch(failed));
  const card = h(
    "li",
    { class: `card${readAt ? "" : " is-unread"}` },
    h("p", { class: "meta" }, name(note.author), when(note.created_at), readAt ? null : mark),
    h("blockquote", { dir: "auto" }, note.text),
    told,
    h(
      "div",
      { class: "row" },
      button(note.account_id ? "The person" : "The reply", open, { class: "primary" }),
      readAt ? null : done,
    ),
  );
  return card;
}
