import { textField } from "./fields.js";

/**
 * What something is called in addresses: as it is called, until somebody types another.
 *
 * @param {string} label
 * @param {import("./fields.js").Field} named the field with its name
 */
export function keyField(label, named) {
  const key = textField("key", label, "Small letters, digits and hyphens.", "", {
    maxlength: "40",
    autocapitalize: "none",
    spellcheck: "false",
  });
  const control = /** @type {HTMLInputElement} */ (key.element.querySelector("input"));
  let isTyped = false;
  control.addEventListener("input", () => (isTyped = true));
  named.element.addEventListener("input", () => {
    if (!isTyped) control.value = keyOf(named.read());
  });
  return key;
}

/** @param {string} name */
function keyOf(name) {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}
