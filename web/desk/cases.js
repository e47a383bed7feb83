import { button, fill, h } from "./dom.js";
import { badge, excerpt, failure, name, when } from "./parts.js";
import { query } from "./service.js";
import { siteChoice, siteKeys } from "./sites.js";
import { count, FATES, problemWords, reasonWords } from "./words.js";

const PAGE = 20;

/** @type {Record<string, string>} */
const STATES = { open: "Open", upheld: "Upheld", dismissed: "Dismissed", moot: "Moot" };
/** Where a case stands, in words. @type {Record<string, string>} */
const STANDS = {
  open: "Open",
  in_review: "Somebody looks at it",
  upheld: "Upheld: the reply was refused",
  dismissed: "Dismissed: the reply stays",
  moot: "Moot: nothing was left to decide",
};
/** What reports weigh, as if each were by somebody without a record. @param {number} weight */
const readers = (weight) => count(Math.round(weight / 10) / 10, "reader", "readers");

/**
 * Cases: all reports of a reply together. With a reply's id in the address the whole case.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export function showCases(place, around) {
  const [id] = around.rest;
  return id ? showCase(place, around, id) : listCases(place, around);
}

/** @param {HTMLElement} place @param {import("./more.js").Around} around */
async function listCases(place, { session, board }) {
  const state = h("select", { "aria-label": "Where they stand" });
  state.append(...Object.entries(STATES).map(([value, label]) => h("option", { value }, label)));
  const list = h("ol", { class: "found" }, h("li", { class: "hint" }, "Reading…"));
  const bottom = h("div", null);
  let site = "";
  let asked = 0;
  /** @param {string | null} cursor */
  const read = async (cursor) => {
    const number = ++asked;
    try {
      const page = await session.ask(
        `/api/v1/moderation/cases${query({ state: state.value, site, cursor, limit: PAGE })}`,
      );
      // a case says nothing of its reply
      const about = await Promise.all(page.items.map(replyOf));
      if (number !== asked) return;
      if (!cursor) fill(list);
      list.append(...page.items.map((/** @type {any} */ one, /** @type {number} */ at) => row(one, about[at], board)));
      if (!list.children.length) fill(list, h("li", { class: "empty" }, "There is none."));
      fill(bottom, page.next_cursor ? button("More", () => read(page.next_cursor)) : null);
    } catch (problem) {
      fill(list, h("li", null, failure(problemWords(/** @type {any} */ (problem)))));
    }
  };
  /** @param {import("../types/desk.js").Case} one */
  const replyOf = (one) => session.ask(`/api/v1/moderation/replies/${one.reply_id}`).catch(() => null);
  const choose = (/** @type {string} */ key) => {
    site = key;
    read(null);
  };
  state.addEventListener("change", () => read(null));
  const keys = await siteKeys(session).catch(() => []);
  const choice = siteChoice(keys, "", choose);
  choice?.querySelector("select")?.prepend(h("option", { value: "", selected: true }, "All sites"));
  fill(
    place,
    h("h1", null, "Cases"),
    h("p", { class: "hint" }, "All that readers reported of a reply is one case; the longest open first."),
    h("div", { class: "row choices-above" }, state, choice),
    list,
    bottom,
  );
  await read(null);
}

/**
 * @param {import("../types/desk.js").Case} one
 * @param {import("../types/desk.js").Item | null} item
 * @param {import("./board.js").Board} board
 */
function row(one, item, board) {
  return h(
    "li",
    { class: "card" },
    h(
      "p",
      { class: "meta" },
      item ? name(item.author) : h("b", null, "A reply"),
      item ? badge(item.state) : null,
      h("span", { class: "site" }, one.site),
      h("span", null, "opened ", when(one.opened_at)),
    ),
    item ? h("p", { class: "text small", dir: "auto" }, excerpt(item.body)) : null,
    standing(one, board),
    h("p", null, h("a", { href: `#cases/${one.reply_id}` }, "The whole case")),
  );
}

