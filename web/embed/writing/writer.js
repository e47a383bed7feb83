import { h } from "../../shared/dom.js";
import { Account } from "./account.js";
import { Box } from "./box.js";
import { Dialog } from "./dialog.js";
import { places } from "./drafts.js";
import { asReply, editableFor, showOwn, tick } from "./own.js";
import { report } from "./report.js";
import { sessionOf } from "./session.js";
import { writingStyles } from "./styles.js";

/** @typedef {import("../reply.js").ReplyNode} ReplyNode */
/** @typedef {import("../reply.js").Own} Own */

/** All that takes more than reading. Loaded when somebody wants it. */
export class Writer {
  /** Open boxes by the place that they write for. @type {Map<string, Box>} */
  #boxes = new Map();
  /** @type {Map<string, Own>} */
  #mine = new Map();
  /** @type {Set<string>} */
  #recommended = new Set();
  #ticking = 0;
  /** @type {HTMLElement | null} */
  #menu = null;
  #knownAs = "";

  /** @param {import("../view.js").View} view */
  constructor(view) {
    this.view = view;
    view.root.adoptedStyleSheets = [...view.root.adoptedStyleSheets, writingStyles];
    this.session = sessionOf(view.service);
    this.dialog = new Dialog(view);
    this.account = new Account(view, this.session, this.dialog);
    const { signal } = view;
    this.session.addEventListener("change", () => this.#changed(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.#lookAtWaiting(), { signal });
    addEventListener("online", () => !this.session.isSignedIn && this.resume(), { signal });
    view.root.addEventListener("pointerdown", (event) => this.#closeMenu(event), { signal });
    this.#ticking = window.setInterval(() => this.view.nodes.forEach((node) => node.own && tick(this, node)), 1_000);
  }

  close() {
    clearInterval(this.#ticking);
    this.dialog.close(null);
  }

  /** Goes on where somebody was: his session, his replies, his drafts. */
  async resume() {
    const { view, session } = this;
    try {
      await session.resume(view.wanted.site, view.host.ssoToken);
      if (session.isSignedIn) await this.#changed();
    } catch (problem) {
      view.say(view.explain(problem));
    }
    this.#openDrafts();
  }

  /** True if somebody is signed in, now or after he was asked to. */
  async known() {
    const { session, view } = this;
    if (session.isSignedIn) return true;
    try {
      if (await session.resume(view.wanted.site, view.host.ssoToken)) return true;
    } catch (problem) {
      view.say(view.explain(problem));
      return false;
    }
    // a page that signs its readers in by itself takes it from here
    const event = new CustomEvent("rejoinder:sign-in", { bubbles: true, composed: true, cancelable: true });
    return view.host.dispatchEvent(event) && this.account.signIn();
  }

  signIn() {
    return this.known();
  }

  /** Opens a box to answer in. @param {ReplyNode | null} node null: the commentary */
  answer(node) {
    const key = node?.id ?? "top";
    if (!this.#boxes.has(key)) {
      const closed = (/** @type {boolean} */ isQuiet) => {
        this.#boxes.delete(key);
        if (isQuiet) return;
        if (node) node.answer.focus();
        else {
          this.view.invite();
          this.view.parts.composer.querySelector("button")?.focus();
        }
      };
      this.#boxes.set(key, new Box(this, { node, slot: node?.slot ?? this.view.parts.composer, closed }));
    }
    this.#boxes.get(key)?.focus();
  }

  /** @param {ReplyNode} node */
  edit(node) {
    const { own } = node;
    const key = `edit-${node.id}`;
    if (!own || this.#boxes.has(key)) return this.#boxes.get(key)?.focus();
    const closed = (/** @type {boolean} */ isQuiet) => {
      this.#boxes.delete(key);
      node.article.classList.remove("editing");
      if (isQuiet) return;
      (node.edit?.hidden ? node.article : (node.edit ?? node.article)).focus();
    };
    node.article.classList.add("editing");
    const box = new Box(this, { node, own, slot: node.slot, closed });
    this.#boxes.set(key, box);
    box.focus();
  }

  /** @param {ReplyNode} node */
  async withdraw(node) {
    const { view, session } = this;
    const say = view.language.say.bind(view.language);
    if (!confirm(say("withdraw-sure"))) return;
    try {
      await session.call(`/api/v1/replies/${node.id}`, { method: "DELETE" });
      this.#mine.delete(node.id);
      node.gone();
      node.article.focus();
      view.say(say("withdrawn"));
      view.tell("withdrawn", { id: node.id });
    } catch (problem) {
      view.say(view.explain(problem));
    }
  }

  /** At once, and taken back if the service does not agree. @param {ReplyNode} node */
  async recommend(node) {
    const { view, session } = this;
    if (!session.isSignedIn) {
      if (!(await this.known())) return;
      await this.#changed();
      if (node.isRecommended) return;
    }
    if (node.own) return view.say(view.language.say("problem.own_reply"));
    if (node.isAsking) return;
    const set = (/** @type {boolean} */ is) => {
      node.isRecommended = is;
      if (is) this.#recommended.add(node.id);
      else this.#recommended.delete(node.id);
      node.showRecommendations(Math.max(0, node.reply.recommendations + (is ? 1 : -1)));
    };
    const is = !node.isRecommended;
    set(is);
    node.isAsking = true;
    try {
      await session.call(`/api/v1/replies/${node.id}/recommendation`, { method: is ? "PUT" : "DELETE" });
      view.tell("recommended", { id: node.id, is_recommended: is });
    } catch (problem) {
      set(!is);
      view.say(view.explain(problem));
    } finally {
      node.isAsking = false;
    }
  }

  /** What else can be done with a reply. @param {ReplyNode} node */
  menu(node) {
    const isOpen = node.more.getAttribute("aria-expanded") === "true";
    this.#closeMenu();
    if (isOpen) return;
    const { view } = this;
    const say = view.language.say.bind(view.language);
    const author = node.reply.author;
    const isOwn = node.own !== null;
    const isMuted = author !== null && view.muted.has(author?.id ?? "");
    const act = (/** @type {string} */ text, /** @type {() => unknown} */ run) => {
      const chosen = () => {
        this.#closeMenu();
        node.more.focus();
        run();
      };
      return h("button", { type: "button", class: "choose", onclick: chosen }, text);
    };
    const menu = h(
      "div",
      { class: "menu", part: "menu" },
      act(say("copy-link"), () => this.#copyLink(node)),
      isOwn && editableFor(/** @type {Own} */ (node.own)) > 0 && act(say("edit"), () => this.edit(node)),
      isOwn && act(say("withdraw"), () => this.withdraw(node)),
      !isOwn && act(say("report"), () => report(this, node)),
      !isOwn &&
        author &&
        act(say(isMuted ? "unmute" : "mute", { name: node.authorName }), () => this.#mute(node, !isMuted)),
    );
    menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      this.#closeMenu();
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
        this.#closeMenu();
    });
    this.#menu = menu;
    menu.querySelector("button")?.focus();
  }

  /** @param {Event} [event] one beside it; absent: in any case */
  #closeMenu(event) {
    const menu = this.#menu;
    if (!menu || (event && /** @type {Element} */ (event.target).closest?.(".menu, .more"))) return;
    menu.previousElementSibling?.setAttribute("aria-expanded", "false");
    this.#menu = null;
    menu.remove();
  }

  /** @param {ReplyNode} node */
  async #copyLink(node) {
    const url = new URL(location.href);
    url.hash = `reply-${node.id}`;
    const { view } = this;
    try {
      await navigator.clipboard.writeText(url.href);
      view.say(view.language.say("copied"));
    } catch {
      location.hash = url.hash;
    }
  }

  /** @param {ReplyNode} node @param {boolean} isMuted */
  async #mute(node, isMuted) {
    const { view, session } = this;
    const author = node.reply.author;
    if (!author || !(await this.known())) return;
    try {
      await session.call(`/api/v1/me/mutes/${author.id}`, { method: isMuted ? "PUT" : "DELETE" });
      if (isMuted) view.muted.add(author.id);
      else view.muted.delete(author.id);
      this.#reshow();
      node.article.focus();
      view.say(view.language.say(isMuted ? "muted-now" : "unmuted-now", { name: node.authorName }));
    } catch (problem) {
      view.say(view.explain(problem));
    }
  }

  /** What was posted or edited takes its place. @param {import("../reading.js").Schemas["PostedReplyView"]} posted @param {ReplyNode | null} node */
  accept(posted, node) {
    const { view, session } = this;
    this.#mine.set(posted.id, posted);
    const me = session.me;
    if (!me) return;
    const told = view.arrivals?.take(posted.id);
    if (told) view.place(told, view.sort !== "oldest");
    const known = node ?? view.nodes.get(posted.id);
    if (known) {
      known.own = posted;
      known.show({ ...known.reply, body_html: posted.body_html, edited_at: posted.edited_at, version: posted.version });
      showOwn(this, known);
      if (told) view.goTo(known);
      return;
    }
    const made = this.#placeOwn(posted);
    if (made) view.goTo(made);
  }

  /** @param {Own} own */
  #placeOwn(own) {
    const { view, session } = this;
    if (!session.me || (own.parent_id && !view.nodes.has(own.parent_id))) return null;
    const node = view.place(asReply(own, session.me, view.story.id), true);
    node.own = own;
    node.show(node.reply);
    showOwn(this, node);
    return node;
  }

