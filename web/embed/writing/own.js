import { h } from "../../shared/dom.js";
import { exact } from "../../shared/time.js";
import { field } from "./fields.js";
import { KeptForm } from "./forms.js";

/** @typedef {import("../reply.js").ReplyNode} ReplyNode */
/** @typedef {import("../reply.js").Own} Own */

/**
 * A reply that only its author sees, in the shape of one that everybody does.
 *
 * @param {Own} own
 * @param {import("./session.js").Me} me
 * @param {string} story
 * @returns {import("../reading.js").Reply}
 */
export function asReply(own, me, story) {
  return {
    id: own.id,
    story_id: story,
    parent_id: own.parent_id,
    in_reply_to: null,
    depth: own.depth,
    author: { id: me.id, display_name: me.display_name, username: me.username, badge: null },
    body_html: own.body_html,
    created_at: own.created_at,
    edited_at: own.edited_at,
    is_edited_by_staff: false,
    featured: null,
    recommendations: 0,
    replies: 0,
    visible_below: 0,
    version: own.version,
    is_tombstone: false,
  };
}

/** @param {Own} own @returns {number} milliseconds in which it may still be changed */
export function editableFor(own) {
  return own.editable_until ? Date.parse(own.editable_until) - Date.now() : 0;
}

/**
 * What its author is told about it and may do with it, below its text.
 *
 * @param {import("./writer.js").Writer} writer
 * @param {ReplyNode} node
 */
export function showOwn(writer, node) {
  node.hold(() => showNote(writer, node));
}

/** @param {import("./writer.js").Writer} writer @param {ReplyNode} node */
function showNote(writer, node) {
  const { own, note } = node;
  const { language } = writer.view;
  node.actions.querySelector(".edit")?.remove();
  note.hidden = !own || own.state === "approved" || own.state === "withdrawn";
  if (!own) return;
  const edit = h("button", { type: "button", class: "act edit", part: "action", onclick: () => writer.edit(node) });
  edit.hidden = editableFor(own) <= 0;
  node.edit = edit;
  if (own.state === "approved") {
    node.actions.insertBefore(edit, node.more);
  } else if (!note.hidden) {
    const isRefused = own.state === "rejected" || own.state === "spam";
    const act = (/** @type {string} */ key, /** @type {() => void} */ run) =>
      h("button", { type: "button", class: "act", part: "action", onclick: run }, language.say(key));
    note.replaceChildren(
      h("p", { class: `state-${own.state}` }, language.say(`state.${own.state}`)),
      own.message ? h("p", {}, language.say("state.message", { message: own.message })) : "",
      h(
        "div",
        { class: "note-acts" },
        edit,
        isRefused && act("why", () => explain(writer, node)),
        act("withdraw", () => writer.withdraw(node)),
      ),
    );
  }
  tick(writer, node);
}

/** Counts down how long it may be changed. @param {import("./writer.js").Writer} writer @param {ReplyNode} node */
export function tick(writer, node) {
  const { edit, own } = node;
  if (!edit || !own) return;
  const secs = Math.ceil(editableFor(own) / 1_000);
  if (edit.hidden !== secs <= 0) node.hold(() => (edit.hidden = secs <= 0));
  // longer than a day needs no clock
  const isShort = secs < 86_400;
  const time = `${Math.floor(secs / 60)}:${String(secs % 60).padStart(2, "0")}`;
  edit.textContent = isShort ? writer.view.language.say("edit-until", { time }) : writer.view.language.say("edit");
  writer.editing(node)?.countDown(secs > 0 && isShort ? writer.view.language.say("left-to-edit", { time }) : "");
  edit.setAttribute("aria-label", writer.view.language.say("edit"));
}

/** Why it was refused, and the way to appeal. @param {import("./writer.js").Writer} writer @param {ReplyNode} node */
async function explain(writer, node) {
  const { dialog, session, view } = writer;
  const { language } = view;
  const say = language.say.bind(language);
  const statement = await session
    .call(`/api/v1/replies/${node.id}/statement`)
    .catch((problem) => view.say(view.explain(problem)));
  if (!statement) return;
  const text = [
    say(`ground.${statement.ground}`),
    statement.words,
    statement.message && say("state.message", { message: statement.message }),
    statement.is_automated && say("automated"),
    statement.appeal && say(`appeal.${statement.appeal.state}`),
    statement.appeal?.reasons && say("state.message", { message: statement.appeal.reasons }),
  ].filter(Boolean);
  const mayAppeal = statement.appeal_at !== null;
  const kept = new KeptForm(view.story.id, `appeal-${node.id}`);
  await dialog.open(() =>
    dialog.show({
      title: say("why"),
      text: [...text, mayAppeal && `${say("appeal-text")} (${exact(statement.appeal_until, language.lang)})`].filter(
        Boolean,
      ),
      fields: mayAppeal ? [field("text", say("appeal"), { tag: "textarea", rows: 4, maxlength: 2000 })] : [],
      go: say(mayAppeal ? "appeal" : "close"),
      kept: mayAppeal ? kept : undefined,
      send: async ({ text }) => {
        if (!mayAppeal) return dialog.close(true);
        const asked = { method: "POST", body: { text }, headers: kept.headers({ text }) };
        await session.call(`/api/v1/replies/${node.id}/appeal`, asked);
        kept.forget();
        dialog.close(true);
        view.say(say("appealed"));
      },
    }),
  );
}
