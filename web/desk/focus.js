// The focus is never lost: what takes away what has it gives it to what stands there then.

const CONTROLS = "a[href], button, input, select, textarea, summary";

/**
 * Where the focus is: what has it, what that is called, and in what it stands, the nearest first.
 *
 * @typedef {{element: HTMLElement, name: string, around: Element[]}} Place
 */

/** @param {Element} control What it is called among others. */
function nameOf(control) {
  const { dataset, labels, textContent } = /** @type {HTMLInputElement} */ (control);
  return dataset.name ?? control.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? textContent ?? "";
}

/** @param {Element | null} element @returns {Place | null} */
export function placeOf(element) {
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  const around = [];
  for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) around.push(at);
  return { element, name: nameOf(element), around };
}

/**
 * Gives the focus back: to what had it, to what is called the same, or to the nearest that is still there.
 *
 * @param {Place | null} place
 */
export function giveFocus(place) {
  if (!place) return;
  const { element, name, around } = place;
  const isThere = (/** @type {Element} */ one) => one.isConnected && one.getClientRects().length > 0;
  if (isThere(element)) element.focus({ preventScroll: true });
  if (document.activeElement === element) return;
  const near = around.find(isThere) ?? [...document.querySelectorAll("main")].find(isThere);
  if (!(near instanceof HTMLElement)) return;
  const same = [...near.querySelectorAll(CONTROLS)].find((one) => isThere(one) && nameOf(one) === name);
  if (!same && !near.hasAttribute("tabindex")) near.tabIndex = -1;
  /** @type {HTMLElement} */ (same ?? near).focus({ preventScroll: true });
}

/** Begins to look after it. */
export function keepFocus() {
  /** @type {Place | null} */
  let last = null;
  document.addEventListener("focusin", ({ target }) => (last = placeOf(/** @type {Element} */ (target))));
  const isTaken = (/** @type {MutationRecord} */ record, /** @type {Element} */ element) =>
    [...record.removedNodes].some((node) => node.contains(element));
  new MutationObserver((records) => {
    const place = last;
    // who clicked beside everything wants the focus nowhere
    if (!place || document.activeElement !== document.body) return;
    if (records.some((record) => isTaken(record, place.element))) giveFocus(place);
  }).observe(document.body, { childList: true, subtree: true });
}
