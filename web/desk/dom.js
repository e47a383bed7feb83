import { h, shown } from "../shared/dom.js";

export { h };

/**
 * Puts these in place of what an element has.
 *
 * @param {Element} element
 * @param {...import("../shared/dom.js").Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
}

/**
 * A button.
 *
 * @param {string} label
 * @param {(event: MouseEvent) => void} onclick
 * @param {{class?: string, key?: string, [attribute: string]: any}} [more] `key`: the key that does the same
 */
export function button(label, onclick, { key, ...more } = {}) {
  return h(
    "button",
    { type: "button", onclick, "aria-keyshortcuts": key, ...more },
    h("span", null, label),
    key ? h("kbd", { "aria-hidden": "true" }, key) : null,
  );
}

let labels = 0;

/**
 * A control with its label above.
 *
 * @param {string} label
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
export function labelled(label, control) {
  control.id = `field-${++labels}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
}

/**
 * A dialog, which takes itself out of the page when it is closed and gives the focus back.
 *
 * @param {string} title
 * @param {(Node | string | null | false)[]} children
 * @param {string} [kind] a class
 * @returns {HTMLDialogElement}
 */
export function showDialog(title, children, kind = "") {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const heading = h("h2", { id: "dialog-title", tabindex: "-1" }, title);
  const dialog = h("dialog", { class: kind, "aria-labelledby": "dialog-title" }, heading, ...children);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], input, textarea, select");
  (first ?? heading).focus();
  return dialog;
}

/** @type {HTMLElement | undefined} */
let speaker;

/**
 * Says something to who does not see it.
 *
 * @param {string} words
 */
export function say(words) {
  if (!speaker?.isConnected) document.body.append((speaker = h("div", { class: "unseen", role: "status" })));
  /** @type {HTMLElement} */ (speaker).textContent = words;
}
