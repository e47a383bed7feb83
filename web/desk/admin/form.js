import { button, fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { problemWords } from "../words.js";

/** @typedef {import("./fields.js").Field} Field */

/** What is said of `/urls/2` as of a line of a list. @param {string} pointer @param {string} detail */
function sentence(pointer, detail) {
  const [, place, part] = /\/(\d+)(?:\/(\w+))?$/.exec(pointer) ?? [];
  const isNamed = place === undefined || /^line \d/.test(detail);
  const entry = part ? `Entry ${Number(place) + 1}, ${part.replaceAll("_", " ")}` : `Entry ${Number(place) + 1}`;
  const text = isNamed ? detail.charAt(0).toUpperCase() + detail.slice(1) : `${entry}: ${detail}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * Says at its field what the service has against a value, and puts the focus there.
 *
 * @param {any} problem
 * @param {Field[]} fields
 * @returns {string} what belongs to no field
 */
export function showErrors(problem, fields) {
  /** @type {Map<Field, string[]>} */
  const byField = new Map();
  const others = [];
  for (const { pointer, detail } of problem?.body?.errors ?? []) {
    const path = pointer.slice(1);
    // a field without a name is the whole body
    const field = fields.find(({ name }) => !name || path === name || path.startsWith(`${name}/`));
    if (field) byField.set(field, [...(byField.get(field) ?? []), sentence(pointer, detail)]);
    else others.push(`${path}: ${detail}`);
  }
  for (const [field, words] of byField) field.fail(words.slice(0, 5).join(" "));
  const first = fields.find((field) => byField.has(field))?.element;
  /** @type {HTMLElement | null | undefined} */ (first?.querySelector("input, select, textarea"))?.focus();
  if (others.length) return others.join("; ");
  return byField.size ? "Look at the marked fields." : problemWords(problem);
}

/**
 * A form: `children` are shown in their order, `fields` are what is read and where errors are said. `send` may throw what the
 * service answered; words that it returns are said below.
 *
 * @param {object} options
 * @param {(Node | string | null)[]} options.children
 * @param {Field[]} options.fields
 * @param {string} options.go
 * @param {(values: Record<string, any>) => Promise<void>} options.send
 * @param {(problem: any) => Node | null} [options.refused] what is shown instead of a sentence
 * @param {() => void} [options.cancel]
 * @returns {HTMLFormElement}
 */
export function makeForm({ children, fields, go, send, refused, cancel }) {
  const told = h("div", { class: "told" });
  const submit = h("button", { class: "primary", type: "submit" }, go);
  const form = h(
    "form",
    { class: "admin-form", novalidate: true },
    ...children,
    told,
    h("div", { class: "row form-end" }, submit, cancel ? button("Cancel", cancel) : null),
  );
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled")) return;
    submit.setAttribute("aria-disabled", "true");
    fill(told);
    for (const field of fields) field.fail("");
    try {
      await send(Object.fromEntries(fields.map((field) => [field.name, field.read()])));
    } catch (problem) {
      fill(told, refused?.(problem) ?? failure(showErrors(problem, fields)));
      // what belongs to no field is said at the end of what may be long
      if (!form.querySelector('[aria-invalid="true"]')) told.scrollIntoView({ block: "nearest" });
    }
    submit.removeAttribute("aria-disabled");
  });
  return form;
}

/**
 * Fields that belong together.
 *
 * @param {string} title
 * @param {Field[]} fields
 * @param {string} [hint]
 */
export function group(title, fields, hint) {
  return h(
    "section",
    { class: "card group" },
    h("h2", null, title),
    hint ? h("p", { class: "hint" }, hint) : null,
    ...fields.map(({ element }) => element),
  );
}
