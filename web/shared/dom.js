/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. Of `props`, `on…` are listeners, `class` and `value` properties, and all else attributes; null, undefined
 * and false leave one out. Children that are text become text nodes, so nothing here is ever read as HTML.
 *
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...Child} children
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
 * What is there of children, as an element takes it.
 *
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export function shown(children) {
  const there = children.filter((child) => child || child === "" || child === 0);
  return there.map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * A sheet for `adoptedStyleSheets`: no policy about styles forbids it.
 *
 * @param {string} text
 */
export function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