/** @param {import("../types/desk.js").Case} one @param {import("./board.js").Board} board */
function standing(one, board) {
  const by = one.closed_by ? `, by ${board.nameOf(one.closed_by)}` : "";
  const sentences = [
    `${STANDS[one.state]}${by}`,
    one.weight ? `Its reports count like those of ${readers(one.weight)}` : null,
    one.held_back_weight
      ? `More came since it was dismissed, which count like those of ${readers(one.held_back_weight)}`
      : null,
    one.reopened ? `It was opened again ${count(one.reopened, "time", "times")}` : null,
  ];
  return h("p", { class: "hint" }, `${sentences.filter(Boolean).join(". ")}.`);
}

/** @param {HTMLElement} place @param {import("./more.js").Around} around @param {string} id */
async function showCase(place, { session, board }, id) {
  const heading = h("h1", null, "A case");
  const back = h("p", null, h("a", { href: "#cases" }, "All cases"));
  fill(place, heading, back, h("p", { class: "hint" }, "Reading…"));
  const reports = h("ol", { class: "found" });
  const bottom = h("div", null);
  const told = h("div", { class: "told" });
  try {
    const [item, whole] = await Promise.all([
      session.ask(`/api/v1/moderation/replies/${id}`),
      session.ask(`/api/v1/moderation/replies/${id}/case?limit=${PAGE}`),
    ]);
    await board.learnName(whole.case?.closed_by ?? null);
    /** @param {{items: import("../types/desk.js").CaseReport[], next_cursor: string | null}} page */
    const take = (page) => {
      reports.append(...page.items.map((one) => reportRow(one, item)));
      fill(bottom, page.next_cursor ? button("More", () => more(page.next_cursor)) : null);
    };
    const more = async (/** @type {string | null} */ cursor) => {
      const path = `/api/v1/moderation/replies/${id}/case${query({ limit: PAGE, cursor })}`;
      await session.ask(path).then(
        ({ reports }) => take(reports),
        (problem) => fill(bottom, failure(problemWords(problem))),
      );
    };
    const open = async () => {
      try {
        await board.look(id);
        location.hash = "";
      } catch (problem) {
        fill(told, failure(problemWords(/** @type {any} */ (problem))));
      }
    };
    fill(
      place,
      heading,
      back,
      h(
        "section",
        { class: "card" },
        h("p", { class: "meta" }, name(item.author), badge(item.state), when(item.created_at)),
        h("p", { class: "story" }, h("bdi", null, item.story.headline)),
        h("div", { class: "text", dir: "auto" }, item.body),
        whole.case ? standing(whole.case, board) : h("p", { class: "hint" }, "Nobody has reported it."),
        told,
        h("div", { class: "row" }, button("Decide about it", open, { class: "primary" })),
      ),
      h("h2", null, "What readers said"),
      reports,
      bottom,
    );
    take(whole.reports);
  } catch (problem) {
    fill(place, heading, back, failure(problemWords(/** @type {any} */ (problem))));
  }
}

/** @param {import("../types/desk.js").CaseReport} one @param {import("../types/desk.js").Item} item */
function reportRow(one, item) {
  const { reporter } = one;
  const record =
    reporter.upheld || reporter.dismissed
      ? `${reporter.upheld} of ${count(reporter.upheld + reporter.dismissed, "former report was", "former reports were")} upheld`
      : "first report here";
  return h(
    "li",
    { class: "card" },
    h(
      "p",
      { class: "meta" },
      h("b", null, reasonWords(one.reason)),
      h("a", { href: `#people/${reporter.id}` }, h("bdi", null, reporter.username ?? "a closed account")),
      when(one.created_at),
      h("span", { class: "mark" }, one.closed_at ? (FATES[one.outcome ?? ""] ?? "closed") : "open"),
    ),
    one.text ? h("blockquote", { dir: "auto" }, one.text) : null,
    h(
      "p",
      { class: "hint" },
      `${record}; counts ${one.weight} %`,
      one.revision === item.revision ? "." : `; about text ${one.revision} of ${item.revision}.`,
    ),
  );
}
