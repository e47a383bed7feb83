/**
 * Makes an element. `on…` are listeners, `class` is its classes, the rest attributes; absent and false ones are left out. Text
 * becomes text nodes: nothing here is read as HTML.
 *
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") /** @type {any} */ (element).value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...shown(children));
  return element;
}

/**
 * Puts these in place of what an element has.
 *
 * @param {Element} element
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
}

/** @param {(Node | string | number | null | undefined | false)[]} children */
function shown(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === "number" ? String(child) : /** @type {Node | string} */ (child)));
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