  /** @param {ReplyNode} node */
  showOwn(node) {
    if (node.own) this.#mine.set(node.id, node.own);
    showOwn(this, node);
  }

  /** Puts boxes away before threads are shown in another order. */
  put() {
    for (const [key, box] of this.#boxes) if (key !== "top") box.close(true);
  }

  /** Marks what is one's own among what is shown. */
  mark() {
    const { view } = this;
    for (const own of this.#mine.values()) {
      const node = view.nodes.get(own.id);
      if (node) {
        node.own = own;
        node.show(node.reply);
        showOwn(this, node);
      } else if (own.state !== "approved" && own.state !== "withdrawn") this.#placeOwn(own);
    }
    for (const node of view.nodes.values()) {
      node.isRecommended = this.#recommended.has(node.id);
      node.showRecommendations(node.reply.recommendations);
    }
    this.#openDrafts();
  }

  #openDrafts() {
    const { view } = this;
    const focused = /** @type {HTMLElement | null} */ (view.root.activeElement);
    for (const place of places(view.story.id)) {
      const node = view.nodes.get(place.replace(/^edit-/, ""));
      if (place === "top" && !view.story.is_closed) this.answer(null);
      else if (node && place.startsWith("edit-") && node.own && editableFor(node.own) > 0) this.edit(node);
      else if (node && !place.startsWith("edit-") && !node.reply.is_tombstone) this.answer(node);
    }
    // what was typed is back; where one is on the page stays
    if (focused) focused.focus({ preventScroll: true });
    else /** @type {HTMLElement | null} */ (view.root.activeElement)?.blur();
  }

