import { button, fill, h } from "./dom.js";
import { failure, when } from "./parts.js";
import { query } from "./service.js";
import { showForSite } from "./sites.js";
import { done, DONE, problemWords, reasonWords, STATES } from "./words.js";

/**
 * What was done on a site, by whom.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export function showLog(place, around) {
  const { session, board } = around;
  showForSite(place, "Log", around, async (content, site) => {
    const action = h("select", { "aria-label": "What was done" }, h("option", { value: "" }, "Everything"));
    action.append(...Object.keys(DONE).map((value) => h("option", { value }, done(value))));
    const body = h("tbody", null);
    const bottom = h("div", null);
    const read = async (/** @type {string | null} */ cursor) => {
      try {
        const page = await session.ask(
          `/api/v1/sites/${site}/log${query({ action: action.value, cursor, limit: 50 })}`,
        );
        const people = new Set(page.items.map((/** @type {any} */ entry) => entry.actor_id));
        await Promise.all([...people].map((id) => board.learnName(id)));
        body.append(...page.items.map(row));
        fill(
          bottom,
          page.next_cursor ? button("More", () => read(page.next_cursor)) : null,
          body.children.length ? null : h("p", { class: "empty" }, "Nothing of that."),
        );
      } catch (problem) {
        fill(bottom, failure(problemWords(/** @type {any} */ (problem))));
      }
    };
    /** @param {any} entry */
    const row = (entry) =>
      h(
        "tr",
        null,
        h("td", null, when(entry.created_at)),
        h("td", null, h("bdi", null, board.nameOf(entry.actor_id))),
        h("td", null, done(entry.action), entry.reason ? ` (${reasonWords(entry.reason)})` : null),
        h(
          "td",
          null,
          entry.to_state && entry.to_state !== entry.from_state ? `${STATES[entry.to_state]} ` : null,
          entry.message || entry.note ? h("q", { dir: "auto" }, entry.message ?? entry.note) : null,
        ),
        h("td", null, entry.reply_id ? button("Reply", () => open(entry.reply_id), { class: "quiet" }) : null),
      );
    const open = async (/** @type {string} */ id) => {
      await board.look(id).catch(() => {});
      location.hash = "";
    };
    action.addEventListener("change", () => {
      fill(body);
      read(null);
    });
    const heads = ["When", "Who", "What", "Then", "About"].map((head) => h("th", { scope: "col" }, head));
    fill(
      content,
      h("p", null, action),
      h(
        "div",
        { class: "table", tabindex: "0", role: "region", "aria-label": "The log" },
        h("table", null, h("thead", null, h("tr", null, ...heads)), body),
      ),
      bottom,
    );
    await read(null);
  });
}
