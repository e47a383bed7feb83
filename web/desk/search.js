import { button, fill, h } from "./dom.js";
import { badge, failure, marked, name, when } from "./parts.js";
import { query } from "./service.js";
import { count, problemWords, QUEUES, STATES } from "./words.js";

/** Longer texts are shown around their first found word. */
const BEFORE = 80;
const SHOWN = 360;

/**
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export function showSearch(place, { session, board }) {
  const q = h("input", {
    type: "search",
    name: "q",
    "aria-label": "Words",
    placeholder: 'free money  "in this order"  crypt*  -joke',
    autocomplete: "off",
  });
  const queue = h("select", { name: "queue", "aria-label": "Where" }, h("option", { value: "" }, "Everywhere"));
  for (const [value, label] of Object.entries({ ...QUEUES, ...STATES })) {
    if (![...queue.options].some((option) => option.value === value)) queue.append(h("option", { value }, label));
  }
  const author = h("input", { name: "author", "aria-label": "Author", placeholder: "Author", autocomplete: "off" });
  const form = h(
    "form",
    { class: "search", role: "search" },
    q,
    author,
    queue,
    h("button", { class: "primary", type: "submit" }, "Search"),
  );
  const told = h("p", { class: "hint", role: "status" });
  const results = h("ol", { class: "found" });
  const bottom = h("div", null);
  fill(place, h("h1", null, "Search"), form, told, results, bottom);
  q.focus();
  let number = 0;

  /** @param {string | null} cursor */
  const read = async (cursor) => {
    const asked = ++number;
    try {
      const params = { q: q.value.trim(), author: author.value.trim(), queue: queue.value, cursor, limit: 25 };
      const page = await session.ask(`/api/v1/moderation/search${query(params)}`);
      if (asked !== number) return;
      results.append(...page.items.map(row));
      const all = results.children.length;
      told.textContent = `${count(all, "reply", "replies")} found${page.next_cursor ? " so far" : ""}.${page.is_complete ? "" : " Older ones are still being prepared."}`;
      fill(bottom, page.next_cursor ? button("More", () => read(page.next_cursor)) : null);
    } catch (problem) {
      fill(bottom, failure(problemWords(/** @type {any} */ (problem))));
    }
  };

  /** @param {any} found */
  const row = ({ item, marks }) => {
    const spans = marks.body.map((/** @type {any} */ span) => ({ ...span, title: "found" }));
    const open = async () => {
      await board.open({ kind: "items", title: `Found: ${q.value || author.value}`, items: [item] });
      location.hash = "";
    };
    return h(
      "li",
      { class: "card" },
      h("p", { class: "meta" }, name(item.author), when(item.created_at), badge(item.state)),
      h("p", { class: "story" }, h("bdi", null, item.story.headline)),
      h("p", { class: "text small", dir: "auto" }, ...around(item.body, spans)),
      h("div", { class: "row" }, button("Open", open), h("a", { href: `#people/${item.author.id}` }, "Author")),
    );
  };

  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    fill(results);
    fill(bottom);
    if (q.value.trim() || author.value.trim()) read(null);
  });
}

/** @param {string} body @param {{start: number, end: number, title: string}[]} spans */
function around(body, spans) {
  const characters = Array.from(body);
  if (characters.length <= SHOWN) return marked(body, spans);
  const from = Math.max(0, (spans[0]?.start ?? 0) - BEFORE);
  const part = characters.slice(from, from + SHOWN).join("");
  const moved = spans.map(({ start, end, title }) => ({ start: start - from, end: end - from, title }));
  return [
    from ? "…" : "",
    ...marked(
      part,
      moved.filter(({ start, end }) => start >= 0 && end <= SHOWN),
    ),
    "…",
  ];
}
