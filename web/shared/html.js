/** @type {{createHTML: (html: string) => any} | undefined} */
let policy;

/**
 * Shows HTML that the service sanitised, fields whose names end in `_html`, or an image that it drew, and nothing else. The one place where text is read
 * as HTML; a page that demands Trusted Types allows the policy `rejoinder`.
 *
 * @param {Element} element
 * @param {string} safeHtml
 */
export function showHtml(element, safeHtml) {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  /** @type {{createHTML: (html: string) => any}} */
  const unchanged = { createHTML: (html) => html };
  policy ??= types?.createPolicy("rejoinder", unchanged) ?? unchanged;
  element.innerHTML = /** @type {{createHTML: (html: string) => any}} */ (policy).createHTML(safeHtml);
}
