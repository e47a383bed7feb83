import { button, fill, h } from "../dom.js";
import { failure, when } from "../parts.js";
import { count, problemWords } from "../words.js";
import { field, radioField } from "./fields.js";
import { showFeatured } from "./featured.js";
import { group, makeForm } from "./form.js";
import { AFRESH } from "./pieces.js";
import { MODES } from "./setting_fields.js";
import { modeWords, standing } from "./stories.js";

/** What a front end sets of a story, and is sent whole. */
const PUT = ["headline", "excerpt", "source", "tags", "urls", "section", "published_at", "closes_at"];

/**
 * One story: open or closed, how it is moderated, what is featured under it.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 * @param {string} externalId
 */
export async function showStory(place, admin, externalId) {
  const { session } = admin;
  const path = `${admin.path}/stories/${encodeURIComponent(externalId)}`;
  const answer = await session.ask(path, { ...AFRESH, isStream: true });
  const tag = answer.headers.get("ETag");
  const story = await answer.json();
  const told = h("div", { class: "told" });
  const turn = async () => {
    try {
      await session.post(`/api/v1/stories/${story.id}/${story.is_closed ? "reopen" : "close"}`);
      await admin.again(story.is_closed ? "The story takes replies again." : "The story takes no replies any more.");
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const link = /^https?:/.test(story.urls[0] ?? "") ? story.urls[0] : null;
  const ends = story.effective_closes_at;
  const featured = h("section", { class: "card group" });
  fill(
    place,
    h("p", null, h("a", { href: admin.address("stories") }, "All stories")),
    h(
      "section",
      { class: "card group" },
      h("h2", null, h("bdi", null, story.headline)),
      h(
        "p",
        { class: "meta" },
        standing(story),
        h("span", null, count(story.replies, "public reply", "public replies")),
        h("span", null, "published ", when(story.published_at)),
        ends && !story.is_closed ? h("span", null, "closes ", when(ends)) : null,
        link ? h("a", { href: link, rel: "noreferrer" }, "On the blog") : null,
      ),
      told,
      h("div", { class: "row" }, button(story.is_closed ? "Reopen it" : "Close it", turn)),
      story.is_closed ? null : h("p", { class: "hint" }, "A closed story is read and takes no replies."),
    ),
    settingsForm(admin, path, story, tag),
    featured,
  );
  await showFeatured(featured, admin, story);
}

/**
 * @param {import("./part.js").Admin} admin
 * @param {string} path
 * @param {any} story
 * @param {string | null} tag of what was read
 */
function settingsForm(admin, path, story, tag) {
  const mode = radioField("moderation_mode", "When its replies become public", "", story.moderation_mode ?? "", [
    ["", "As the site has it", "What is set for the whole site."],
    ...MODES,
  ]);
  const ends = h("input", {
    type: "datetime-local",
    class: "short",
    value: story.closes_at ? local(story.closes_at) : "",
  });
  const closes = field({
    name: "closes_at",
    label: "Closes at",
    hint: "By this device’s clock. Empty: as the site has it.",
    control: ends,
    read: () => (ends.value ? new Date(ends.value).toISOString() : null),
  });
  const fields = [mode, closes];
  return makeForm({
    children: [
      group(
        "How it is moderated",
        fields,
        `Now: ${modeWords(story.moderation_mode).toLowerCase() || "as the site has it"}. When the blog registers the story anew, what it says of this holds.`,
      ),
    ],
    fields,
    go: "Save",
    send: async (values) => {
      const body = Object.fromEntries(PUT.map((name) => [name, story[name]]));
      if (story.commentary) {
        const { label, author_name, body: text } = story.commentary;
        body.commentary = { label, author_name, body: text };
      }
      // the field knows minutes alone: who did not touch it keeps the seconds
      const isKept = story.closes_at && values.closes_at === new Date(local(story.closes_at)).toISOString();
      body.closes_at = isKept ? story.closes_at : values.closes_at;
      body.moderation_mode = values.moderation_mode || null;
      await admin.session.put(path, body, tag ? { "If-Match": tag } : {});
      await admin.again("Saved.");
    },
    refused: (problem) =>
      problem.code === "precondition_failed"
        ? h(
            "div",
            null,
            failure("The story was changed meanwhile."),
            button("Show it as it is now", () => admin.again("This is the story as it is now.")),
          )
        : null,
  });
}

/** A time as `datetime-local` writes it. @param {string} time */
function local(time) {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
