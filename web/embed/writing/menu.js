import { h } from "../../shared/dom.js";
import { editableFor } from "./own.js";
import { report } from "./report.js";

/** @typedef {import("../reply.js").ReplyNode} ReplyNode */
/** @typedef {import("../reply.js").Own} Own */

/** What else can be done with a reply, beside answering and recommending. */
export class Menu {
  /** @type {HTMLElement | null} */
  #shown = null;

  /** @param {import("./writer.js").Writer} writer */
  constructor(writer) {
    this.writer = writer;
  }

  /** Opens it at a reply, or closes it if it is open there. @param {ReplyNode} node */
  turn(node) {
    const isOpen = node.more.getAttribute("aria-expanded") === "true";
    this.close();
    if (isOpen) return;
    const { writer } = this;
    const { view } = writer;
    const say = view.language.say.bind(view.language);
    const author = node.reply.author;
    const isOwn = node.own !== null;
    const isMuted = author !== null && view.muted.has(author?.id ?? "");
    const act = (/** @type {string} */ text, /** @type {() => unknown} */ run) => {
      const chosen = () => {
        this.close();
        node.more.focus();
        run();
      };
      return h("button", { type: "button", class: "choose", onclick: chosen }, text);
    };
    const menu = h(
      "div",
      { class: "menu", part: "menu" },
      act(say("copy-link"), () => this.#copyLink(node)),
      isOwn && editableFor(/** @type {Own} */ (node.own)) > 0 && act(say("edit"), () => writer.edit(node)),
      isOwn && act(say("withdraw"), () => writer.withdraw(node)),
      !isOwn && act(say("report"), () => report(writer, node)),
      !isOwn &&
        author &&
        act(say(isMuted ? "unmute" : "mute", { name: node.authorName }), () => this.#mute(node, !isMuted)),
    );
    menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      this.close();
      node.more.focus();
    });
    node.more.setAttribute("aria-expanded", "true");
    node.more.after(menu);
    menu.addEventListener("focusout", (/** @type {FocusEvent} */ event) => {
      if (
        event.relatedTarget &&
        !menu.contains(/** @type {Node} */ (event.relatedTarget)) &&
        event.relatedTarget !== node.more
      )
        this.close();
    });
    this.#shown = menu;
    menu.querySelector("button")?.focus();
  }

  /** @param {Event} [event] closes it only if that was beside it */
  close(event) {
    const menu = this.#shown;
    if (!menu || (event && /** @type {Element} */ (event.target).closest?.(".menu, .more"))) return;
    menu.previousElementSibling?.setAttribute("aria-expanded", "false");
    this.#shown = null;
    menu.remove();
  }

  /** @param {ReplyNode} node */
  async #copyLink(node) {
    const url = new URL(location.href);
    url.hash = `reply-${node.id}`;
    const { view } = this.writer;
    try {
      await navigator.clipboard.writeText(url.href);
      view.say(view.language.say("copied"));
    } catch {
      location.hash = url.hash;
    }
  }

  /** @param {ReplyNode} node @param {boolean} isMuted */
  async #mute(node, isMuted) {
    const { writer } = this;
    const { view, session } = writer;
    const author = node.reply.author;
    if (!author || !(await writer.known())) return;
    try {
      await session.call(`/api/v1/me/mutes/${author.id}`, { method: isMuted ? "PUT" : "DELETE" });
      if (isMuted) view.muted.add(author.id);
      else view.muted.delete(author.id);
      writer.reshow();
      node.article.focus();
      view.say(view.language.say(isMuted ? "muted-now" : "unmuted-now", { name: node.authorName }));
    } catch (problem) {
      view.say(view.explain(problem));
    }
  }
}
