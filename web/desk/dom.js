import { h, shown } from "../shared/dom.js";
import { giveFocus, placeOf } from "./focus.js";

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
 * Fills an element again where what it shows is another, and else leaves it alone with the focus that may be in it.
 *
 * @param {Element} element
 * @returns {(of: unknown, children: () => import("../shared/dom.js").Child[]) => void} `of` is what the children are made of
 */
export function changed(element) {
  let before = "";
  return (of, children) => {
    const now = JSON.stringify(of);
    if (now === before) return;
    before = now;
    fill(element, ...children());
  };
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

let dialogs = 0;

/**
 * A dialog, which takes itself out of the page when it is closed and gives the focus back.
 *
 * @param {string} title
 * @param {(Node | string | null | false)[]} children
 * @param {string} [kind] a class
 * @returns {HTMLDialogElement}
 */
export function showDialog(title, children, kind = "") {
  const before = placeOf(document.activeElement);
  // one may open above another
  const id = `dialog-${++dialogs}`;
  const heading = h("h2", { id, tabindex: "-1" }, title);
  const dialog = h("dialog", { class: kind, "aria-labelledby": id }, heading, ...children);
  dialog.addEventListener("close", () => {
    const { activeElement: at } = document;
    // what was done in it may have led the focus on already
    const isNowhere = !at || at === document.body || dialog.contains(at);
    dialog.remove();
    if (isNowhere) giveFocus(before);
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
