import { h } from "../shared/dom.js";
import { showHtml } from "../shared/html.js";
import { barButton } from "./bar.js";
import { icon } from "./icons.js";

/** @typedef {import("./reading.js").Reply} Reply */

/** Replies that the site's people put forward, in their order above all others. They are read when somebody opens the list. */
export class Featured {
  /** Which request is the last. */
  #asked = 0;
  /** While the list is put off: what sees where its place is. @type {IntersectionObserver | null} */
  #watch = null;

  /** @param {import("./view.js").View} view @param {number} count */
  constructor(view, count) {
    this.view = view;
    this.summary = h("summary", { class: "picks-title" });
    this.list = h("ol", { role: "list" });
    this.details = h("details", { class: "picks", part: "picks" }, this.summary, this.list);
    this.details.addEventListener("toggle", () => this.details.open && this.read());
    this.#count(count);
  }

  /** Shows them as they are now. */
  async read() {
    const asked = ++this.#asked;
    const { view } = this;
    const replies = await view.reading.featured(view.story.id, view.story.version).catch(() => null);
    if (view.signal.aborted || asked !== this.#asked) return;
    if (!replies) return this.list.childElementCount || view.say(view.language.say("problem.unreachable"));
    this.list.replaceChildren(...replies.map((reply) => this.#item(reply)));
    this.#count(replies.length);
  }

  /** @param {number} n */
  #count(n) {
    const { parts, language } = this.view;
    this.summary.replaceChildren(icon("star"), language.say("featured-list", { n }));
    if (n > 0) {
      // it has its place, or what is read would move
      if (this.details.isConnected) return;
      if (parts.picks.classList.contains("has-picks")) this.#put();
      else this.#offer(n);
      return;
    }
    this.close();
    if (this.details.contains(this.view.root.activeElement)) parts.title.focus({ preventScroll: true });
    this.details.remove();
  }

  /** Puts it into its place, which stays from then on. */
  #put() {
    const { picks } = this.view.parts;
    this.close();
    picks.classList.add("has-picks");
    picks.append(this.details);
  }

  /** Puts it off until its place is below what is seen, or somebody asks for it. @param {number} n */
  #offer(n) {
    const { parts, language } = this.view;
    const show = () => {
      this.#put();
      this.details.open = true;
      this.summary.focus();
    };
    parts.offer.replaceChildren(barButton(show, icon("star"), language.say("featured-list", { n })));
    if (this.#watch) return;
    this.view.say(language.say("featured-list", { n }), true);
    // whatever is above counts as seen
    const rootMargin = "9999999px 0px 0px";
    this.#watch = new IntersectionObserver((seen) => seen.at(-1)?.isIntersecting || this.#put(), { rootMargin });
    this.#watch.observe(parts.picks);
  }

  /** Offers it no more. */
  close() {
    const { parts, root } = this.view;
    if (parts.offer.contains(root.activeElement)) parts.title.focus({ preventScroll: true });
    parts.offer.replaceChildren();
    this.#watch?.disconnect();
    this.#watch = null;
  }

  /** @param {Reply} reply */
  #item(reply) {
    const { language, muted } = this.view;
    const body = h("div", { class: "body", part: "body", dir: "auto" });
    const isMuted = reply.author !== null && muted.has(reply.author.id);
    if (isMuted) body.append(h("p", {}, language.say("muted")));
    else showHtml(body, reply.body_html ?? "");
    const name = isMuted ? language.say("nobody") : (reply.author?.display_name ?? language.say("nobody"));
    const label = reply.featured?.label;
    return h(
      "li",
      { class: "pick", part: "pick" },
      h(
        "p",
        { class: "pick-head" },
        h("span", { class: "name", dir: "auto" }, name),
        label && h("span", { class: "mark star", part: "mark star" }, label),
      ),
      body,
      h("a", { class: "link", href: `#reply-${reply.id}`, onclick: () => this.#find(reply) }, language.say("in-place")),
    );
  }

  /** Goes there also where the page's address names it already. @param {Reply} reply */
  #find(reply) {
    if (location.hash === `#reply-${reply.id}`) dispatchEvent(new HashChangeEvent("hashchange"));
  }
}
