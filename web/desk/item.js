import { button, fill, h } from "./dom.js";
import { showHtml } from "../shared/html.js";
import { badge, cannotBeShown, failure, foundNumber, marked, name, when } from "./parts.js";
import { count, done, exactTime, OUTCOMES, RULES, WHY } from "./words.js";

/**
 * The reply that is looked at, and what can be done.
 *
 * @param {HTMLElement} place
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 * @param {import("./actions.js").Actions} actions
 */
export function showItem(place, session, board, actions) {
  const back = button("All replies", () => leave(), { class: "back quiet" });
  const standing = h("div", { class: "standing" });
  const body = h("div", { class: "item-body", id: "reply" });
  const bar = h(
    "div",
    { class: "actions", role: "group", "aria-label": "Decide" },
    button("Approve", () => actions.approve(), { key: "a", class: "approve" }),
    button("Reject", () => actions.reject(), { key: "r", class: "reject" }),
    button("Spam", () => actions.spam(), { key: "s", class: "reject" }),
    button("Return", () => actions.giveBack(), { key: "e" }),
    button("Feature", () => actions.feature(), { key: "f" }),
    button("Note", () => actions.note(), { key: "n" }),
    button("Undo", () => actions.undo(), { key: "u", class: "undo" }),
    button("Previous", () => actions.move(-1), { key: "k", class: "quiet" }),
    button("Next", () => actions.move(1), { key: "j", class: "quiet" }),
  );
  fill(place, back, standing, body, bar);

  const undo = /** @type {HTMLButtonElement} */ (bar.querySelector(".undo"));
  const showUndo = () => (undo.disabled = !actions.last);
  actions.addEventListener("done", showUndo);
  showUndo();

  // on a narrow screen either the list or the reply is there
  const work = () => /** @type {HTMLElement} */ (place.parentElement);
  const leave = () => {
    work().classList.remove("is-reading");
    focusRow();
  };
  const focusRow = () =>
    /** @type {HTMLElement | null} */ (work().querySelector('.row[aria-current="true"] > button'))?.focus();
  board.addEventListener("open", () => {
    work().classList.add("is-reading");
    focus();
  });
  const focus = () => /** @type {HTMLElement} */ (place.querySelector("h1") ?? place).focus({ preventScroll: true });
  /** In the list alone the next row is to have the focus, once it is known which that is. */
  let isRowAwaited = false;
  actions.addEventListener("next", () => {
    if (place.checkVisibility()) return focus();
    isRowAwaited = !board.current;
    focusRow();
  });

  /** @type {any} */
  let shown;
  const show = () => {
    const item = board.current;
    place.classList.toggle("is-empty", !item);
    for (const one of bar.querySelectorAll("button")) if (one !== undo) one.disabled = !item;
    showStanding();
    if (item && item === shown) return;
    shown = item;
    const hasFocus = place.contains(document.activeElement);
    fill(
      body,
      ...(item
        ? parts(item)
        : [h("p", { class: "empty" }, board.isLoading || board.isHandedOut ? "Reading…" : "Nothing is left here.")]),
    );
    place.scrollTop = 0;
    if (work().classList.contains("is-reading")) scrollTo(0, 0);
    if (item && isRowAwaited) {
      isRowAwaited = false;
      // the list marks it in its turn
      queueMicrotask(focusRow);
    }
    if (!item && !board.isHandedOut) leave();
    else if (hasFocus && (document.activeElement === place || !place.contains(document.activeElement))) focus();
  };

  const showStanding = () => {
    const item = board.current;
    const claim = item && board.claimOf(item);
    const decided = item && board.decidedByOthers.get(item.id);
    fill(
      standing,
      claim ? h("p", { class: "taken" }, `${board.nameOf(claim.account_id)} is on it`) : null,
      decided
        ? h(
            "p",
            { class: "taken" },
            `${board.nameOf(decided.accountId)}: ${done(decided.action)}. `,
            button("Look again", () => board.look(item.id).catch(cannotBeShown), { class: "quiet" }),
          )
        : null,
    );
  };

  /** @param {import("../types/desk.js").Item} item */
  const parts = (item) => [
    h(
      "header",
      { class: "item-head" },
      h("p", { class: "story" }, h("span", { class: "site" }, item.site), " ", h("bdi", null, item.story.headline)),
      h("h1", { tabindex: "-1" }, name(item.author)),
      h(
        "p",
        { class: "meta" },
        h("span", null, when(item.created_at), ` (${exactTime(item.created_at)})`),
        badge(item.state),
        item.edited_at
          ? h("span", null, "changed ", when(item.edited_at), item.is_edited_by_staff ? " by staff" : "")
          : null,
        item.recommendations ? h("span", null, count(item.recommendations, "recommendation", "recommendations")) : null,
        item.visible_below ? h("span", null, count(item.visible_below, "reply below", "replies below")) : null,
      ),
    ),
    why(item, (id) => board.look(id).catch(cannotBeShown)),
    item.ancestors.length ? ancestors(item) : null,
    text(item),
    item.revision > 1 ? changes(item) : null,
  ];

  /** @param {import("../types/desk.js").Item} item */
  const text = (item) => {
    const spans = item.findings.flatMap((/** @type {any} */ finding, /** @type {number} */ at) =>
      finding.spans.map((/** @type {any} */ span) => ({
        ...span,
        number: at + 1,
        title: `${RULES[finding.rule]}: ${finding.words}`,
      })),
    );
    const source = h("div", { class: "text", dir: "auto" }, ...marked(item.body, spans));
    const read = h("div", { class: "text is-html", dir: "auto", hidden: true });
    const turn = button(
      "As readers see it",
      () => {
        if (!read.hasChildNodes()) showHtml(read, item.body_html);
        read.hidden = !read.hidden;
        source.hidden = !read.hidden;
        turn.setAttribute("aria-pressed", String(!read.hidden));
      },
      { class: "quiet", "aria-pressed": "false" },
    );
    return h("section", { class: "reply", "aria-label": "Text" }, source, read, h("p", { class: "turn" }, turn));
  };

  /** @param {import("../types/desk.js").Item} item */
  const changes = (item) => {
    const place = h("div", { class: "diff-place" });
    const details = h(
      "details",
      { class: "changes" },
      h("summary", null, `Changed ${count(item.revision - 1, "time", "times")}`),
      place,
    );
    const from = h("select", { "aria-label": "Since which text" });
    for (let revision = item.revision - 1; revision >= 1 && revision > item.revision - 50; revision--) {
      from.append(h("option", { value: revision }, `since text ${revision} of ${item.revision}`));
    }
    const diff = h("div", { class: "text diff", dir: "auto" });
    const read = async () => {
      try {
        const path = `/api/v1/moderation/replies/${item.id}/diff?from=${from.value}&to=${item.revision}`;
        const { parts } = await session.ask(path);
        /** @type {Record<string, string>} */
        const tags = { added: "ins", removed: "del", same: "span" };
        fill(diff, ...parts.map((/** @type {any} */ part) => h(tags[part.change], null, part.text)));
      } catch (problem) {
        fill(diff, failure(/** @type {Error} */ (problem).message));
      }
    };
    from.addEventListener("change", read);
    details.addEventListener("toggle", () => {
      if (!details.open || place.hasChildNodes()) return;
      fill(place, from, diff);
      read();
    });
    return details;
  };

  board.addEventListener("current", show);
  board.addEventListener("item", showStanding);
  board.addEventListener("list", showStanding);
  show();
}

