import { h } from "../../shared/dom.js";

let made = 0;

/**
 * A labelled field with its hint and what is wrong about it.
 *
 * @param {string} name
 * @param {string} label
 * @param {Record<string, any>} [props] of the input; `hint` stands below it, `tag` is another element
 */
export function field(name, label, { hint, tag = "input", ...props } = {}) {
  const id = `field-${++made}`;
  const input = h(tag, {
    id,
    name,
    class: "input",
    part: "input",
    "aria-describedby": `${id}-about`,
    required: true,
    ...props,
  });
  const about = h("span", { class: "about", id: `${id}-about` }, hint ?? "");
  const row = h("div", { class: "field" }, h("label", { for: id }, label), input, about);
  /** @param {string | null} wrong */
  const fail = (wrong) => {
    about.textContent = wrong ?? hint ?? "";
    row.classList.toggle("wrong", wrong !== null);
    if (wrong === null) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  };
  input.addEventListener("input", () => fail(null));
  return { name, row, input, fail };
}

/**
 * Shows what is wrong beside the fields that it is about; false if it is about none of them.
 *
 * @param {{name: string, input: HTMLElement, fail: (wrong: string) => void}[]} fields
 * @param {{errors?: {pointer: string, detail: string}[]}} problem
 * @param {import("../words.js").Language} language
 */
export function showErrors(fields, problem, language) {
  let first = null;
  for (const error of problem.errors ?? []) {
    const name = error.pointer.split("/").at(-1) ?? "";
    const found = fields.find((field) => field.name === name || name.endsWith(field.name));
    if (!found) continue;
    const key = `field.${found.name}`;
    // the service's own words are English and say more
    found.fail(language.lang.startsWith("en") || !language.knows(key) ? sentence(error.detail) : language.say(key));
    first ??= found.input;
  }
  first?.focus();
  return first !== null;
}

/** @param {string} text */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
