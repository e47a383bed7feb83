import { h } from "../shared/dom.js";
import { find } from "./finding.js";
import { makeFrame, showFailure } from "./frame.js";
import { Reading } from "./reading.js";
import { ReplyNode } from "./reply.js";
import { styles } from "./styles.js";
import { Threads } from "./threads.js";
import { remembered, Visit } from "./visit.js";
import { loadLanguage } from "./words.js";

/** @typedef {import("./reading.js").Reply} Reply */

const TICK_MS = 60_000;

/**
 * One story's discussion on the page, from the attributes of its element until they change.
 */
export class View {
  #ending = new AbortController();
  /** @type {import("./arrivals.js").Arrivals | null} */
  arrivals = null;
  #ticking = 0;
  #sayLater = 0;
  /** @type {Promise<import("./writing/writer.js").Writer> | null} */
  #writer = null;
  /** @type {import("./featured.js").Featured | null} */
  #featured = null;
  /** Replies that came onto the page in one go. @type {ReplyNode[]} */
  #placed = [];

  /** @type {import('./words.js').Language} */
  language = /** @type {any} */ (null);
  /** @type {Visit} */
  visit = /** @type {any} */ (null);
  /** @type {import('./reading.js').Story} */
  story = /** @type {any} */ (null);
  /** @type {import("./reading.js").FirstView["commentary"]} */
  commentary = null;
  /** The discussion's element, and its parts. @type {HTMLElement} */
  section = /** @type {any} */ (null);
  /** @type {Record<import("./frame.js").Part, HTMLElement>} */
  parts = /** @type {any} */ (null);

  /** Until who was signed in is so again. @type {Promise<void> | null} */
  resuming = null;
  /** All that are on the page. @type {Map<string, ReplyNode>} */
  nodes = new Map();
  /** Accounts that one mutes. @type {Set<string>} */
  muted = new Set();

