import { button, fill, h, labelled, say } from "./dom.js";
import { badge, failure, when } from "./parts.js";
import { done, problemWords } from "./words.js";

/** Reasons that nobody could follow are none. */
const REASONS_MIN = 20;

/**
 * What is decided about the notices of a text, with the reasons that are owed; says what follows from it, and of a conflict what
 * somebody else did.
 *
 * @param {import("../types/desk.js").NoticedText} text
 * @param {import("./more.js").Around} around
 * @param {(words: string) => void} decided
 * @param {() => void} again reads the list anew
 */
export function makeDecision(text, { session, board }, decided, again) {
  /** One answer, however often it is sent. */
  const key = crypto.randomUUID();
  const isAnother = text.revision !== text.first.revision;
  const outcome = h(
    "select",
    { required: true },
    h("option", { value: "" }, "Choose"),
    h("option", { value: "removed" }, "Remove the reply"),
    h("option", { value: "kept" }, "Leave it as it is"),
  );
  const basis = h(
    "select",
    null,
    h("option", { value: "legal" }, "It breaks the law"),
    h("option", { value: "contractual" }, "It breaks the site’s terms"),
  );
  const provision = h("input", { maxlength: "300" });
  const reasons = h("textarea", { rows: "3", minlength: REASONS_MIN, maxlength: "2000", required: true });
  const isAutomated = h("input", { type: "checkbox" });
  const hasSeen = h("input", { type: "checkbox" });
  const present = h("div", null);
  const follows = h("p", { class: "hint" });
  const told = h("div", { class: "told", role: "alert" });
  const ifRemoved = h(
    "div",
    { class: "two fields", hidden: true },
    labelled("What that rests on", basis),
    labelled("Which law, or which of the terms", provision),
  );
  const ifAnother = h(
    "div",
    { hidden: true },
    h("p", null, "This removes what stands there now:"),
    present,
    h("label", { class: "check" }, hasSeen, "I have looked at that text, and it is to go as well"),
  );
  const turn = async () => {
    const isRemoved = outcome.value === "removed";
    ifRemoved.hidden = !isRemoved;
    ifAnother.hidden = !isRemoved || !isAnother;
    hasSeen.required = isRemoved && isAnother;
    follows.textContent = outcome.value ? FOLLOWS[outcome.value] : "";
    if (isRemoved && isAnother && !present.hasChildNodes()) {
      const item = await session.ask(`/api/v1/moderation/replies/${text.reply_id}`).catch(() => null);
      fill(present, h("div", { class: "text", dir: "auto" }, item?.body ?? "It cannot be read."));
    }
  };
  outcome.addEventListener("change", turn);
  const form = h(
    "form",
    { class: "fields" },
    labelled("Decision", outcome),
    ifRemoved,
    ifAnother,
    labelled("The facts and the reasons, for whoever gave notice and for the author", reasons),
    h("label", { class: "check" }, isAutomated, "Something automatic found it, or helped to decide"),
    follows,
    told,
    h("div", { class: "row" }, h("button", { class: "primary", type: "submit" }, "Decide")),
  );
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const isRemoved = outcome.value === "removed";
    const more = isRemoved
      ? { basis: basis.value, ...(provision.value.trim() ? { provision: provision.value.trim() } : {}) }
      : {};
    const body = {
      outcome: outcome.value,
      version: text.version,
      reasons: reasons.value.trim(),
      is_automated: isAutomated.checked,
      ...more,
      ...(isRemoved && isAnother ? { revision: text.revision } : {}),
    };
    try {
      await session.post(`/api/v1/moderation/notices/${text.first.id}/decision`, body, { "Idempotency-Key": key });
      const notifiers =
        text.notices === 1 ? "Whoever gave notice is" : `The ${text.notices.toLocaleString("en")} who gave notice are`;
      const words = isRemoved
        ? `Removed. ${notifiers} written your reasons, and so is the author, who may appeal.`
        : `Left as it is. ${notifiers} written your reasons.`;
      say(words);
      decided(words);
    } catch (problem) {
      const { code, body } = /** @type {any} */ (problem);
      fill(
        told,
        body?.current ? conflict(code, body.current) : failure(problemWords(/** @type {any} */ (problem))),
        body?.current ? button("Read the notices anew", again) : null,
      );
    }
  });

  /** @param {string} code @param {any} current how the reply stands */
  const conflict = (code, current) => {
    const moved = code === "version_conflict";
    return h(
      "div",
      null,
      failure(
        moved ? "Nothing was decided: the reply has changed meanwhile." : "Somebody has decided about it already.",
      ),
      current.last_action
        ? h(
            "p",
            null,
            `${board.nameOf(current.last_actor_id)}: ${done(current.last_action)} `,
            when(current.last_action_at),
            " ",
            badge(current.state),
          )
        : null,
    );
  };
  return form;
}

/** What follows from it. @type {Record<string, string>} */
const FOLLOWS = {
  removed:
    "The reply is not public any more. Whoever gave notice and its author are written your reasons; the author may appeal, and is not told who gave notice.",
  kept: "The reply stays as it is. Whoever gave notice is written your reasons, and what can be done against them.",
};
