/** @typedef {{createHTML: (html: string) => any}} Policy */

/** @type {Policy | undefined} */
let policy;

/** @returns {Policy} */
function makePolicy() {
  const rules = { createHTML: (/** @type {string} */ html) => html };
  return /** @type {any} */ (globalThis).trustedTypes?.createPolicy("rejoinder", rules) ?? rules;
}

/**
 * Shows HTML that the service sanitised: fields whose names end in `_html`, and nothing else. The one place where text is read
 * as HTML.
 *
 * @param {Element} element
 * @param {string} safeHtml
 */
export function showHtml(element, safeHtml) {
  policy ??= makePolicy();
  element.innerHTML = policy.createHTML(safeHtml);
}
