import { h } from "../../shared/dom.js";
import { Account } from "./account.js";
import { Box } from "./box.js";
import { Dialog } from "./dialog.js";
import { Menu } from "./menu.js";
import { Mine } from "./mine.js";
import { Openings } from "./openings.js";
import { showOwn, tick } from "./own.js";
import { cameBack } from "./provider.js";
import { sessionOf } from "./session.js";
import { writingStyles } from "./styles.js";

/** @typedef {import("../reply.js").ReplyNode} ReplyNode */
/** @typedef {import("../reply.js").Own} Own */

/** All that takes more than reading. Loaded when somebody wants it. */
export class Writer {
  /** Open boxes by the place that they write for. @type {Map<string, Box>} */
  #boxes = new Map();
  #ticking = 0;
  #menu = new Menu(this);
  #knownAs = "";
  /** @type {Promise<void>} */
  #changing = Promise.resolve();
  /** Until what is one's own has its place on the page. @type {Promise<void> | null} */
  settling = null;

  /** @param {import("../view.js").View} view */
  constructor(view) {
    this.view = view;
    view.root.adoptedStyleSheets = [...view.root.adoptedStyleSheets, writingStyles];
    this.session = sessionOf(view.service);
    this.dialog = new Dialog(view);
    this.account = new Account(view, this.session, this.dialog);
    this.mine = new Mine(this);
    this.openings = new Openings(this);
    const { signal } = view;
    const changed = () => this.#changed().catch((problem) => signal.aborted || view.say(view.explain(problem)));
    this.session.addEventListener("change", changed, { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.#lookAtWaiting(), { signal });
    addEventListener("online", () => !this.session.isSignedIn && this.resume(), { signal });
    view.root.addEventListener("pointerdown", (event) => this.#menu.close(event), { signal });
    this.#ticking = window.setInterval(() => this.view.nodes.forEach((node) => node.own && tick(this, node)), 1_000);
  }

  close() {
    clearInterval(this.#ticking);
    this.dialog.close(null);
  }

  /** Goes on where somebody was: his session, his replies, his drafts. */
  async resume() {
    const { view, session } = this;
    const back = cameBack(view.service);
    if (back) view.host.scrollIntoView();
    try {
      if (back) await this.#welcomeBack(back);
      await session.resume(view.wanted.site, view.host.ssoToken);
      if (session.isSignedIn) await this.#changed();
    } catch (problem) {
      view.say(view.explain(problem));
    }
    this.openings.open();
    await (this.settling ?? this.openings.fetch());
  }

  /** Signs in who was at a provider. @param {{code: string | null, verifier: string}} back */
  async #welcomeBack({ code, verifier }) {
    const { view, session } = this;
    if (!code) return view.say(view.language.say("provider-left"));
    try {
      await session.signInByCode({ code, verifier });
      this.account.welcome();
    } catch (problem) {
      const isRefused = /** @type {any} */ (problem).code === "wrong_code";
      view.say(isRefused ? view.language.say("provider-left") : view.explain(problem));
    }
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

  /** Whether there is a box for what is written there. @param {string} place */
  isOpen(place) {
    return this.#boxes.has(place);
  }

  /** Opens a box to answer in. @param {ReplyNode | null} node null: the commentary @param {boolean} [hasFocus] */
  answer(node, hasFocus = true) {
    const key = node?.id ?? "top";
    if (!this.#boxes.has(key)) {
      const closed = (/** @type {boolean} */ isQuiet) => {
        this.#boxes.delete(key);
        if (isQuiet) return;
        this.openings.put(key);
        if (node) node.answer.focus();
        else {
          this.view.invite();
          this.view.focusAgain(this.view.parts.composer.querySelector("button"));
        }
      };
      this.#boxes.set(key, new Box(this, { node, slot: node?.slot ?? this.view.parts.composer, closed }));
      if (!node) this.view.showComposer();
    }
    if (hasFocus) this.#boxes.get(key)?.focus();
  }

  /** @param {ReplyNode} node @param {boolean} [hasFocus] */
  edit(node, hasFocus = true) {
    const { own } = node;
    const key = `edit-${node.id}`;
    if (!own || this.#boxes.has(key)) return this.#boxes.get(key)?.focus();
    const closed = (/** @type {boolean} */ isQuiet) => {
      this.#boxes.delete(key);
      node.article.classList.remove("editing");
      if (isQuiet) return;
      this.openings.put(key);
      (node.edit?.hidden ? node.article : (node.edit ?? node.article)).focus();
    };
    node.article.classList.add("editing");
    const box = new Box(this, { node, own, slot: node.slot, closed });
    this.#boxes.set(key, box);
    tick(this, node);
    if (hasFocus) box.focus();
  }

  /** Tells who writes whether that can be posted. @param {boolean} isClosed */
  sayClosed(isClosed) {
    for (const box of this.#boxes.values()) box.sayClosed(isClosed);
  }

  /** The box in which a reply is edited. @param {ReplyNode} node */
  editing(node) {
    return this.#boxes.get(`edit-${node.id}`);
  }

  /** One's own reply as it is now. @param {string} id */
  async lookAgain(id) {
    await this.mine.read();
    return this.mine.replies.get(id);
  }

  /** @param {ReplyNode} node */
  async withdraw(node) {
    const { view, session } = this;
    const say = view.language.say.bind(view.language);
    if (!(await this.dialog.sure(say("withdraw-sure"), say("withdraw")))) return;
    try {
      await session.call(`/api/v1/replies/${node.id}`, { method: "DELETE" });
      this.mine.replies.delete(node.id);
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
      // who recommended it before takes nothing back by that
      await this.#changed().catch(() => null);
      if (node.isRecommended) return;
    }
    if (node.own) return view.say(view.language.say("problem.own_reply"));
    if (node.isAsking) return;
    const set = (/** @type {boolean} */ is) => {
      node.isRecommended = is;
      if (is) this.mine.recommended.add(node.id);
      else this.mine.recommended.delete(node.id);
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
    this.#menu.turn(node);
  }

  /** What was posted or edited takes its place. @param {Own} posted @param {ReplyNode | null} node */
  accept(posted, node) {
    const { view, session } = this;
    this.mine.replies.set(posted.id, posted);
    const me = session.me;
    if (!me) return;
    const told = view.arrivals?.take(posted.id);
    if (told) view.place(told, view.threads.sort !== "oldest");
    const known = node ?? view.nodes.get(posted.id);
    if (known) {
      known.own = posted;
      known.show({ ...known.reply, body_html: posted.body_html, edited_at: posted.edited_at, version: posted.version });
      showOwn(this, known);
      if (told) view.goTo(known);
      return;
    }
    view.goTo(this.mine.place(posted, me));
  }

  /** @param {ReplyNode} node */
  showOwn(node) {
    if (node.own) this.mine.replies.set(node.id, node.own);
    showOwn(this, node);
  }

  /** Puts boxes away before threads are shown in another order. */
  put() {
    for (const [key, box] of this.#boxes) if (key !== "top") box.close(true);
  }

  /** After everything was put on the page anew: what is one's own is marked, and has its place. */
  async settle() {
    this.mark();
    await this.mine.placeWaiting();
    await this.openings.fetch();
  }

  /** Marks what is one's own. @param {Iterable<ReplyNode>} [nodes] absent: among all that is shown */
  mark(nodes = this.view.nodes.values()) {
    if (this.session.isSignedIn) this.mine.mark([...nodes]);
    this.openings.open();
  }

  /** Somebody came or went. It is over when what is his is known and shown. */
  #changed() {
    this.#showMe();
    const id = this.session.me?.id ?? "";
    if (id !== this.#knownAs) {
      this.#knownAs = id;
      this.#changing = this.#become().catch((problem) => {
        // the next one asks again
        this.#knownAs = "";
        throw problem;
      });
    }
    return this.#changing;
  }

  async #become() {
    const { view, session } = this;
    if (!session.me) view.say(view.language.say("signed-out"));
    this.mine.clear();
    for (const node of view.nodes.values()) {
      const isUnseen = node.own !== null && node.own.state !== "approved";
      node.own = null;
      node.isRecommended = false;
      showOwn(this, node);
      if (isUnseen) view.take(node);
    }
    if (session.me) await this.mine.read();
    this.reshow();
    this.settling = this.settle();
    view.tell("session", { account: session.me?.id ?? null });
  }

  /** What became of replies that wait. Nobody tells of those that stay unseen. */
  async #lookAtWaiting() {
    if (!this.mine.isWaiting || !this.session.isSignedIn) return;
    await this.mine.read().catch(() => null);
    this.mark();
  }

  /** Shows all anew, as somebody is muted now or no more. */
  reshow() {
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
        onclick: () => session.signOut(),
      },
      language.say("sign-out"),
    );
    const verify = h(
      "button",
      { type: "button", class: "link", onclick: () => this.account.verify() },
      language.say("verify"),
    );
    view.showMe(
      h("span", {}, language.say("signed-in-as", { name: me.display_name })),
      ...(me.unconfirmed_email && !me.is_proven ? [verify] : []),
      ...(isByPage ? [] : [out]),
    );
  }
}
