import { h } from "../shared/dom.js";

/** A button above what is read, which takes no room. @param {() => void} onclick @param {...(Node | string)} children */
export function barButton(onclick, ...children) {
  return h("button", { type: "button", class: "arrived", part: "arrived", onclick }, ...children);
}
