import { button, fill, h, say } from "./dom.js";
import { badge, failure, name, when } from "./parts.js";
import { done, problemWords, reasonWords } from "./words.js";

/**
 * Authors who say that a refusal was wrong; somebody else than who refused decides.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showAppeals(place, around) {
  const { session } = around;
  const list = h("ol", { class: "found" }, h("li", { class: "hint" }, "Reading…"));
  fill(
    place,
    h("h1", null, "Appeals"),
    h("p", { class: "hint" }, "Somebody else than who refused decides. The author is sent your reasons."),
    list,
  );
  try {
    const { items } = await session.ask("/api/v1/moderation/replies?queue=appeals&sort=oldest&limit=50");
    const rows = items.map((/** @type {import("../types/desk.js").Item} */ item) => row(item, around));
    fill(list, ...(rows.length ? rows : [h("li", { class: "empty" }, "Nobody appeals.")]));
  } catch (problem) {
    fill(list, h("li", null, failure(problemWords(/** @type {any} */ (problem)))));
  }
}

/** @param {import("../types/desk.js").Item} item @param {import("./more.js").Around} around */
function row(item, { session, board }) {
  const { appeal } = item;
  if (!appeal) return null;
  const isOwn = appeal.refused_by === session.accountId;
  const refusal = item.decisions.find((/** @type {any} */ { action }) => action === "reject" || action === "spam");
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
    isOwn ? h("p", { class: "hint" }, "You refused it yourself: leave it to a colleague if there is one.") : null,
    reasons,
    told,
    h(
      "div",
      { class: "row" },
      button("Make it public", () => decide("overturned"), { class: "primary" }),
      button("Leave it refused", () => decide("upheld")),
    ),
  );
  return card;
}
