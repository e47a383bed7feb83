import { button, changed, fill, h } from "./dom.js";
import { badge, excerpt, failure, when } from "./parts.js";
import { count, done, RULES } from "./words.js";

/** @typedef {{element: HTMLElement, tell: (item: import("../types/desk.js").Item) => void}} Row of the list; `tell` how it is now */

/**
 * The list of the queue.
 *
 * @param {HTMLElement} place
 * @param {import("./board.js").Board} board
 * @param {import("./actions.js").Actions} actions
 */
export function showList(place, board, actions) {
  const top = h("div", { class: "list-top" });
  const rows = h("ol", { class: "rows" });
  const bottom = h("div", { class: "list-bottom" });
  fill(place, top, rows, bottom);
  /** @type {Map<string, Row>} */
  const made = new Map();
  const topShown = changed(top);
  const bottomShown = changed(bottom);
  /** @type {string | undefined} */
  let current;

  const show = () => {
    const { items, source, selected, arrived, problem, isLoading } = board;
    topShown([source, arrived, selected.size, items.length], () => [
      source.kind === "items" ? h("p", { class: "hint" }, source.title) : null,
      arrived
        ? button(`${count(arrived, "new reply", "new replies")}: show`, () => board.reload(), { class: "arrived" })
        : null,
      selected.size ? selection() : null,
    ]);
    const ids = new Set(items.map(({ id }) => id));
    for (const [id, { element }] of made) {
      if (ids.has(id)) continue;
      element.remove();
      made.delete(id);
    }
    // what stays where it is is not touched, so that a focus in it stays as well
    let at = rows.firstElementChild;
    for (const item of items) {
      const row = made.get(item.id) ?? makeRow(item);
      made.set(item.id, row);
      row.tell(item);
      if (row.element === at) at = at.nextElementSibling;
      else rows.insertBefore(row.element, at);
    }
    // whoever looks around in the list is left where he is
    if (board.current?.id !== current) {
      current = board.current?.id;
      if (current) made.get(current)?.element.scrollIntoView({ block: "nearest" });
    }
    bottomShown([problem, isLoading, items.length], () => [
      problem ? failure(problem) : null,
      isLoading && !items.length ? h("p", { class: "hint" }, "Reading…") : null,
      !isLoading && !items.length && !problem
        ? h("p", { class: "empty" }, "All done. What comes in shows up here.")
        : null,
    ]);
  };

  const selection = () =>
    h(
      "div",
      { class: "selection" },
      h("b", null, `${board.selected.size} selected`),
      button("Approve", () => actions.approve(), { key: "a" }),
      button("Reject", () => actions.reject(), { key: "r" }),
      button("Spam", () => actions.spam(), { key: "s" }),
      board.selected.size < board.items.length
        ? button(`All ${board.items.length} here`, () => actions.selectAll(), { class: "quiet" })
        : null,
      button("None", () => actions.unselect(), { class: "quiet", key: "Esc" }),
    );

  /** What others do with it, in words. @param {import("../types/desk.js").Item} item */
  const state = (item) => {
    const decided = board.decidedByOthers.get(item.id);
    if (decided) return `${board.nameOf(decided.accountId)}: ${done(decided.action)}`;
    const claim = board.claimOf(item);
    return claim ? `${board.nameOf(claim.account_id)} is on it` : "";
  };

  /** @param {import("../types/desk.js").Item} first @returns {Row} */
  const makeRow = (first) => {
    let item = first;
    const box = h("input", {
      type: "checkbox",
      "aria-label": `Select ${item.author.display_name}’s reply`,
      "data-name": `select ${item.id}`,
    });
    box.addEventListener("change", () => {
      if (box.checked) board.selected.add(item.id);
      else board.selected.delete(item.id);
      board.tell("list");
    });
    const open = () => {
      board.show(item);
      board.tell("open");
    };
    const label = h("button", { type: "button", onclick: open, "data-name": `open ${item.id}` });
    const element = h("li", null, h("label", { class: "tick" }, box), label);
    const words = changed(label);
    return {
      element,
      tell: (now) => {
        item = now;
        const other = state(item);
        words([item.version, item.notes, item.open_reports, other], () => rowWords(item, other));
        element.className = `row${other ? " is-taken" : ""}`;
        if (item === board.current) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
        box.checked = board.selected.has(item.id);
      },
    };
  };
  board.addEventListener("list", show);
  board.addEventListener("current", show);
  show();
}

/** @param {import("../types/desk.js").Item} item @param {string} other what others do with it */
function rowWords(item, other) {
  const points = item.waiting?.points ?? 0;
  return [
    h(
      "span",
      { class: "row-top" },
      h("b", null, h("bdi", null, item.author.display_name)),
      points >= 40 ? h("span", { class: "urgent", title: `${points} points` }, "urgent") : null,
      item.waiting ? when(item.waiting.since) : badge(item.state),
    ),
    h("span", { class: "row-story" }, h("bdi", null, item.story.headline)),
    h("span", { class: "row-text" }, h("bdi", null, excerpt(item.body))),
    h(
      "span",
      { class: "row-marks" },
      item.open_reports ? h("span", { class: "mark is-report" }, count(item.open_reports, "report", "reports")) : null,
      ...rulesOf(item).map((rule) => h("span", { class: "mark" }, rule)),
      item.notes ? h("span", { class: "mark" }, count(item.notes, "note", "notes")) : null,
      other ? h("span", { class: "taken" }, other) : null,
    ),
  ];
}

/** @param {import("../types/desk.js").Item} item @returns {string[]} */
function rulesOf(item) {
  return [...new Set(item.findings.map((/** @type {any} */ { rule }) => RULES[rule] ?? rule))].slice(0, 3);
}
