import { h } from "../../shared/dom.js";
import { Problem } from "../../shared/api.js";
import { showErrors } from "./fields.js";

/**
 * The one small dialog. What it asks is one step after the other; the answer of a step is where it goes next.
 */
export class Dialog {
  /** @type {((answer: any) => void) | null} */
  #answer = null;

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
    this.element.addEventListener("close", () => this.#settle(null));
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
      if (!this.element.open) this.element.showModal();
      this.#focus();
    });
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
   */
  show({ title, text = [], fields = [], go, send, ways = [] }) {
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
    if (this.element.open) this.#focus();
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
