import { h } from "../shared/dom.js";
import { Reading } from "./reading.js";
import { ReplyNode } from "./reply.js";
import { styles } from "./styles.js";
import { remembered, Visit } from "./visit.js";
import { loadLanguage } from "./words.js";

/** @typedef {import("./reading.js").Reply} Reply */
/** @typedef {import("./reading.js").Sort} Sort */

/** @type {Sort[]} */
const SORTS = ["newest", "oldest", "top"];
const TICK_MS = 60_000;
const MANY = 200;

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
  /** @type {string | null} */
  #cursor = null;

  /** @type {import('./words.js').Language} */
  language = /** @type {any} */ (null);
  /** @type {Visit} */
  visit = /** @type {any} */ (null);
  /** @type {import('./reading.js').Story} */
  story = /** @type {any} */ (null);
  /** @type {{label: string, author_name: string} | null} */
  commentary = null;
  /** The discussion's element, and its parts. @type {HTMLElement} */
  section = /** @type {any} */ (null);
  /** @type {Record<"title" | "state" | "me" | "composer" | "sorts" | "bar" | "threads" | "foot" | "status", HTMLElement>} */
  parts = /** @type {any} */ (null);

  /** All that are on the page. @type {Map<string, ReplyNode>} */
  nodes = new Map();
  /** Accounts that one mutes. @type {Set<string>} */
  muted = new Set();

  /**
   * @param {import("./discussion.js").RejoinderDiscussion} host
   * @param {{service: string, site: string, externalId: string, lang: string, wordsUrl: string | null, sort: string | null}} wanted
   */
  constructor(host, wanted) {
    this.host = host;
    this.wanted = wanted;
    this.service = wanted.service;
    this.reading = new Reading(wanted.service, this.#ending.signal);
    /** @type {Sort} */
    this.sort = SORTS.find((sort) => sort === wanted.sort) ?? "newest";
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
    root.replaceChildren(wait);
    const said = loadLanguage(wanted.lang, wanted.wordsUrl);
    try {
      const [language, first] = await Promise.all([said, reading.first(wanted.site, wanted.externalId, this.sort)]);
      if (this.signal.aborted) return;
      this.language = language;
      this.#show(first);
    } catch (problem) {
      if (this.signal.aborted) return;
      this.language = await said;
      this.#showFailure(/** @type {any} */ (problem).code);
    }
  }

  close() {
    this.#ending.abort();
    this.arrivals?.close();
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
    status.classList.toggle("heard", isHeardOnly);
    status.textContent = text;
    clearTimeout(this.#sayLater);
    this.#sayLater = window.setTimeout(() => status.replaceChildren(), 6_000);
  }

  /** @param {string} name @param {object} detail */
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
    const { language, root } = this;
    this.story = first.story;
    this.commentary = first.commentary;
    this.visit = new Visit(first.story.id);
    const title = h("h2", { class: "title", part: "title", id: "title" });
    const state = h("p", { class: "state", part: "state", hidden: true });
    const me = h("div", { class: "me", part: "me" });
    const composer = h("div", { class: "composer" }, this.#invitation());
    const bar = h("div", { class: "bar" });
    const threads = h("ol", { class: "threads", part: "threads", role: "list" });
    const foot = h("div", { class: "foot" });
    const status = h("p", { class: "status", part: "status", role: "status" });
    const orders = SORTS.map((sort) =>
      h(
        "button",
        {
          type: "button",
          class: "sort",
          part: "sort",
          "aria-pressed": String(sort === this.sort),
          onclick: () => this.order(sort),
          value: sort,
        },
        language.say(sort),
      ),
    );
    const sorts = h("div", { class: "sorts", role: "group", "aria-label": language.say("order") }, ...orders);
    const section = h(
      "section",
      {
        class: "discussion",
        part: "discussion",
        "aria-labelledby": "title",
        lang: language.lang,
        dir: language.dir,
      },
      h("header", { class: "top", part: "top" }, title, me),
      state,
      composer,
      sorts,
      bar,
      threads,
      foot,
      status,
    );
    this.parts = { title, state, me, composer, sorts, bar, threads, foot, status };
    this.section = section;
    this.offerSignIn();
    this.#colour(first.site.colour);
    this.#showStory();
    this.#fill(first);
    root.replaceChildren(section);
    this.#begin();
  }

  /** All that is not needed to read is loaded when there is something to read. */
  async #begin() {
    const { signal } = this;
    this.#ticking = window.setInterval(() => this.nodes.forEach((node) => node.tick()), TICK_MS);
    addEventListener("pagehide", () => this.visit.end(), { signal });
    this.tell("ready", { replies: this.story.replies, story: this.story.id });
    import("./arrivals.js").then(
      ({ Arrivals }) => (this.arrivals = new Arrivals(this)),
      () => null,
    );
    import("./finding.js").then(
      ({ find }) => find(this),
      () => null,
    );
    const isKnown = remembered(`rejoinder:signed-in:${this.service}`) !== null;
    const hasDraft = Object.keys(storage()).some((key) => key.startsWith(`rejoinder:draft:${this.story.id}:`));
    if (this.host.ssoToken || isKnown || hasDraft) (await this.writer())?.resume();
  }

  /** Offers to sign in, where the page does not do that by itself. */
  offerSignIn() {
    const signIn = async () => (await this.writer())?.signIn();
    const button = h("button", { type: "button", class: "link", onclick: signIn }, this.language.say("sign-in"));
    this.parts.me.replaceChildren(...(this.host.ssoToken ? [] : [button]));
  }

  #invitation() {
    const open = async () => (await this.writer())?.answer(null);
    return h(
      "button",
      { type: "button", class: "invitation", part: "invitation", onclick: open },
      this.language.say("write"),
    );
  }

  /** Gives the place at the top back to the invitation. */
  invite() {
    this.parts.composer.replaceChildren(this.#invitation());
  }

  #showStory() {
    const { language, story, commentary } = this;
    const n = story.replies;
    const key = commentary ? "answers-to" : "replies";
    this.parts.title.textContent = language.say(key, { n, label: commentary?.label ?? "" });
    this.section.classList.toggle("no-replies", story.is_closed);
    this.parts.state.hidden = !story.is_closed;
    this.parts.state.textContent = story.is_closed ? language.say("closed") : "";
    this.parts.composer.hidden = story.is_closed;
    this.parts.foot.classList.toggle("empty", n === 0);
  }

  /** @param {{items: import("./reading.js").Thread[], next_cursor: string | null}} page */
  #fill(page) {
    for (const thread of page.items) {
      if (this.nodes.has(thread.id)) continue;
      const node = this.place(/** @type {Reply} */ (thread));
      thread.below.items.forEach((reply) => this.place(/** @type {Reply} */ (reply)));
      this.offerRest(node, thread.id, thread.below.next_cursor);
    }
    this.#cursor = page.next_cursor;
    // what is out of sight then costs nothing; the few need no guesses of their height
    this.parts.threads.classList.toggle("many", this.nodes.size > MANY);
    const { language } = this;
    const isEmpty = this.nodes.size === 0;
    const more = h(
      "button",
      { class: "more-threads", part: "button", type: "button", onclick: () => this.#goOn(more) },
      language.say("more-threads"),
    );
    this.parts.foot.replaceChildren(
      ...(this.#cursor
        ? [more]
        : isEmpty && !this.story.is_closed
          ? [h("p", { class: "nothing" }, language.say("nothing"))]
          : []),
    );
  }

  /** @param {HTMLButtonElement} button */
  async #goOn(button) {
    const last = this.parts.threads.lastElementChild;
    await this.busy(button, async () => this.#fill(await this.reading.threads(this.story.id, this.sort, this.#cursor)));
    // the focus goes where reading goes on
    if (!button.isConnected)
      /** @type {HTMLElement | null} */ (last?.nextElementSibling?.firstElementChild)?.focus({ preventScroll: true });
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
    this.nodes.set(reply.id, node);
    const parent = reply.parent_id ? this.nodes.get(reply.parent_id) : undefined;
    if (parent) parent.add(node);
    else if (isFirst) this.parts.threads.prepend(node.item);
    else this.parts.threads.append(node.item);
    return node;
  }

  /**
   * @param {ReplyNode} root
   * @param {string} below whose replies the cursor is about
   * @param {string | null} cursor null: there is no more; empty: from the beginning
   */
  offerRest(root, below, cursor) {
    const { language } = this;
    root.rest.replaceChildren();
    if (cursor === null) return;
    const count = () =>
      [...this.nodes.values()].filter((node) => node !== root && !node.reply.is_tombstone && node.top === root).length;
    const n = Math.max(1, root.reply.visible_below - count());
    const button = h("button", { class: "link", part: "button", type: "button" }, language.say("more-below", { n }));
    button.addEventListener("click", () =>
      this.busy(button, async () => {
        const page = await this.reading.below(below, cursor);
        const nodes = page.items.map((reply) => this.place(reply));
        this.offerRest(root, below, page.next_cursor);
        nodes[0]?.article.focus({ preventScroll: true });
      }),
    );
    root.rest.append(button);
    root.item.append(root.rest);
  }

  /** @param {Sort} sort */
  async order(sort) {
    if (sort === this.sort) return;
    const { language } = this;
    for (const button of this.parts.sorts.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.value === sort));
    this.sort = sort;
    this.parts.threads.setAttribute("aria-busy", "true");
    try {
      const page = await this.reading.threads(this.story.id, sort, null);
      if (sort !== this.sort) return;
      const writer = this.#writer ? await this.#writer.catch(() => null) : null;
      writer?.put();
      this.nodes.clear();
      this.arrivals?.forget();
      this.parts.threads.replaceChildren();
      this.story = page.story;
      this.#showStory();
      this.#fill(page);
      writer?.mark();
    } catch (problem) {
      this.say(language.say(`problem.${/** @type {any} */ (problem).code}`));
    } finally {
      this.parts.threads.removeAttribute("aria-busy");
    }
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

  /** @param {string} code */
  #showFailure(code) {
    const { language } = this;
    const again = h(
      "button",
      { type: "button", part: "button", class: "more-threads", onclick: () => this.host.reload() },
      language.say("again"),
    );
    const key = code === "not_found" ? "no-story" : `problem.${code}`;
    const text = language.say(language.knows(key) ? key : "problem.other");
    this.root.replaceChildren(
      h(
        "section",
        { class: "discussion failed", part: "discussion", lang: language.lang, dir: language.dir },
        h("p", { role: "status" }, text),
        again,
      ),
    );
    if (code === "unreachable") addEventListener("online", () => this.host.reload(), { signal: this.signal });
  }

  /** The site's colour, where the page chose none. @param {string | null} colour */
  #colour(colour) {
    if (!colour || !/^#[0-9a-f]{6}$/i.test(colour)) return;
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
    this.section.style.setProperty("--_site", colour);
    this.section.style.setProperty("--_on-site", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff");
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
