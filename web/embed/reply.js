import { h } from "../shared/dom.js";
import { showHtml } from "../shared/html.js";
import { exact, relative } from "../shared/time.js";
import { icon } from "./icons.js";

/** @typedef {import("./reading.js").Reply} Reply */
/** @typedef {import("./reading.js").Schemas["OwnReplyView"]} Own */

/** From here on threads are not indented any more. */
const DEEP = 9;

/**
 * A reply with all below it, on the page. Its elements are made once and stay, so that neither the place one reads at nor
 * the focus is lost when something about it changes.
 */
export class ReplyNode {
  /** @type {ReplyNode | null} */
  parent = null;
  /** @type {ReplyNode[]} */
  children = [];
  /** What only its author sees. @type {Own | null} */
  own = null;
  isRecommended = false;
  /** Came while the page was open. */
  isArrival = false;
  /** While the service is asked whether that holds. */
  isAsking = false;
  /** Changes its text, for its author as long as that is possible. @type {any} */
  edit = null;
  /** Shown although its author is muted. */
  isUnmuted = false;

  /**
   * @param {import("./view.js").View} view
   * @param {Reply} reply
   */
  constructor(view, reply) {
    this.view = view;
    this.reply = reply;
    const { language } = view;
    const id = reply.id;
    this.name = h("span", { class: "name", part: "name", dir: "auto" });
    this.to = h("span", { class: "to" });
    this.time = h("time", { datetime: reply.created_at, title: exact(reply.created_at, language.lang) });
    this.link = h(
      "a",
      { class: "time", part: "time", href: `#reply-${id}`, title: exact(reply.created_at, language.lang) },
      this.time,
    );
    this.marks = h("span", { class: "marks" });
    this.toggle = h("button", {
      class: "toggle",
      type: "button",
      "aria-expanded": "true",
      onclick: () => this.collapse(),
    });
    this.disc = h("span", { class: "disc", part: "disc", "aria-hidden": "true" });
    this.head = h(
      "header",
      { class: "head", part: "head" },
      this.disc,
      h("span", { class: "who", id: `who-${id}` }, this.name, this.to, this.link, this.marks),
      this.toggle,
    );
    this.body = h("div", { class: "body", part: "body", dir: "auto" });
    this.note = h("div", { class: "note", part: "note", hidden: true });
    this.count = h("span", { class: "number" });
    this.recommendation = h(
      "button",
      {
        class: "act recommend",
        part: "action",
        type: "button",
        "aria-pressed": "false",
        onclick: () => this.#want("recommend"),
      },
      icon("recommend"),
      this.count,
    );
    this.answer = h(
      "button",
      { class: "act answer", part: "action", type: "button", onclick: () => this.#want("answer") },
      icon("reply"),
      language.say("reply"),
    );
    this.more = h(
      "button",
      {
        class: "act more",
        part: "action",
        type: "button",
        "aria-expanded": "false",
        "aria-label": language.say("more"),
        title: language.say("more"),
        onclick: () => this.#want("menu"),
      },
      icon("more"),
    );
    this.actions = h("div", { class: "actions", part: "actions" }, this.recommendation, this.answer, this.more);
    /** Where a box to write in comes. */
    this.slot = h("div", { class: "slot" });
    this.article = h(
      "article",
      { class: "reply", part: "reply", id: `reply-${id}`, tabindex: "-1", "aria-labelledby": `who-${id}` },
      this.head,
      this.body,
      this.note,
      this.actions,
      this.slot,
    );
    this.list = h("ol", { class: reply.depth >= DEEP ? "below deep" : "below", part: "below", role: "list" });
    /** Where going on is offered. */
    this.rest = h("div", { class: "rest" });
    this.item = h("li", { class: "node", part: "node" }, this.article);
    this.show(reply);
  }

  get id() {
    return this.reply.id;
  }

  /** The top-level reply of its thread. @returns {ReplyNode} */
  get top() {
    return this.parent?.top ?? this;
  }

  get authorName() {
    return this.reply.author?.display_name ?? this.view.language.say("nobody");
  }

  /** Whatever changes about it, the focus stays with it. @param {() => void} change */
  hold(change) {
    const { root } = this.view;
    const hadFocus = this.article.contains(root.activeElement);
    change();
    if (hadFocus && !root.activeElement?.checkVisibility()) this.article.focus({ preventScroll: true });
  }

  /** Shows it as it is now. @param {Reply} reply */
  show(reply) {
    this.hold(() => this.#show(reply));
  }

  /** @param {Reply} reply */
  #show(reply) {
    const { language, muted } = this.view;
    const isSame = this.reply.version === reply.version && this.body.firstChild;
    this.reply = reply;
    const isPublic = !reply.is_tombstone || this.own !== null;
    const isMuted = !this.isUnmuted && reply.author !== null && muted.has(reply.author?.id ?? "");
    const isShown = isPublic && !isMuted;
    this.article.classList.toggle("tombstone", !isShown);
    this.article.classList.toggle("is-new", isShown && this.#isNew);
    this.article.classList.toggle("featured", isShown && Boolean(reply.featured));
    this.name.textContent = isShown ? this.authorName : language.say("nobody");
    for (const part of [this.name, this.disc, this.link]) part.hidden = !isShown;
    this.disc.textContent = isShown ? ([...this.authorName][0] ?? "").toUpperCase() : "";
    this.disc.style.setProperty("--_hue", String(hue(reply.author?.id ?? "")));
    this.tick();
    this.#showMarks(isShown);
    this.#showTo();
    this.actions.hidden = !isShown || (this.own !== null && this.own.state !== "approved");
    this.showRecommendations(reply.recommendations);
    if (!isPublic) this.body.replaceChildren(h("p", {}, language.say("tombstone")));
    else if (isMuted) this.body.replaceChildren(...this.#mutedNotice());
    else if (!isSame || reply.body_html !== this.shownHtml) showHtml(this.body, reply.body_html ?? "");
    this.shownHtml = isShown ? reply.body_html : null;
    this.#showToggle();
  }

  get #isNew() {
    return !this.own && (this.isArrival || this.view.visit.isNew(this.reply.created_at));
  }

  /** Marks that it came just now. */
  markNew() {
    this.isArrival = true;
    this.show(this.reply);
  }

  /** It takes as much room as now, whatever becomes of it: where it is seen, what is below it does not move. */
  keepHeight() {
    const { top, height } = this.article.getBoundingClientRect();
    if (top < innerHeight) this.article.style.minBlockSize = `${height}px`;
  }

  /** Its place stays empty as long as the page is open. */
  gone() {
    this.own = null;
    this.show({ ...this.reply, is_tombstone: true, body_html: null, author: null, featured: null });
    this.note.hidden = true;
    if (!this.slot.firstChild) this.body.firstChild.textContent = this.view.language.say("removed");
  }

  /** @param {number} count */
  showRecommendations(count) {
    this.reply.recommendations = count;
    const { language } = this.view;
    const said = language.say(this.isRecommended ? "recommended-by-you" : "recommend");
    this.count.replaceChildren(
      h("span", { class: count > 0 ? "heard" : "" }, said),
      count > 0 ? ` ${language.say("number", { n: count })}` : "",
    );
    this.recommendation.title = said;
    this.recommendation.setAttribute("aria-disabled", String(this.own !== null));
    this.recommendation.setAttribute("aria-pressed", String(this.isRecommended));
  }

  /** Tells how long ago it was. */
  tick() {
    this.time.textContent = relative(this.reply.created_at, this.view.language.lang);
  }

  /** @param {ReplyNode} child */
  add(child) {
    child.parent = this;
    if (!this.list.isConnected) this.article.after(this.list);
    // in the order in which they were posted, wherever they came from
    const next = this.children.find((other) => Date.parse(other.reply.created_at) > Date.parse(child.reply.created_at));
    if (next) next.item.before(child.item);
    else this.list.append(child.item);
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, child);
    child.#showTo();
    this.#showToggle();
  }

  leave() {
    this.item.remove();
    if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this);
  }

