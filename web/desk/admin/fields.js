// Fields of forms: a label, one sentence of what it does, and below it what the service had against the value.

import { fill, h } from "../dom.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {HTMLElement} element
 * @property {() => any} read
 * @property {(words: string) => void} fail says what is wrong; nothing where the words are empty
 */

/** @typedef {[value: string, label: string, hint?: string]} Choice */

let made = 0;

/**
 * What label, hint and error are tied to a control by.
 *
 * @param {string} name
 * @param {string} [hint]
 */
function around(name, hint) {
  const id = `admin-${name.replaceAll("/", "-")}-${++made}`;
  const said = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  const wrong = h("p", { class: "wrong", id: `${id}-wrong` });
  return { id, said, wrong, describedBy: [hint && `${id}-hint`, `${id}-wrong`].filter(Boolean).join(" ") };
}

/**
 * @param {HTMLElement} control
 * @param {HTMLElement} wrong
 */
function failing(control, wrong) {
  return (/** @type {string} */ words) => {
    fill(wrong, words);
    if (words) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
}

/**
 * A control with its label above.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {string} [options.hint]
 * @param {any} options.control
 * @param {() => any} [options.read] its value if absent
 * @param {Node | null} [options.beside]
 * @returns {Field}
 */
export function field({ name, label, hint, control, read = () => control.value, beside }) {
  const { id, said, wrong, describedBy } = around(name, hint);
  control.id = id;
  control.setAttribute("aria-describedby", describedBy);
  const shown = beside ? h("div", { class: "beside" }, control, beside) : control;
  const element = h("div", { class: "field" }, h("label", { for: id }, label), said, shown, wrong);
  return { name, element, read, fail: failing(control, wrong) };
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {string | null | undefined} value
 * @param {Record<string, any>} [attributes]
 */
export function textField(name, label, hint, value, attributes = {}) {
  const control = h("input", { value: value ?? "", autocomplete: "off", ...attributes });
  return field({ name, label, hint, control, read: () => control.value.trim() });
}

/**
 * A whole number, or null where there is none.
 *
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {number | null | undefined} value
 * @param {Record<string, any>} [attributes]
 */
export function numberField(name, label, hint, value, attributes = {}) {
  const control = h("input", { type: "number", class: "short", min: "0", value: value ?? "", ...attributes });
  return field({ name, label, hint, control, read: () => (control.value === "" ? null : Number(control.value)) });
}

/** @param {string} text Its lines without the empty ones. */
export const linesOf = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line);

/**
 * A list, an entry a line.
 *
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {string[] | null | undefined} value
 * @param {Record<string, any>} [attributes]
 */
export function linesField(name, label, hint, value, attributes = {}) {
  const lines = value ?? [];
  const rows = Math.min(10, Math.max(3, lines.length + 1));
  const control = h("textarea", { rows, spellcheck: "false", value: lines.join("\n"), ...attributes });
  return field({ name, label, hint, control, read: () => linesOf(control.value) });
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {string | null | undefined} value
 * @param {Choice[]} choices
 */
export function selectField(name, label, hint, value, choices) {
  const control = h("select", null, ...choices.map(([value, label]) => h("option", { value }, label)));
  control.value = value ?? "";
  return field({ name, label, hint, control });
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {boolean} value
 * @returns {Field}
 */
export function checkField(name, label, hint, value) {
  const { id, said, wrong, describedBy } = around(name, hint);
  const control = h("input", { type: "checkbox", id, checked: value, "aria-describedby": describedBy });
  const element = h("div", { class: "field" }, h("label", { class: "check" }, control, label), said, wrong);
  return { name, element, read: () => control.checked, fail: failing(control, wrong) };
}

/**
 * Several boxes, or one of several, each with a sentence: `type` says which.
 *
 * @param {string} type
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {string[]} chosen
 * @param {Choice[]} choices
 * @param {(values: string[]) => any} read
 * @returns {Field}
 */
function choiceField(type, name, label, hint, chosen, choices, read) {
  const { id, said, wrong, describedBy } = around(name, hint);
  const boxes = choices.map(([value, words, meaning]) => {
    const control = h("input", { type, name: id, value, checked: chosen.includes(value) });
    const text = h("span", null, h("b", null, words), meaning ? h("span", { class: "hint" }, meaning) : null);
    return { control, element: h("label", { class: "choice-row" }, control, text) };
  });
  const element = h(
    "fieldset",
    { class: "field choices-of", "aria-describedby": describedBy },
    h("legend", null, label),
    said,
    ...boxes.map((box) => box.element),
    wrong,
  );
  const values = () => boxes.filter(({ control }) => control.checked).map(({ control }) => control.value);
  return { name, element, read: () => read(values()), fail: failing(element, wrong) };
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {string} value
 * @param {Choice[]} choices
 */
export function radioField(name, label, hint, value, choices) {
  return choiceField("radio", name, label, hint, [value], choices, ([first]) => first ?? null);
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {string[]} values
 * @param {Choice[]} choices
 */
export function checksField(name, label, hint, values, choices) {
  return choiceField("checkbox", name, label, hint, values, choices, (chosen) => chosen);
}