/** Ids of other replies in the words of a finding. */
const ID = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/;
const REPLY_BY_ID = new RegExp(`\\breply (?=${ID.source})`, "g");

/**
 * Why it is here.
 *
 * @param {import("../types/desk.js").Item} item
 * @param {(id: string) => void} look shows another reply
 */
function why(item, look) {
  const linked = (/** @type {string} */ words) =>
    words
      .replace(REPLY_BY_ID, "")
      .split(ID)
      .map((part) => (ID.test(part) ? button("this reply", () => look(part), { class: "link" }) : part));
  const lines = item.findings.map(
    (/** @type {any} */ { rule, words, score, outcome, spans }, /** @type {number} */ at) =>
      h(
        "li",
        { class: `finding is-${outcome}` },
        spans.length ? foundNumber(at + 1) : null,
        h("b", null, RULES[rule] ?? rule),
        " ",
        ...linked(words),
        " ",
        h("span", { class: "hint" }, OUTCOMES[outcome], score < 1 ? `, ${Math.round(score * 100)} % sure` : ""),
      ),
  );
  const failed = item.not_run.map((/** @type {any} */ one) =>
    h(
      "li",
      { class: "finding" },
      h("b", null, RULES[one.rule] ?? one.rule),
      ` could not run: ${one.why.replaceAll("_", " ")}`,
    ),
  );
  const points = (item.waiting?.why ?? []).map((/** @type {any} */ one) =>
    h("span", { class: "mark" }, `${one.words}: ${count(one.points, "point", "points")}`),
  );
  const first = item.decided_by && item.decided_by !== "rules" ? WHY[item.decided_by] : null;
  const reported = item.open_reports ? count(item.open_reports, "open report", "open reports") : null;
  const sentence = [first, reported, item.returned ? "It came back from its author" : null].filter(Boolean).join(". ");
  if (!lines.length && !failed.length && !points.length && !sentence) return null;
  return h(
    "section",
    { class: "why", "aria-label": "Why it is here" },
    sentence ? h("p", null, `${sentence}.`) : null,
    lines.length || failed.length ? h("ul", null, ...lines, ...failed) : null,
    item.returned ? h("p", { class: "hint" }, "Asked of its author: ", h("q", null, item.returned.message)) : null,
    points.length ? h("p", { class: "points" }, ...points) : null,
  );
}

/** @param {import("../types/desk.js").Item} item What it answers, the nearest open. */
function ancestors(item) {
  const shown = item.ancestors.map((/** @type {any} */ one, /** @type {number} */ index) => {
    const text = h("div", { class: "text is-html", dir: "auto" });
    showHtml(text, one.body_html);
    const isLast = index === item.ancestors.length - 1;
    return h(
      "details",
      { open: isLast },
      h(
        "summary",
        null,
        h("b", null, h("bdi", null, one.display_name)),
        " ",
        when(one.created_at),
        one.state === "approved" ? null : badge(one.state),
      ),
      text,
    );
  });
  return h(
    "section",
    { class: "ancestors", "aria-label": "What it answers" },
    item.ancestors_left_out
      ? h("p", { class: "hint" }, count(item.ancestors_left_out, "more above", "more above"))
      : null,
    ...shown,
  );
}
