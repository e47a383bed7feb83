// What is around a reply: its author, reports, notes, former decisions, the story.

import { button, fill, h } from "./dom.js";
import { showHtml } from "../shared/html.js";
import { badge, excerpt, name, when } from "./parts.js";
import { query } from "./service.js";
import { svg } from "./svg.js";
import { count, done, FATES, reasonWords, SANCTIONS } from "./words.js";

/** Who hurries by reads nothing of it. */
const AFTER_MS = 200;
/** People and stories that were read lately. */
const KEPT_MAX = 100;
/** What colleagues did about somebody since is shown after so long at the latest. */
const KEPT_MS = 60_000;

/**
 * @param {HTMLElement} place
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 */
export function showContext(place, session, board) {
  /** @type {Map<string, {reading: Promise<any>, at: number}>} */
  const kept = new Map();
  /** Of whom notes may have been made since the list was read. @type {Set<string>} */
  const noted = new Set();
  const read = (/** @type {string} */ path) => {
    const known = kept.get(path);
    if (known && known.at > Date.now() - KEPT_MS) return known.reading;
    const reading = session.ask(path).catch(() => {
      kept.delete(path);
      return null;
    });
    kept.delete(path);
    kept.set(path, { reading, at: Date.now() });
    if (kept.size > KEPT_MAX) kept.delete(/** @type {string} */ (kept.keys().next().value));
    return reading;
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  /** @type {any} */
  let shown;
  const show = () => {
    const item = board.current;
    if (item === shown) return;
    shown = item;
    clearTimeout(later);
    if (!item) return fill(place);
    const more = h("div", { class: "more-context" });
    fill(place, author(item), more);
    later = setTimeout(() => fillMore(item, more), AFTER_MS);
  };

  /** @param {import("../types/desk.js").Item} item @param {HTMLElement} more */
  const fillMore = async (item, more) => {
    const of = item.author.id;
    const path = (/** @type {string} */ queue) =>
      `/api/v1/moderation/replies${query({ queue, author_id: of, site: item.site, sort: "newest", limit: 5 })}`;
    const [sanctions, approved, rejected, notes, own, story] = await Promise.all([
      read(`/api/v1/accounts/${of}/sanctions${query({ site: item.site, limit: 10 })}`),
      item.author.replies.approved ? read(path("approved")) : null,
      item.author.replies.rejected ? read(path("rejected")) : null,
      item.author.notes || noted.has(of) ? read(`/api/v1/accounts/${of}/notes?limit=20`) : null,
      item.notes ? session.ask(`/api/v1/moderation/replies/${item.id}/notes?limit=20`).catch(() => null) : null,
      read(`/api/v1/stories/${item.story.id}`),
    ]);
    if (board.current !== item) return;
    fill(
      more,
      sanctionsOf(sanctions),
      listOf("Notes about it", own?.items, note),
      listOf("Notes about the author", notes?.items, note),
      listOf("Reports", item.reports, report, h("a", { href: `#cases/${item.id}` }, "The whole case")),
      listOf("Decisions", item.decisions, decision),
      listOf("Refused before", others(rejected, item), former),
      listOf("Public replies", others(approved, item), former),
      story ? about(story) : null,
    );
  };

  /** @param {any} page @param {import("../types/desk.js").Item} item */
  const others = (page, item) => page?.items.filter((/** @type {any} */ { id }) => id !== item.id);

  /** @param {import("../types/desk.js").LogEntry} row */
  const decision = (row) =>
    h(
      "li",
      null,
      h("b", null, board.nameOf(row.actor_id)),
      ` ${done(row.action)}`,
      row.reason ? ` (${reasonWords(row.reason)})` : null,
      " ",
      when(row.created_at),
      row.message || row.note ? h("q", { dir: "auto" }, row.message ?? row.note) : null,
    );

  board.addEventListener("current", show);
  const again = () => {
    shown = null;
    show();
  };
  board.addEventListener("noted", again);
  board.addEventListener("about", (event) => {
    const { id, isDecision } = /** @type {CustomEvent} */ (event).detail;
    for (const path of kept.keys()) if (path.includes(id)) kept.delete(path);
    if (isDecision) return;
    noted.add(id);
    if (board.current?.author.id === id) again();
  });
  show();
}

/** @param {import("../types/desk.js").Item} item */
function author({ author }) {
  const { replies } = author;
  /** @type {[string, string, number][]} */
  const all = [
    ["approved", "public", replies.approved],
    ["pending", "wait", replies.pending],
    ["rejected", "rejected", replies.rejected],
    ["spam", "spam", replies.spam],
    ["returned", "returned", replies.returned],
  ];
  const numbers = all.filter(([state, , number]) => number > 0 || state === "approved");
  const total = numbers.reduce((sum, [, , number]) => sum + number, 0);
  const bar = svg("svg", { class: "bar-of-replies", width: "100%", height: 6, "aria-hidden": "true" });
  let x = 0;
  for (const [state, , number] of numbers) {
    const width = (number / Math.max(1, total)) * 100;
    bar.append(svg("rect", { class: `is-${state}`, x: `${x}%`, width: `${width}%`, height: 6 }));
    x += width;
  }
  return h(
    "section",
    { class: "card" },
    h("h2", null, h("a", { href: `#people/${author.id}` }, name(author))),
    h("p", { class: "hint" }, "Here since ", when(author.created_at)),
    total ? bar : null,
    h(
      "p",
      { class: "numbers" },
      ...numbers.map(([state, label, number]) =>
        h("span", { class: `number-of is-${state}` }, h("b", null, number), ` ${label}`),
      ),
    ),
  );
}

/** @param {{items: import("../types/desk.js").Sanction[], suggestion: import("../types/desk.js").SanctionStep | null} | null} sanctions */
function sanctionsOf(sanctions) {
  if (!sanctions?.items.length) return null;
  const { items } = sanctions;
  return h(
    "section",
    { class: "card" },
    h("h2", null, "Sanctions"),
    h(
      "ul",
      null,
      ...items.map((/** @type {any} */ one) =>
        h(
          "li",
          { class: one.is_active ? "is-active" : "is-over" },
          h("b", null, SANCTIONS[one.kind]),
          one.is_active && one.until
            ? h("span", null, " until ", when(one.until))
            : h("span", null, " ", when(one.created_at), one.is_active ? "" : ", over"),
          h("q", { dir: "auto" }, one.reason),
        ),
      ),
    ),
    sanctions.suggestion
      ? h(
          "p",
          { class: "hint" },
          `Next step by the site’s rules: ${SANCTIONS[sanctions.suggestion.kind].toLowerCase()}.`,
        )
      : null,
  );
}

/** @param {string} title @param {any[] | undefined} items @param {(item: any) => Node} show @param {Node} [link] where there is more about it */
function listOf(title, items, show, link) {
  if (!items?.length) return null;
  const FIRST = 5;
  const rest = items.slice(FIRST);
  const list = h("ul", null, ...items.slice(0, FIRST).map(show));
  const more = rest.length
    ? button(
        `${rest.length} more`,
        () => {
          list.append(...rest.map(show));
          more?.remove();
        },
        { class: "quiet" },
      )
    : null;
  return h("section", { class: "card" }, h("h2", null, title), list, more, link);
}

/** @param {import("../types/desk.js").Note} one */
function note(one) {
  return h(
    "li",
    null,
    h("b", null, h("bdi", null, one.author.display_name)),
    " ",
    when(one.created_at),
    h("q", { dir: "auto" }, one.text),
  );
}

/** @param {import("../types/desk.js").Report} one */
function report(one) {
  return h(
    "li",
    { class: one.closed_at ? "is-over" : "" },
    h("b", null, reasonWords(one.reason)),
    ` by `,
    h("bdi", null, one.reporter_username ?? "a closed account"),
    " ",
    when(one.created_at),
    one.closed_at ? h("span", { class: "mark" }, FATES[one.outcome ?? ""] ?? "closed") : null,
    one.weight === 100 ? null : h("span", { class: "hint" }, ` counts ${one.weight} %`),
    one.text ? h("q", { dir: "auto" }, one.text) : null,
  );
}

/** @param {import("../types/desk.js").Item} item */
function former(item) {
  return h("li", null, badge(item.state), " ", when(item.created_at), h("q", { dir: "auto" }, excerpt(item.body)));
}

/** @param {import("../types/desk.js").Story} story */
function about(story) {
  const { commentary } = story;
  const text = h("div", { class: "text is-html small", dir: "auto" });
  if (commentary) showHtml(text, commentary.body_html);
  return h(
    "section",
    { class: "card story-card" },
    h("h2", null, "Story"),
    h("p", { dir: "auto" }, h("b", null, story.headline)),
    h(
      "p",
      { class: "hint" },
      [story.source?.name, story.section, count(story.replies, "reply", "replies"), story.is_closed ? "closed" : null]
        .filter(Boolean)
        .join(" · "),
    ),
    story.excerpt ? h("blockquote", { dir: "auto" }, story.excerpt) : null,
    commentary ? h("details", null, h("summary", null, `${commentary.label}, ${commentary.author_name}`), text) : null,
    story.urls[0]?.startsWith("https://")
      ? h("a", { href: story.urls[0], target: "_blank", rel: "noreferrer" }, "Open the story")
      : null,
  );
}
