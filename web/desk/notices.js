import { button, fill, h } from "./dom.js";
import { makeDecision } from "./notice_decision.js";
import { badge, failure, when } from "./parts.js";
import { query } from "./service.js";
import { siteChoice, siteKeys } from "./sites.js";
import { countNotices } from "./waiting.js";
import { count, GROUNDS, problemWords } from "./words.js";

const PAGE = 20;

/**
 * Notices of illegal content: each text of which notice was given, with what is said against it and the decision that is owed.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showNotices(place, around) {
  const { session, tell } = around;
  const list = h("ol", { class: "found" }, h("li", { class: "hint" }, "Reading…"));
  const bottom = h("div", null);
  let site = "";
  /** @param {string | null} cursor */
  const read = async (cursor) => {
    try {
      const page = await session.ask(`/api/v1/moderation/notices${query({ site, cursor, limit: PAGE })}`);
      await Promise.all(page.items.map((/** @type {any} */ one) => around.board.learnName(one.author_id)));
      if (!cursor) fill(list);
      list.append(...page.items.map((/** @type {any} */ one) => textCard(one, around, again)));
      if (!list.children.length) fill(list, h("li", { class: "empty" }, "No notice waits for a decision."));
      fill(bottom, page.next_cursor ? button("More", () => read(page.next_cursor)) : null);
      tell(await countNotices(session));
    } catch (problem) {
      fill(list, h("li", null, failure(problemWords(/** @type {any} */ (problem)))));
    }
  };
  const again = () => read(null);
  const keys = await siteKeys(session).catch(() => []);
  const choice = siteChoice(keys, "", (key) => {
    site = key;
    again();
  });
  choice?.querySelector("select")?.prepend(h("option", { value: "", selected: true }, "All sites"));
  fill(
    place,
    h("h1", null, "Notices of illegal content"),
    h(
      "p",
      { class: "hint" },
      "Who gives notice is owed an answer with reasons, whatever became of the reply meanwhile. The longest waiting is first.",
    ),
    choice,
    list,
    bottom,
  );
  await again();
}

/** @param {import("../types/desk.js").NoticedText} text @param {import("./more.js").Around} around @param {() => void} again reads the list anew */
function textCard(text, around, again) {
  const { session, board, tell } = around;
  const decided = async (/** @type {string} */ words) => {
    fill(card, h("p", { role: "status", tabindex: "-1" }, words));
    /** @type {HTMLElement} */ (card.firstElementChild).focus();
    tell(await countNotices(session));
  };
  const card = h(
    "li",
    { class: "card notice" },
    h(
      "p",
      { class: "meta" },
      h("a", { href: `#people/${text.author_id}` }, h("bdi", null, board.nameOf(text.author_id))),
      badge(text.state),
      h("span", { class: "site" }, text.site),
      h("span", null, count(text.notices, "open notice", "open notices")),
    ),
    h("div", { class: "text", dir: "auto" }, text.body),
    text.revision === text.first.revision
      ? null
      : h("p", { class: "changed" }, "That is the text that the notice is about. The author has changed it since."),
    said(text.first),
    text.notices > 1 ? otherNotices(text, session) : null,
    makeDecision(text, around, decided, again),
  );
  return card;
}

/** What somebody says against it. @param {import("../types/desk.js").ReceivedNotice} notice */
function said(notice) {
  const by = notice.username ?? notice.name;
  return h(
    "div",
    { class: "said" },
    h(
      "p",
      { class: "meta" },
      h("b", null, GROUNDS[notice.ground]),
      notice.law ? h("bdi", null, notice.law) : null,
      h("span", null, "by ", by ? h("bdi", null, by) : notice.account_id ? "a closed account" : "a guest"),
      when(notice.received_at),
      h("span", { class: "hint" }, notice.reference),
    ),
    h("blockquote", { dir: "auto" }, notice.explanation),
  );
}

/** All notices about a reply, those that were decided too. @param {import("../types/desk.js").NoticedText} text @param {import("./service.js").Session} session */
function otherNotices(text, session) {
  const list = h("div", { class: "all-said" }, h("p", { class: "hint" }, "Reading…"));
  const details = h("details", null, h("summary", null, "All notices about this reply"), list);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      const { items } = await session.ask(`/api/v1/moderation/replies/${text.reply_id}/notices?limit=100`);
      fill(list, ...items.filter((/** @type {any} */ { id }) => id !== text.first.id).map(said));
    } catch (problem) {
      fill(list, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
  return details;
}