  /** @param {boolean} [isCollapsed] the other way if absent */
  collapse(isCollapsed = !this.item.classList.contains("collapsed")) {
    this.item.classList.toggle("collapsed", isCollapsed);
    this.#showToggle();
  }

  /** Opens everything above it. */
  reveal() {
    for (let above = this.parent; above; above = above.parent) above.collapse(false);
    this.collapse(false);
  }

  #showToggle() {
    const { language } = this.view;
    const isCollapsed = this.item.classList.contains("collapsed");
    const n = this.reply.visible_below;
    const label = language.say(isCollapsed ? "expand" : "collapse", { n, name: this.authorName });
    this.toggle.replaceChildren(
      icon(isCollapsed ? "expand" : "collapse"),
      h("span", { class: "heard" }, label),
      isCollapsed && n > 0 ? h("span", { "aria-hidden": "true" }, language.say("number", { n })) : "",
    );
    this.toggle.setAttribute("aria-expanded", String(!isCollapsed));
    this.toggle.title = label;
  }

  #showTo() {
    const { view, reply, parent } = this;
    const answered = reply.in_reply_to ? view.nodes.get(reply.in_reply_to) : parent;
    const isClear = reply.depth < DEEP && !reply.in_reply_to;
    this.to.className = isClear ? "to heard" : "to";
    this.to.textContent =
      answered && !answered.reply.is_tombstone ? view.language.say("to", { name: answered.authorName }) : "";
  }

  /** @param {boolean} isShown */
  #showMarks(isShown) {
    const { language } = this.view;
    const { reply, own } = this;
    /** @param {string} kind @param {string} text @param {...Node} more */
    const mark = (kind, text, ...more) => h("span", { class: `mark ${kind}`, part: `mark ${kind}` }, ...more, text);
    const marks = [];
    if (isShown) {
      const author = reply.author;
      if (author?.badge) marks.push(mark("staff", language.say(`badge.${author.badge}`)));
      for (const badge of author?.badges ?? []) {
        if (badge.key !== "staff" || !author?.badge)
          marks.push(mark(badge.key === "staff" ? "staff" : "badge", badge.label));
      }
      if (own) marks.push(mark("own", language.say("you")));
      if (reply.featured) marks.push(mark("star", reply.featured.label ?? language.say("featured"), icon("star")));
      if (this.#isNew) marks.push(mark("new", language.say("new")));
      if (reply.edited_at) {
        const title = exact(reply.edited_at, language.lang);
        marks.push(
          h("span", { class: "edited", title }, language.say(reply.is_edited_by_staff ? "edited-by-staff" : "edited")),
        );
      }
    }
    this.marks.replaceChildren(...marks);
  }

  #mutedNotice() {
    const { language } = this.view;
    const unmute = () => {
      this.isUnmuted = true;
      this.show(this.reply);
      this.article.focus();
    };
    return [
      h(
        "p",
        {},
        language.say("muted"),
        " ",
        h("button", { class: "link", type: "button", onclick: unmute }, language.say("show")),
      ),
    ];
  }

  /** What takes more than reading is loaded when it is wanted. @param {"recommend" | "answer" | "menu"} what */
  async #want(what) {
    const writer = await this.view.writer();
    writer?.[what](this);
  }
}

/** A colour that stays with a person. @param {string} id */
function hue(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return sum;
}
