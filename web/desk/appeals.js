import { button, fill, h, say } from "./dom.js";
import { badge, failure, name, when } from "./parts.js";
import { countAppeals } from "./waiting.js";
import { query } from "./service.js";
import { done, PROBLEMS, problemWords, reasonWords } from "./words.js";

/** @typedef {import("../types/desk.js").Item} Item */

const PAGE = 50;

/**
 * Authors who say that a refusal was wrong; somebody else than who refused decides.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showAppeals(place, around) {
  const { session } = around;
  const list = h("ol", { class: "found" }, h("li", { class: "hint" }, "Reading…"));
  const bottom = h("div", null);
  fill(
    place,
    h("h1", null, "Appeals"),
    h("p", { class: "hint" }, "Somebody else than who refused decides. The author is sent your reasons."),
    list,
    bottom,
  );
  /** @param {string | null} cursor */
  const read = async (cursor) => {
    try {
      const asked = { queue: "appeals", sort: "oldest", cursor, limit: PAGE };
      const page = await session.ask(`/api/v1/moderation/replies${query(asked)}`);
      const items = page.items.filter((/** @type {Item} */ { appeal }) => appeal);
      const rows = items.map((/** @type {Item} */ item) => row(item, around));
      if (!cursor) fill(list);
      list.append(...rows);
      if (!list.children.length) fill(list, h("li", { class: "empty" }, "Nobody appeals."));
      fill(bottom, page.next_cursor ? button("More", () => read(page.next_cursor)) : null);
    } catch (problem) {
      fill(bottom, failure(problemWords(/** @type {any} */ (problem))));
      if (!cursor) fill(list);
    }
  };
  await read(null);
}

/** @param {Item} item @param {import("./more.js").Around} around */
function row(item, { session, board, tell }) {
  const appeal = /** @type {import("../types/desk.js").Appeal} */ (item.appeal);
  const refusal = item.decisions.find((/** @type {any} */ { action }) => action === "reject" || action === "spam");
  const whose = appeal.is_for_others
    ? PROBLEMS[item.author.id === session.accountId ? "own_reply" : "first_decider"]
    : appeal.refused_by === session.accountId && "You refused it yourself, but nobody else is there to decide.";
  const reasons = h("textarea", {
    rows: "3",
    maxlength: "2000",
    "aria-label": "Your reasons, for the author",
    placeholder: "Your reasons, for the author",
  });
  const told = h("div", { class: "told", role: "status" });
  const decide = async (/** @type {string} */ ruling) => {
    if (!reasons.value.trim()) {
      fill(told, failure("Say why: the author is owed reasons."));
      return reasons.focus();
    }
    try {
      const body = { ruling, version: item.version, reasons: reasons.value.trim() };
      await session.post(`/api/v1/moderation/appeals/${appeal.id}/decision`, body);
      say("The appeal is decided.");
      countAppeals(session).then(tell, () => {});
      fill(
        card,
        h(
          "p",
          { class: "hint" },
          ruling === "overturned" ? "Granted: the reply is public." : "Turned down: it stays refused.",
        ),
      );
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const card = h(
    "li",
    { class: "card" },
    h("p", { class: "meta" }, name(item.author), badge(item.state), h("bdi", null, item.story.headline)),
    h("div", { class: "text", dir: "auto" }, item.body),
    refusal
      ? h(
          "p",
          { class: "hint" },
          `${board.nameOf(refusal.actor_id)}: ${done(refusal.action)}`,
          refusal.reason ? ` (${reasonWords(refusal.reason)}) ` : " ",
          when(refusal.created_at),
        )
      : null,
    h("h2", null, "The author says, ", when(appeal.created_at)),
    h("blockquote", { dir: "auto" }, appeal.text),
    whose ? h("p", { class: "hint" }, whose) : null,
    ...(appeal.is_for_others
      ? []
      : [
          reasons,
          told,
          h(
            "div",
            { class: "row" },
            button("Make it public", () => decide("overturned"), { class: "primary" }),
            button("Leave it refused", () => decide("upheld")),
          ),
        ]),
  );
  return card;
}
