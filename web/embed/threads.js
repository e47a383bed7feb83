import { h } from "../shared/dom.js";

/** @typedef {import("./reading.js").Reply} Reply */
/** @typedef {import("./reading.js").Sort} Sort */
/** @typedef {import("./reply.js").ReplyNode} ReplyNode */
/** @typedef {{items: import("./reading.js").Thread[], next_cursor: string | null}} Page */

/** @type {Sort[]} */
export const SORTS = ["newest", "oldest", "top"];
const MANY = 200;

/** The threads in the order that one chose: a page after the other, and more of each. */
export class Threads {
  /** @type {string | null} */
  #cursor = null;
  /** Of the story, as it was read first. */
  #version = 0;
  /** In which order they stand, while another is asked for. @type {Sort} */
  #shown;

  /** @param {import("./view.js").View} view @param {string | null} wanted the order, if it is one */
  constructor(view, wanted) {
    this.view = view;
    /** @type {Sort} */
    this.sort = SORTS.find((sort) => sort === wanted) ?? "newest";
    this.#shown = this.sort;
  }

  /** The first ones. @param {import("./reading.js").FirstView} first */
  show(first) {
    this.#version = first.story.version;
    this.#fill(first);
  }

  /** @param {Page} page */
  #fill(page) {
    const { view } = this;
    const { language, parts } = view;
    for (const thread of page.items) {
      if (view.nodes.has(thread.id)) continue;
      const node = view.place(/** @type {Reply} */ (thread));
      thread.below.items.forEach((reply) => view.place(/** @type {Reply} */ (reply)));
      this.offerRest(node, thread.id, thread.below.next_cursor);
    }
    this.#cursor = page.next_cursor;
    // what is out of sight then costs nothing; the few need no guesses of their height
    parts.threads.classList.toggle("many", view.nodes.size > MANY);
    const isEmpty = view.nodes.size === 0;
    const more = h(
      "button",
      { class: "more-threads", part: "button", type: "button", onclick: () => this.#goOn(more) },
      language.say("more-threads"),
    );
    parts.foot.replaceChildren(
      ...(this.#cursor
        ? [more]
        : isEmpty && !view.story.is_closed
          ? [h("p", { class: "nothing" }, language.say("nothing"))]
          : []),
    );
  }

  /** Threads that show at least what happened since the first were read: what is kept on the way may be older. @param {string | null} cursor */
  #read(cursor) {
    const { reading, story } = this.view;
    const { id, version } = story;
    return reading.threads(id, this.sort, cursor, version > this.#version ? version : null);
  }

  /** @param {HTMLButtonElement} button */
  async #goOn(button) {
    const { view } = this;
    const last = view.parts.threads.lastElementChild;
    await view.busy(button, async () => this.#fill(await this.#read(this.#cursor)));
    // the focus goes where reading goes on
    if (!button.isConnected)
      /** @type {HTMLElement | null} */ (last?.nextElementSibling?.firstElementChild)?.focus({ preventScroll: true });
  }

  /**
   * Offers what is left of a thread.
   *
   * @param {ReplyNode} root
   * @param {string} below whose replies the cursor is about
   * @param {string | null} cursor null: there is no more; empty: from the beginning
   */
  offerRest(root, below, cursor) {
    const { view } = this;
    root.rest.replaceChildren();
    if (cursor === null) return;
    const count = () =>
      [...view.nodes.values()].filter((node) => node !== root && !node.reply.is_tombstone && node.top === root).length;
    const n = Math.max(1, root.reply.visible_below - count());
    const words = view.language.say("more-below", { n });
    const button = h("button", { class: "link", part: "button", type: "button" }, words);
    button.addEventListener("click", () =>
      view.busy(button, async () => {
        const page = await view.reading.below(below, cursor);
        const nodes = page.items.map((reply) => view.place(/** @type {Reply} */ (reply)));
        this.offerRest(root, below, page.next_cursor);
        nodes[0]?.article.focus({ preventScroll: true });
      }),
    );
    root.rest.append(button);
    root.item.append(root.rest);
  }

  /** Shows them in another order. @param {Sort} sort */
  async order(sort) {
    if (sort === this.sort) return;
    const { view } = this;
    const { threads } = view.parts;
    this.#press(sort);
    threads.setAttribute("aria-busy", "true");
    try {
      const page = await this.#read(null);
      if (sort !== this.sort) return;
      const writer = await view.loaded();
      writer?.put();
      this.#shown = sort;
      view.nodes.clear();
      view.arrivals?.forget();
      threads.replaceChildren();
      view.update(page.story);
      this.#fill(page);
      writer?.settle();
    } catch (problem) {
      if (view.signal.aborted || sort !== this.sort) return;
      // what is said to be shown is what is shown, and may be asked for again
      this.#press(this.#shown);
      view.say(view.explain(problem));
    } finally {
      if (sort === this.sort || this.sort === this.#shown) threads.removeAttribute("aria-busy");
    }
  }

  /** @param {Sort} sort */
  #press(sort) {
    this.sort = sort;
    for (const button of this.view.parts.sorts.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.value === sort));
  }
}
