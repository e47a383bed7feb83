import { button, fill, h } from "./dom.js";
import { badge, excerpt, failure, when } from "./parts.js";
import { count, done, RULES } from "./words.js";

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
  /** What a row shows, so that one which shows the same stays. @type {Map<string, {shown: string, row: HTMLElement}>} */
  let made = new Map();

  const show = () => {
    fill(
      top,
      board.source.kind === "items" ? h("p", { class: "hint" }, board.source.title) : null,
      board.arrived
        ? button(`${count(board.arrived, "new reply", "new replies")}: show`, () => board.reload(), {
            class: "arrived",
          })
        : null,
      board.selected.size ? selection() : null,
    );
    const next = new Map();
    rows.replaceChildren(
      ...board.items.map((item) => {
        const shown = JSON.stringify([item.version, state(item), item === board.current, board.selected.has(item.id)]);
        const kept = made.get(item.id);
        const row = kept?.shown === shown ? kept.row : makeRow(item);
        next.set(item.id, { shown, row });
        return row;
      }),
    );
    made = next;
    const current = rows.querySelector('[aria-current="true"]');
    current?.scrollIntoView({ block: "nearest" });
    fill(
      bottom,
      board.problem ? failure(board.problem) : null,
      board.isLoading && !board.items.length ? h("p", { class: "hint" }, "Reading…") : null,
      !board.isLoading && !board.items.length && !board.problem
        ? h("p", { class: "empty" }, "All done. What comes in shows up here.")
        : null,
    );
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

  /** @param {import("../types/desk.js").Item} item */
  const makeRow = (item) => {
    const isCurrent = item === board.current;
    const other = state(item);
    const box = h("input", {
      type: "checkbox",
      "aria-label": `Select ${item.author.display_name}’s reply`,
      checked: board.selected.has(item.id),
    });
    box.addEventListener("change", () => {
      if (box.checked) board.selected.add(item.id);
      else board.selected.delete(item.id);
      board.dispatchEvent(new Event("list"));
    });
    const open = () => {
      board.show(item);
      actions.dispatchEvent(new Event("open"));
    };
    const points = item.waiting?.points ?? 0;
    return h(
      "li",
      { class: `row${other ? " is-taken" : ""}`, "aria-current": isCurrent && "true" },
      h("label", { class: "tick" }, box),
      h(
        "button",
        { type: "button", onclick: open },
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
          item.open_reports
            ? h("span", { class: "mark is-report" }, count(item.open_reports, "report", "reports"))
            : null,
          ...rulesOf(item).map((rule) => h("span", { class: "mark" }, rule)),
          item.notes ? h("span", { class: "mark" }, count(item.notes, "note", "notes")) : null,
          other ? h("span", { class: "taken" }, other) : null,
        ),
      ),
    );
  };
  board.addEventListener("list", show);
  board.addEventListener("current", show);
  show();
}

/** @param {import("../types/desk.js").Item} item @returns {string[]} */
function rulesOf(item) {
  return [...new Set(item.findings.map((/** @type {any} */ { rule }) => RULES[rule] ?? rule))].slice(0, 3);
}
