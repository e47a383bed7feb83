import { h } from "../../shared/dom.js";
import { Problem } from "../../shared/api.js";
import { showErrors } from "./fields.js";

/**
 * The one small dialog. What it asks is one step after the other; the answer of a step is where it goes next.
 */
export class Dialog {
  /** @type {((answer: any) => void) | null} */
  #answer = null;
  /** What had the focus before. @type {Element | null} */
  #from = null;
  /** What is typed into the step that is shown, if it is kept. @type {import("./forms.js").KeptForm | null} */
  #kept = null;

  /** @param {import("../view.js").View} view */
  constructor(view) {
    this.view = view;
    const { language } = view;
    this.title = h("h3", { id: "dialog-title", class: "dialog-title" });
    this.content = h("div", { class: "dialog-content" });
    this.element = h(
      "dialog",
      { class: "dialog", part: "dialog", "aria-labelledby": "dialog-title" },
      h(
        "header",
        { class: "dialog-head" },
        this.title,
        h(
          "button",
          { type: "button", class: "act", "aria-label": language.say("close"), onclick: () => this.close(null) },
          "✕",
        ),
      ),
      this.content,
      h("p", { class: "dialog-status", role: "status" }),
    );
    this.element.addEventListener("close", () => {
      // told later than it happens: another step may have opened it again
      if (this.element.open) return;
      this.#settle(null);
      if (this.#kept?.isTyped) view.say(view.language.say("draft-kept"));
      this.#kept = null;
      // what led here may be gone, as "Sign in" is behind signing in
      const focused = view.root.activeElement;
      const isLost = focused ? !focused.checkVisibility() : document.activeElement === document.body;
      if (isLost) view.focusAgain(this.#from);
    });
    // a click beside it, unless it began inside
    this.element.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.target === this.element && !this.#holdsText()) this.close(null);
    });
    view.section.append(this.element);
  }

  #holdsText() {
    return [...this.element.querySelectorAll("textarea, input:not([type=radio])")].some((input) => input.value);
  }

  /** Opens it with its first step, until somebody answers or closes it. @param {() => void} step @returns {Promise<any>} */
  open(step) {
    this.#settle(null);
    return new Promise((answer) => {
      this.#answer = answer;
      step();
      if (!this.element.open) {
        this.#from = this.view.root.activeElement;
        this.element.showModal();
      }
      this.#focus();
    });
  }

  /**
   * Asks before something goes that does not come back.
   *
   * @param {string} question
   * @param {string} go
   * @returns {Promise<boolean>}
   */
  async sure(question, go) {
    const cancel = this.view.language.say("cancel");
    const send = async () => this.close(true);
    return Boolean(
      await this.open(() => this.show({ title: question, go, send, ways: [[cancel, () => this.close(null)]] })),
    );
  }

  /** @param {any} answer */
  close(answer) {
    this.#settle(answer);
    if (this.element.open) this.element.close();
  }

  /** @param {any} answer */
  #settle(answer) {
    this.#answer?.(answer);
    this.#answer = null;
  }

  /**
   * Shows a step: fields, what sends them, and ways to other steps.
   *
   * @param {object} step
   * @param {string} step.title
   * @param {(Node | string | null)[]} [step.text]
   * @param {any[]} [step.fields] of `field`
   * @param {string} step.go
   * @param {(values: Record<string, string>) => Promise<void>} step.send what it throws is said
   * @param {[string, () => void][]} [step.ways]
   * @param {import("./forms.js").KeptForm} [step.kept] where what is typed outlives the dialog
   */
  show({ title, text = [], fields = [], go, send, ways = [], kept }) {
    const { view } = this;
    const wrong = h("p", { class: "wrong-note", role: "alert" });
    const button = h("button", { class: "go", part: "button go", type: "submit" }, go);
    const form = h(
      "form",
      { class: "form", novalidate: true },
      ...text.map((part) => (typeof part === "string" ? h("p", { class: "hint" }, part) : part)),
      ...fields.map((field) => field.row),
      wrong,
      button,
      ways.length > 0 &&
        h(
          "p",
          { class: "ways" },
          ...ways.map(([label, act]) =>
            h("button", { type: "button", class: "link", onclick: () => this.#step(act) }, label),
          ),
        ),
    );
    form.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled") === "true") return;
      wrong.textContent = "";
      const empty = fields.find((field) => field.input.required && !field.input.value && !field.row.hidden);
      if (empty) {
        empty.fail(view.language.say("problem.invalid_fields"));
        return empty.input.focus();
      }
      button.setAttribute("aria-disabled", "true");
      try {
        await send(Object.fromEntries(fields.map((field) => [field.name, field.input.value])));
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (!showErrors(fields, problem, view.language)) wrong.textContent = view.explain(problem);
      } finally {
        button.removeAttribute("aria-disabled");
      }
    });
    this.title.textContent = title;
    this.content.replaceChildren(form);
    this.#kept = kept ?? null;
    kept?.follow(form);
    if (this.element.open) this.#focus();
  }

  /** Sends the step that is shown. */
  submit() {
    this.content.querySelector("form")?.requestSubmit();
  }

  /** @param {() => void} act */
  #step(act) {
    act();
    this.#focus();
  }

  #focus() {
    this.content.querySelector("input, textarea, .go")?.focus();
  }
}
