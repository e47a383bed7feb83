/** Where this module came from is where the service is. */
const HOME = new URL(import.meta.url).origin;

/**
 * The origin of the service that an element talks to.
 *
 * @param {Element} element
 */
export function serviceOf(element) {
  const named = element.getAttribute("service");
  return named ? new URL(named, document.baseURI).origin : HOME;
}

/**
 * The language that an element speaks: its own, or that of what it stands in.
 *
 * @param {Element} element
 */
export function langOf(element) {
  return /** @type {HTMLElement | null} */ (element.closest("[lang]"))?.lang || navigator.language || "en";
}