  /**
   * @param {import("./discussion.js").RejoinderDiscussion} host
   * @param {{service: string, site: string, externalId: string, lang: string, wordsUrl: string | null, sort: string | null, version: number | null}} wanted
   */
  constructor(host, wanted) {
    this.host = host;
    this.wanted = wanted;
    this.service = wanted.service;
    this.reading = new Reading(wanted.service, this.#ending.signal);
    this.threads = new Threads(this, wanted.sort);
    this.root = /** @type {ShadowRoot} */ (host.shadowRoot);
    this.root.adoptedStyleSheets = [styles];
  }

  get signal() {
    return this.#ending.signal;
  }

  /** Reads and shows it. */
  async open() {
    const { wanted, root, reading } = this;
    const wait = h("div", { class: "wait", part: "wait" }, h("div"), h("div"), h("div"));
    const hadFocus = root.activeElement !== null;
    root.replaceChildren(wait);
    const said = loadLanguage(wanted.lang, wanted.wordsUrl);
    try {
      const [language, first] = await Promise.all([
        said,
        reading.first(wanted.site, wanted.externalId, this.threads.sort, wanted.version),
      ]);
      if (this.signal.aborted) return;
      this.language = language;
      this.#show(first);
      // what had the focus is gone with the discussion as it was
      if (hadFocus && document.activeElement === document.body) this.parts.title.focus({ preventScroll: true });
    } catch (problem) {
      if (this.signal.aborted) return;
      this.language = await said;
      showFailure(this, /** @type {any} */ (problem).code);
    }
  }

  close() {
    this.#ending.abort();
    this.arrivals?.close();
    this.#featured?.close();
    clearInterval(this.#ticking);
    clearTimeout(this.#sayLater);
    this.visit?.end();
    this.#writer?.then((writer) => writer.close());
  }

  /** What takes more than reading; null where it cannot be loaded just now. */
  async writer() {
    this.#writer ??= this.#loadWriter();
    try {
      return await this.#writer;
    } catch {
      this.#writer = null;
      this.say(this.language.say("problem.unreachable"));
      return null;
    }
  }

  /** The same, only where it is loaded already. */
  async loaded() {
    return this.#writer?.catch(() => null) ?? null;
  }

  async #loadWriter() {
    const [{ Writer }] = await Promise.all([import("./writing/writer.js"), this.language.learnWriting()]);
    return new Writer(this);
  }

  /** Signs on by the page's token, if there is one and the discussion is there. */
  signOn() {
    if (this.story && this.host.ssoToken) this.writer().then((writer) => writer?.resume());
  }

  /** Says it to who hears the page, and shows it a while. @param {string} text @param {boolean} [isHeardOnly] */
  say(text, isHeardOnly = false) {
    if (!this.parts) return;
    // beside an open dialog nothing is heard
    const status = this.section.querySelector("dialog[open] [role=status]") ?? this.parts.status;
    // what is shown is not taken away by what is not
    if (isHeardOnly && status.textContent && !status.classList.contains("heard")) return;
    status.classList.toggle("heard", isHeardOnly);
    status.textContent = text;
    clearTimeout(this.#sayLater);
    this.#sayLater = window.setTimeout(() => status.replaceChildren(), 6_000);
  }

  /**
   * Tells the page, as types/embed.d.ts and docs/EMBED.md have it.
   *
   * @template {keyof import("../types/embed.js").RejoinderEvents extends `rejoinder:${infer Name}` ? Name : never} Name
   * @param {Name} name
   * @param {import("../types/embed.js").RejoinderEvents[`rejoinder:${Name}`]["detail"]} detail
   */
  tell(name, detail) {
    this.host.dispatchEvent(new CustomEvent(`rejoinder:${name}`, { bubbles: true, composed: true, detail }));
  }

  /** Takes away what only its author saw; where others hang below it, its place stays. @param {ReplyNode} node */
  take(node) {
    if (node.children.length > 0) return node.gone();
    node.leave();
    this.nodes.delete(node.id);
  }

  /** @param {import("./reading.js").FirstView} first */
  #show(first) {
    this.story = first.story;
    this.commentary = first.commentary;
    this.visit = new Visit(first.story.id);
    Object.assign(this, makeFrame(this, first));
    this.offerSignIn();
    this.#showStory();
    this.threads.show(first);
    this.root.replaceChildren(this.section);
    if (first.featured_replies > 0) this.listFeatured(first.featured_replies);
    this.#begin();
  }

  /** All that is not needed to read is loaded when there is something to read. */
  #begin() {
    const { signal } = this;
    this.#ticking = window.setInterval(() => this.nodes.forEach((node) => node.tick()), TICK_MS);
    addEventListener("pagehide", () => this.visit.end(), { signal });
    // on telephones a page often ends without any other word
    document.addEventListener("visibilitychange", () => document.hidden && this.visit.end(), { signal });
    this.tell("ready", { replies: this.story.replies, story: this.story.id });
    import("./arrivals.js").then(
      ({ Arrivals }) => (this.arrivals = new Arrivals(this)),
      () => null,
    );
    const flag = `rejoinder:signed-in:${this.service}`;
    const resume = async () => (await this.writer())?.resume();
    // who signs in on another page of this website, or at another discussion of this page, is signed in here too
    addEventListener("storage", ({ key, newValue }) => key === flag && newValue && resume(), { signal });
    const signedIn = (/** @type {any} */ { detail, target }) =>
      detail.account && target !== this.host && !this.#writer && resume();
    addEventListener("rejoinder:session", signedIn, { signal });
    const isBack = location.hash.startsWith("#rejoinder_");
    const hasDraft = Object.keys(storage()).some((key) => key.startsWith(`rejoinder:draft:${this.story.id}:`));
    if (this.host.ssoToken || isBack || hasDraft || remembered(flag) !== null) this.resuming = resume();
    find(this);
  }

  /** Offers to sign in, where the page does not do that by itself. */
  offerSignIn() {
    const signIn = async () => (await this.writer())?.signIn();
    const button = h("button", { type: "button", class: "link", onclick: signIn }, this.language.say("sign-in"));
    this.showMe(...(this.host.ssoToken ? [] : [button]));
  }

  /** Puts there what is offered about being signed in; the focus stays where it was. @param {...(Node | string)} children */
  showMe(...children) {
    const { me } = this.parts;
    const hadFocus = me.contains(this.root.activeElement);
    me.replaceChildren(...children);
    if (hadFocus) this.#focusMe();
  }

  #focusMe() {
    (this.parts.me.querySelector("button") ?? this.parts.title).focus();
  }

