import { badgesOf } from "./badges.js";
import { button, fill, h } from "./dom.js";
import { notesAbout } from "./notes.js";
import { badge, excerpt, failure, name, when } from "./parts.js";
import { sanctionsOf } from "./sanctions.js";
import { query } from "./service.js";
import { siteKeys } from "./sites.js";
import { problemWords } from "./words.js";

/**
 * Somebody with sanctions and notes; without an id a word about where people are found.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showPeople(place, around) {
  const [id] = around.rest;
  if (!id) return showFinder(place, around);
  fill(place, h("h1", null, "People"), h("p", { class: "hint" }, "Reading…"));
  try {
    await showPerson(place, around, id);
  } catch (problem) {
    fill(place, h("h1", null, "People"), failure(problemWords(/** @type {any} */ (problem))));
  }
}

/** @param {HTMLElement} place @param {import("./more.js").Around} around */
function showFinder(place, { session }) {
  const words = h("input", { type: "search", "aria-label": "Name", placeholder: "A name", autocomplete: "off" });
  const results = h("ul", { class: "found" });
  const form = h(
    "form",
    { class: "search", role: "search" },
    words,
    h("button", { class: "primary", type: "submit" }, "Find"),
  );
  fill(
    place,
    h("h1", null, "People"),
    h("p", { class: "hint" }, "Who has written here is found by name."),
    form,
    results,
  );
  words.focus();
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!words.value.trim()) return;
    try {
      const page = await session.ask(`/api/v1/moderation/search${query({ author: words.value.trim(), limit: 100 })}`);
      const people = new Map(page.items.map((/** @type {any} */ { item }) => [item.author.id, item.author]));
      const rows = [...people.values()].map((person) =>
        h("li", { class: "card" }, h("a", { href: `#people/${person.id}` }, name(person))),
      );
      fill(results, ...(rows.length ? rows : [h("li", { class: "empty" }, "Nobody of that name has written here.")]));
    } catch (problem) {
      fill(results, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
}

/**
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 * @param {string} id
 */
async function showPerson(place, around, id) {
  const { session, board } = around;
  const [person, keys] = await Promise.all([session.ask(`/api/v1/accounts/${id}`), siteKeys(session)]);
  const isMe = id === session.accountId;
  const again = () => {
    board.tellAbout(id);
    return showPeople(place, around);
  };
  const path = (/** @type {string} */ queue) =>
    `/api/v1/moderation/replies${query({ queue, author_id: id, sort: "newest", limit: 20 })}`;
  // nobody sees what colleagues say of himself
  const [sanctions, notes, ...lists] = await Promise.all([
    isMe ? null : sanctionsOf(around, id, keys, again),
    isMe ? null : notesAbout(around, id, keys, again),
    ...["pending", "approved", "rejected", "spam"].map((queue) => session.ask(path(queue))),
  ]);
  const open = (/** @type {any} */ item) => async () => {
    await board.open({ kind: "items", title: `By ${person.display_name}`, items: [item] });
    location.hash = "";
  };
  const replies = lists.flatMap(({ items }) => items);
  fill(
    place,
    h("h1", null, name(person)),
    h("p", { class: "hint" }, "Here since ", when(person.created_at)),
    isMe
      ? h("p", { class: "hint" }, "That is you: colleagues see sanctions and notes here.")
      : h("div", { class: "two" }, sanctions, notes),
    badgesOf(around, id, keys),
    h(
      "section",
      { class: "card" },
      h("h2", null, "Replies"),
      h(
        "ul",
        null,
        ...replies.map((item) =>
          h(
            "li",
            null,
            badge(item.state),
            " ",
            when(item.created_at),
            " ",
            h("bdi", null, item.story.headline),
            h("q", { dir: "auto" }, excerpt(item.body)),
            button("Open", open(item), { class: "quiet" }),
          ),
        ),
      ),
    ),
  );
}
