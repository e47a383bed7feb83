import { remember, remembered } from "../visit.js";
import { requestKey } from "./drafts.js";

/**
 * What is typed into a form of the dialog, kept on the device until it is sent: who closes the dialog, or has to sign in first,
 * finds it when he opens the same again.
 */
export class KeptForm {
  /** @type {Record<string, string>} */
  #values = {};
  /** What was sent last, and by which key. @type {{body: string, key: string} | null} */
  #sent = null;

  /** @param {string} story @param {string} place what is done, and to which reply */
  constructor(story, place) {
    this.key = `rejoinder:form:${story}:${place}`;
    try {
      const kept = JSON.parse(remembered(this.key) ?? "null");
      this.#values = kept?.values ?? {};
      this.#sent = kept?.sent ?? null;
    } catch {
      // what cannot be read is nothing
    }
  }

  /** Whether there is a text to come back to. */
  get isTyped() {
    return remembered(this.key) !== null;
  }

  /** Puts back what was typed, and keeps what is typed from now on. @param {HTMLFormElement} form */
  follow(form) {
    const controls = /** @type {HTMLInputElement[]} */ ([...form.elements].filter((control) => "value" in control));
    for (const control of controls) {
      const kept = this.#values[control.name];
      if (!kept) continue;
      if (control.type !== "radio" && control.type !== "checkbox") control.value = kept;
      else if ((control.checked = control.value === kept)) control.dispatchEvent(new Event("change"));
    }
    form.addEventListener("input", () => {
      const isGiven = (/** @type {HTMLInputElement} */ { type, checked }) =>
        checked || (type !== "radio" && type !== "checkbox");
      const given = controls.filter((control) => control.name && control.value && isGiven(control));
      this.#values = Object.fromEntries(given.map(({ name, value }) => [name, value]));
      this.#keep(given.some((control) => control.matches("textarea, input:not([type=radio], [type=checkbox])")));
    });
  }

  /** Names the request: the same is sent again by the same key, so that it counts once. @param {unknown} body */
  headers(body) {
    const text = JSON.stringify(body);
    if (this.#sent?.body !== text) this.#sent = { body: text, key: requestKey() };
    if (this.isTyped) this.#keep(true);
    return { "Idempotency-Key": this.#sent.key };
  }

  /** It was sent. */
  forget() {
    this.#keep(false);
  }

  /** @param {boolean} isTyped */
  #keep(isTyped) {
    remember(this.key, isTyped ? JSON.stringify({ values: this.#values, sent: this.#sent }) : null);
  }
}
