import { button, h, showDialog } from "./dom.js";

/**
 * Asks before something is done that is not easily undone. Without the focus on the button that does it: who hurries by keys
 * agrees to nothing.
 *
 * @param {string} title a question
 * @param {string} words what follows
 * @param {string} label of the button that does it
 * @returns {Promise<boolean>}
 */
export function sure(title, words, label) {
  return new Promise((resolve) => {
    let isSure = false;
    const go = () => {
      isSure = true;
      dialog.close();
    };
    const dialog = showDialog(title, [
      h("p", null, words),
      h(
        "div",
        { class: "row" },
        button(label, go, { class: "primary" }),
        button("Cancel", () => dialog.close(), { key: "Esc" }),
      ),
    ]);
    dialog.addEventListener("close", () => resolve(isSure));
  });
}
