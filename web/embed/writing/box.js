import { ask, Problem } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { showHtml } from "../../shared/html.js";
import { KeptDraft, requestKey } from "./drafts.js";
import { solve } from "./work.js";

const LONGEST = 10_000;
/** From here on it says how much is left. */
const NEARLY = 500;
/** Seconds until it is sent again by itself, the last one for good. */
const WAITS = [2, 4, 8, 15, 30];

let made = 0;

/**
 * Where somebody writes: a reply to the commentary, to another reply, or another text of his own. Whatever happens, what is
 * typed stays until it is posted or discarded.
 */
export class Box {
  #isBusy = false;
  #isClosed = false;
  #isToldClosed = false;
  /** What stops waiting for a connection. @type {(() => void) | null} */
  #hurry = null;

  /**
   * @param {import("./writer.js").Writer} writer
   * @param {object} about
   * @param {import("../reply.js").ReplyNode | null} about.node what is answered or edited; null: the commentary
   * @param {import("../reply.js").Own} [about.own] the reply that is edited
   * @param {Element} about.slot where it stands
   * @param {(isQuiet: boolean) => void} about.closed what follows when it goes; quietly, as it comes back at once
   */
  constructor(writer, { node, own, slot, closed }) {
    this.writer = writer;
    this.view = writer.view;
    this.node = node;
    this.own = own;
    this.closed = closed;
    this.place = own ? `edit-${own.id}` : (node?.id ?? "top");
    const { language, story } = this.view;
    const say = language.say.bind(language);
    const id = `box-${++made}`;
    const label = own ? say("edit") : node ? say("your-reply-to", { name: node.authorName }) : say("your-reply");
    this.draft = KeptDraft.at(story.id, this.place);
    const kept = this.draft.read();
    this.sent = kept?.sent ?? null;
    /** What is edited, as it was when editing began: what somebody else makes of it meanwhile is not put away unseen. */
    this.version = kept?.version ?? own?.version;
    this.text = h("textarea", {
      id,
      class: "input text",
      part: "input",
      rows: 4,
      placeholder: say("placeholder"),
      value: kept?.text ?? own?.body ?? "",
      "aria-describedby": `${id}-about`,
    });
    this.about = h("span", { class: "about", id: `${id}-about` }, say("markdown"));
    /** How long a text may still be changed; who hears the page is not told every second. */
    this.left = h("span", { class: "about", "aria-hidden": "true" });
    this.shown = h("div", { class: "body preview", dir: "auto", tabindex: "-1", hidden: true });
    /** What the text became by somebody else while it was edited here. */
    this.other = h("div", { class: "body preview other", dir: "auto", hidden: true });
    this.trap = h("input", {
      class: "trap",
      name: "website",
      tabindex: "-1",
      autocomplete: "off",
      "aria-hidden": "true",
    });
    this.wrong = h("p", { class: "wrong-note", role: "alert" });
    this.go = h("button", { type: "submit", class: "go", part: "button go" }, say(own ? "save" : "post"));
    this.look = h("button", { type: "button", class: "act", onclick: () => this.#preview() }, say("preview"));
    this.form = h(
      "form",
      { class: "box", part: "box" },
      h("label", { for: id, class: "box-label" }, label),
      this.text,
      this.shown,
      this.trap,
      h("div", { class: "box-foot" }, this.left, this.about),
      this.wrong,
      this.other,
      h(
        "div",
        { class: "buttons" },
        this.go,
        this.look,
        h("button", { type: "button", class: "act", onclick: () => this.discard() }, say(own ? "cancel" : "discard")),
      ),
    );
    this.form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#post();
    });
    this.text.addEventListener("input", () => this.#typed());
    this.form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#post();
      else if (event.key === "Escape" && !this.#isBusy) this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    slot.replaceChildren(this.form);
    this.#grow();
    this.sayClosed(story.is_closed);
    this.#openForm();
  }

  /** A closed discussion takes no replies; what is typed stays, as it may be opened again. @param {boolean} isClosed */
  sayClosed(isClosed) {
    if (this.own || this.#isBusy || this.#isToldClosed === isClosed) return;
    this.#isToldClosed = isClosed;
    this.wrong.textContent = isClosed ? this.view.language.say("problem.story_closed") : "";
  }

  focus() {
    this.text.focus();
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
  }

  /** Goes; what was typed is kept. */
  close(isQuiet = false) {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#hurry?.();
    // the focus is elsewhere before its place goes: a long thread that has lost it is laid out anew
    this.closed(isQuiet);
    this.form.remove();
    if (!isQuiet && this.text.value.trim() && this.text.value !== this.own?.body && this.draft.read())
      this.view.say(this.view.language.say("draft-kept"));
  }

  async discard() {
    const { language } = this.view;
    const isMuch = this.text.value.trim().length > 20 && this.text.value !== this.own?.body;
    if (isMuch && !(await this.writer.dialog.sure(language.say("discard-sure"), language.say("discard")))) return;
    this.draft.keep(null);
    this.close();
  }

  /** Asks for what tells a form that people fill in from programs. */
  async #openForm() {
    if (this.own) return;
    const asked = { method: "POST", body: { operation: "create_reply", site: this.view.wanted.site } };
    this.formToken = await ask(this.view.service, "/api/v1/challenges", asked)
      .then((answer) => answer.form_token)
      .catch(() => null);
  }

  #typed() {
    this.#grow();
    this.wrong.textContent = "";
    this.sent = null;
    this.#keep();
    const { language } = this.view;
    const left = LONGEST - [...this.text.value].length;
    this.about.textContent = left < NEARLY ? language.say("left", { n: left }) : language.say("markdown");
    this.about.classList.toggle("over", left < 0);
  }

  #keep() {
    const { sent, version } = this;
    this.draft.keep({ text: this.text.value, sent, version });
  }

