import { h } from "../../shared/dom.js";
import { fetchThread } from "../finding.js";
import { KeptDraft, names, placeOf } from "./drafts.js";
import { editableFor } from "./own.js";

/** Threads that are fetched at most for drafts. */
const FETCHED = 10;

/** Brings drafts back to where they were typed; where that is gone, or has another draft, to the top, to be copied. */
export class Openings {
  /** Those that have no place, by their names. @type {Map<string, HTMLElement>} */
  #left = new Map();
  /** Places that their author closed: he opens them again. @type {Set<string>} */
  #put = new Set();

  /** @param {import("./writer.js").Writer} writer */
  constructor(writer) {
    this.writer = writer;
    this.list = h("div");
    writer.view.parts.composer.after(this.list);
  }

  /** Its author closed it. @param {string} place */
  put(place) {
    this.#put.add(place);
  }

  /** Opens all whose place is on the page. */
  open() {
    for (const { name, place, id } of this.#closed()) {
      // that of another window
      if (this.writer.isOpen(place)) this.#leave(name, "draft-other");
      else if (place === "top") this.writer.answer(null, false);
      else if (this.writer.view.nodes.has(id)) this.#open(name, id);
    }
  }

  /** Brings the places of the others onto the page. */
  async fetch() {
    const { view, mine } = this.writer;
    for (const { name, place, id } of this.#closed().slice(0, FETCHED)) {
      const own = mine.replies.get(id);
      // whose the edited reply is shows when he is signed in
      if (view.nodes.has(id) || (place !== id && !own)) continue;
      const found = own?.state === "withdrawn" ? "gone" : await fetchThread(view, id);
      if (view.signal.aborted) return;
      if (found === "gone") this.#leave(name);
    }
  }

  /** Drafts that are shown nowhere; `id` is that of the reply. */
  #closed() {
    const { writer } = this;
    const found = names(writer.view.story.id).map((name) => ({ name, place: placeOf(name) }));
    const shut = found.filter(
      ({ name, place }) => !writer.isOpen(place) && !this.#left.has(name) && !this.#put.has(place),
    );
    return shut.map(({ name, place }) => ({ name, place, id: place.replace(/^edit-/, "") }));
  }

  /** @param {string} name @param {string} id */
  #open(name, id) {
    const { writer } = this;
    const node = /** @type {import("../reply.js").ReplyNode} */ (writer.view.nodes.get(id));
    if (placeOf(name) === id) {
      if (node.reply.is_tombstone && !node.own) this.#leave(name);
      else writer.answer(node, false);
    } else if (node.own) {
      if (editableFor(node.own) > 0) writer.edit(node, false);
      else this.#leave(name);
    }
  }

  /** Shows at the top what was typed where it cannot be posted any more. @param {string} name @param {string} [why] */
  #leave(name, why = name.startsWith("edit-") ? "problem.edit_window_over" : "problem.parent_not_public") {
    const { view } = this.writer;
    const say = view.language.say.bind(view.language);
    const draft = new KeptDraft(view.story.id, name);
    const kept = draft.read();
    if (!kept || this.#left.has(name)) return;
    const text = h("textarea", {
      class: "input text",
      part: "input",
      readonly: true,
      rows: 3,
      dir: "auto",
      value: kept.text,
      "aria-label": say("your-reply"),
    });
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(kept.text);
        view.say(say("text-copied"));
      } catch {
        text.focus();
        text.select();
      }
    };
    const discard = async () => {
      if (!(await this.writer.dialog.sure(say("discard-sure"), say("discard")))) return;
      draft.keep(null);
      this.#left.delete(name);
      left.remove();
      view.parts.title.focus({ preventScroll: true });
    };
    const left = h(
      "div",
      { class: "box left", part: "box" },
      h("p", { class: "hint" }, say(why)),
      text,
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "go", part: "button go", onclick: copy }, say("copy")),
        h("button", { type: "button", class: "act", onclick: discard }, say("discard")),
      ),
    );
    this.#left.set(name, left);
    this.list.append(left);
  }
}