  /** Gives the focus back to what had it, if that is still there. @param {Element | null} before */
  focusAgain(before) {
    if (before?.isConnected && before.checkVisibility()) /** @type {HTMLElement} */ (before).focus();
    else this.#focusMe();
  }

  /** What leads to writing. */
  invitation() {
    const open = async () => (await this.writer())?.answer(null);
    return h(
      "button",
      { type: "button", class: "invitation", part: "invitation", onclick: open },
      this.language.say("write"),
    );
  }

  /** Gives the place at the top back to the invitation. */
  invite() {
    this.parts.composer.replaceChildren(this.invitation());
    this.showComposer();
  }

  /** A closed discussion invites nobody, but who writes there keeps his text. */
  showComposer() {
    const { composer } = this.parts;
    composer.hidden = this.story.is_closed && !composer.querySelector("form");
  }

  #showStory() {
    const { language, story, commentary } = this;
    const n = story.replies;
    const key = commentary ? "answers-to" : "replies";
    this.parts.title.textContent = language.say(key, { n, label: commentary?.label ?? "" });
    this.section.classList.toggle("no-replies", story.is_closed);
    this.parts.state.hidden = !story.is_closed;
    this.parts.state.textContent = story.is_closed ? language.say("closed") : "";
    this.showComposer();
    this.#writer?.then(
      (writer) => writer.sayClosed(story.is_closed),
      () => null,
    );
    this.parts.foot.classList.toggle("empty", n === 0);
  }

  /** Offers the list of what is featured. @param {number} [count] absent: as many as there are now */
  async listFeatured(count) {
    const module = await import("./featured.js").catch(() => null);
    if (!module || this.signal.aborted) return;
    this.#featured ??= new module.Featured(this, count ?? 0);
    if (count === undefined) this.#featured.read();
  }

  /**
   * Puts a reply where it belongs: below its parent, or at the end of the threads.
   *
   * @param {Reply} reply
   * @param {boolean} [isFirst] before all others there
   */
  place(reply, isFirst) {
    const known = this.nodes.get(reply.id);
    if (known) {
      known.show(reply);
      return known;
    }
    this.parts.foot.querySelector(".nothing")?.remove();
    const node = new ReplyNode(this, reply);
    this.visit.see(reply.created_at);
    this.nodes.set(reply.id, node);
    const parent = reply.parent_id ? this.nodes.get(reply.parent_id) : undefined;
    if (parent) parent.add(node);
    else if (isFirst) this.parts.threads.prepend(node.item);
    else this.parts.threads.append(node.item);
    this.#tellWriter(node);
    return node;
  }

  /** Whoever writes has something to say about what comes onto the page: about all that comes in one go together. @param {ReplyNode} node */
  #tellWriter(node) {
    if (!this.#writer) return;
    if (this.#placed.push(node) > 1) return;
    this.#writer.then(
      (writer) => writer.mark(this.#placed.splice(0)),
      () => this.#placed.splice(0),
    );
  }

  /** What changed about the story itself. @param {import("./reading.js").Story} story */
  update(story) {
    this.story = story;
    this.#showStory();
  }

  /** What only its author is told about it. @param {ReplyNode} node */
  showOwn(node) {
    if (node.own) this.#writer?.then((writer) => writer.showOwn(node));
  }

  /** Brings it into view, opened, and the focus to it. @param {ReplyNode} node */
  goTo(node) {
    node.reveal();
    node.article.focus({ preventScroll: true });
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.article.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  }

  /** Runs it with the button out of use, and says what went wrong. @param {HTMLButtonElement} button @param {() => Promise<any>} act */
  async busy(button, act) {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await act();
    } catch (problem) {
      if (!this.signal.aborted) this.say(this.explain(problem));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  /** @param {any} problem */
  explain(problem) {
    const key = `problem.${problem?.code}`;
    return this.language.say(this.language.knows(key) ? key : "problem.other", { secs: problem?.retryAfterSecs ?? 0 });
  }
}

/** What is kept in this browser, or nothing where that is forbidden. */
function storage() {
  try {
    return localStorage;
  } catch {
    return {};
  }
}