  /** Somebody came or went. */
  async #changed() {
    const { view, session } = this;
    this.#showMe();
    const id = session.me?.id ?? "";
    if (id === this.#knownAs) return;
    this.#knownAs = id;
    this.#mine.clear();
    this.#recommended.clear();
    view.muted.clear();
    for (const node of view.nodes.values()) {
      const isUnseen = node.own !== null && node.own.state !== "approved";
      node.own = null;
      node.isRecommended = false;
      showOwn(this, node);
      if (isUnseen) view.take(node);
    }
    if (session.me) await this.#readMine();
    this.#reshow();
    this.mark();
    view.tell("session", { account: session.me?.id ?? null });
  }

  async #readMine() {
    const { view, session } = this;
    let cursor = "";
    do {
      const page = await session.call(
        `/api/v1/stories/${view.story.id}/mine?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      for (const own of page.items) this.#mine.set(own.id, own);
      for (const reply of page.recommended) this.#recommended.add(reply);
      for (const account of page.muted) view.muted.add(account);
      view.section.classList.toggle("no-replies", !page.may_reply && !session.me?.unconfirmed_email);
      cursor = page.next_cursor ?? "";
    } while (cursor);
  }

  /** What became of replies that wait. Nobody tells of those that stay unseen. */
  async #lookAtWaiting() {
    if (![...this.#mine.values()].some((own) => own.state === "pending") || !this.session.isSignedIn) return;
    await this.#readMine().catch(() => null);
    this.mark();
  }

  #reshow() {
    for (const node of this.view.nodes.values()) node.show(node.reply);
  }

  #showMe() {
    const { view, session } = this;
    const { language } = view;
    const isByPage = Boolean(view.host.ssoToken);
    const me = session.me;
    if (!me) return view.offerSignIn();
    const out = h(
      "button",
      {
        type: "button",
        class: "link",
        onclick: () => session.signOut().then(() => view.say(language.say("signed-out"))),
      },
      language.say("sign-out"),
    );
    const verify = h(
      "button",
      { type: "button", class: "link", onclick: () => this.account.verify() },
      language.say("verify"),
    );
    view.parts.me.replaceChildren(
      h("span", {}, language.say("signed-in-as", { name: me.display_name })),
      ...(me.unconfirmed_email && !me.is_proven ? [verify] : []),
      ...(isByPage ? [] : [out]),
    );
  }
}
