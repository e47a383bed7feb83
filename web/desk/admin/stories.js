import { button, fill, h } from "../dom.js";
import { failure, when } from "../parts.js";
import { query } from "../service.js";
import { count, problemWords } from "../words.js";
import { AFRESH } from "./pieces.js";
import { MODES } from "./setting_fields.js";
import { showStory } from "./story.js";

/**
 * The stories of a site, the newest first; one of them where the address names it.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showStories(place, admin) {
  const [externalId] = admin.rest;
  if (externalId) return showStory(place, admin, externalId);
  const url = h("input", {
    type: "search",
    "aria-label": "Address of the story",
    placeholder: "Address of the story, https://…",
    autocomplete: "off",
  });
  const form = h("form", { class: "search is-short", role: "search" }, url, h("button", { type: "submit" }, "Find"));
  const list = h("ul", { class: "found" });
  const bottom = h("div", { role: "status" });
  let number = 0;
  /** @param {string | null} cursor */
  const read = async (cursor) => {
    const asked = ++number;
    try {
      const params = { url: url.value.trim(), cursor, limit: 25 };
      const page = await admin.session.ask(`${admin.path}/stories${query(params)}`, AFRESH);
      if (asked !== number) return;
      list.append(...page.items.map((/** @type {any} */ story) => row(story, admin)));
      fill(
        bottom,
        page.next_cursor ? button("More stories", () => read(page.next_cursor)) : null,
        list.children.length
          ? null
          : h("p", { class: "empty" }, url.value.trim() ? "No story has this address." : "There is no story yet."),
      );
    } catch (problem) {
      fill(bottom, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    fill(list);
    read(null);
  });
  fill(place, form, list, bottom);
  await read(null);
}

/** @param {string | null} mode */
export const modeWords = (mode) => MODES.find(([value]) => value === mode)?.[1] ?? "";

/** @param {any} story */
export function standing(story) {
  return story.is_closed
    ? h("span", { class: "badge is-closed" }, "closed")
    : h("span", { class: "badge is-approved" }, "open");
}

/** @param {any} story @param {import("./part.js").Admin} admin */
function row(story, admin) {
  return h(
    "li",
    { class: "card story-row" },
    h(
      "p",
      { class: "story-title" },
      h("a", { href: admin.address("stories", story.external_id) }, h("bdi", null, story.headline)),
    ),
    h(
      "p",
      { class: "meta" },
      standing(story),
      h("span", null, count(story.replies, "public reply", "public replies")),
      when(story.published_at),
      story.section ? h("span", null, h("bdi", null, story.section)) : null,
      story.moderation_mode ? h("span", { class: "mark" }, modeWords(story.moderation_mode)) : null,
    ),
  );
}