  /** Tells how long what is edited may still be changed. @param {string} left empty: no more */
  countDown(left) {
    const isOver = !left && Boolean(this.left.textContent);
    this.left.textContent = left;
    if (isOver && !this.#isBusy) this.wrong.textContent = this.view.language.say("problem.edit_window_over");
  }

  /** As high as its text, where styles cannot say so. */
  #grow() {
    // an empty field has the interface's direction, a text its own
    this.text.dir = this.text.value ? "auto" : "";
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.blockSize = "auto";
    this.text.style.blockSize = `${this.text.scrollHeight + 2}px`;
  }

  async #preview() {
    const { view, writer } = this;
    const isOpen = !this.shown.hidden;
    if (!isOpen) {
      if (!this.text.value.trim()) return this.text.focus();
      try {
        if (!(await writer.known())) return;
        const asked = { method: "POST", body: { body: this.text.value } };
        showHtml(this.shown, (await writer.session.call("/api/v1/replies/preview", asked)).body_html);
      } catch (problem) {
        this.wrong.textContent = view.explain(problem);
        return;
      }
    }
    this.shown.hidden = isOpen;
    this.text.hidden = !isOpen;
    this.look.textContent = view.language.say(isOpen ? "preview" : "keep-writing");
    if (isOpen) this.text.focus();
    else this.shown.focus();
  }

  async #post() {
    const { view } = this;
    if (this.#isBusy) return this.#hurry?.();
    if (!this.text.value.trim()) {
      this.wrong.textContent = view.language.say("field.body");
      return this.text.focus();
    }
    this.#isBusy = true;
    this.text.readOnly = true;
    this.go.textContent = view.language.say("posting");
    this.wrong.textContent = "";
    try {
      const posted = await this.#untilAnswered();
      if (posted) await this.#done(posted);
    } catch (problem) {
      if (!view.signal.aborted) await this.#failed(problem);
    } finally {
      this.#isBusy = false;
      this.text.readOnly = false;
      this.go.textContent = view.language.say(this.own ? "save" : "post");
    }
  }

  /** Sends it until there is an answer, doing on the way what the service asks for; null if the writer gave up. */
  async #untilAnswered() {
    const { writer, view } = this;
    if (!(await writer.known())) return null;
    /** @type {Record<string, string>} */
    const work = {};
    let solved = 0;
    for (let tries = 0; !this.#isClosed;) {
      try {
        return await this.#send(work);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        const { code } = problem;
        if (problem.isPassing && problem.status !== 507) {
          const wait = Math.max(problem.retryAfterSecs, WAITS[Math.min(tries++, WAITS.length - 1)]);
          await this.#waitForConnection(problem, wait);
        } else if (code === "work_needed" && solved++ < 2) {
          this.wrong.textContent = view.language.say("working");
          const asked = { method: "POST", body: { operation: "create_reply", site: view.wanted.site } };
          const { challenge } = await ask(view.service, "/api/v1/challenges", asked);
          work.Altcha = await solve(challenge, view.signal);
          this.wrong.textContent = "";
        } else if (code === "unauthenticated") {
          if (!(await writer.known())) return null;
        } else if (code === "email_unverified") {
          if (!(await writer.account.verify()) || !writer.session.me?.is_proven) throw problem;
        } else if (code === "warning_unread") {
          if (!(await writer.account.readWarnings())) throw problem;
        } else if (code === "idempotency_mismatch" && this.sent) this.sent = null;
        else throw problem;
      }
    }
    return null;
  }

  /** @param {Record<string, string>} work */
  #send(work) {
    const { writer, view, own } = this;
    const text = this.text.value;
    if (own) {
      return writer.session.call(`/api/v1/replies/${own.id}`, {
        method: "PATCH",
        body: { body: text, version: this.version },
      });
    }
    if (!this.sent) {
      const form = this.formToken ? { token: this.formToken, trap: this.trap.value } : undefined;
      this.sent = { key: requestKey(), body: { body: text, parent_id: this.node?.id ?? null, form } };
      this.#keep();
    }
    const headers = { ...work, "Idempotency-Key": this.sent.key };
    return writer.session.call(`/api/v1/stories/${view.story.id}/replies`, {
      method: "POST",
      body: this.sent.body,
      headers,
    });
  }

  /** @param {Problem} problem @param {number} secs */
  async #waitForConnection(problem, secs) {
    const { language } = this.view;
    const now = h(
      "button",
      { type: "button", class: "link", onclick: () => this.#hurry?.() },
      language.say("send-now"),
    );
    const text = problem.status === 0 ? language.say("retrying") : this.view.explain(problem);
    if (!this.wrong.querySelector("button") || this.wrong.firstChild?.textContent !== text)
      this.wrong.replaceChildren(text, " ", now);
    await new Promise((done) => {
      this.#hurry = () => done(null);
      setTimeout(done, secs * 1_000);
      addEventListener("online", done, { once: true });
    });
    this.#hurry = null;
  }

  /** @param {import("../reply.js").Own} posted */
  async #done(posted) {
    const { view, own } = this;
    this.draft.keep(null);
    this.text.value = "";
    this.close();
    this.writer.accept(posted, own ? this.node : null);
    view.say(view.language.say(posted.state === "pending" ? "waits" : own ? "saved" : "posted"));
    if (!own) view.tell("posted", { id: posted.id, parent: posted.parent_id, state: posted.state });
  }

  /** Shows what became of the text meanwhile, so that its author decides; false if there is nothing to decide. @param {import("../reply.js").Own} own */
  async #showOther(own) {
    const { view, writer } = this;
    const now = await writer.lookAgain(own.id).catch(() => null);
    if (!now || now.version === this.version) return false;
    // it was this one that got through, and its answer was lost
    if (now.body === this.text.value) {
      await this.#done(now);
      return true;
    }
    this.version = now.version;
    this.#keep();
    showHtml(this.other, now.body_html ?? "");
    this.other.hidden = false;
    this.wrong.textContent = view.language.say("conflict");
    this.text.focus();
    return true;
  }

  /** @param {any} problem */
  async #failed(problem) {
    const { view, writer } = this;
    if (this.own && problem.code === "version_conflict" && (await this.#showOther(this.own))) return;
    const isSuspended = problem.code === "suspended";
    const body = problem.errors?.find((/** @type {any} */ error) => error.pointer === "/body");
    const isEnglish = view.language.lang.startsWith("en");
    this.wrong.textContent = isSuspended
      ? await writer.account.suspension()
      : body
        ? isEnglish
          ? body.detail
          : view.language.say("field.body")
        : view.explain(problem);
    this.text.focus();
  }
}
