/** Every key with what it does, in the order in which help tells them. @type {[string, string, string][]} */
export const KEYS = [
  ["j", "move-down", "Next reply"],
  ["k", "move-up", "Reply before"],
  ["a", "approve", "Approve"],
  ["r", "reject", "Reject, then the key of a reason"],
  ["s", "spam", "Mark as spam"],
  ["e", "giveBack", "Return to the author with a message"],
  ["f", "feature", "Approve and feature"],
  ["n", "note", "Note for colleagues"],
  ["u", "undo", "Undo the last decision"],
  ["x", "select", "Select, to decide about many"],
  ["/", "search", "Search"],
  ["?", "help", "Help"],
];

const STORED = "rejoinder-desk-keys";

export const areKeysOn = () => sessionStorage.getItem(STORED) !== "off";

/** @param {boolean} areOn */
export const turnKeys = (areOn) => sessionStorage.setItem(STORED, areOn ? "on" : "off");

/**
 * Whether keys are typed there. What had the focus in a dialog keeps it for a moment after the dialog was closed, if nothing had
 * it before: whoever is fast presses the next key by then, and means the desk.
 *
 * @param {EventTarget | null} target
 */
function isTypedInto(target) {
  if (!(target instanceof HTMLElement)) return false;
  const dialog = target.closest("dialog");
  if (dialog) return dialog.open;
  return target.closest("input:not([type=checkbox]), textarea, select") !== null;
}

/** @param {import("./actions.js").Actions} actions */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    // a dialog took it, be it closed by that
    if (event.defaultPrevented) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTypedInto(event.target)) return;
    if (document.querySelector("dialog[open]") || !areKeysOn()) return;
    if (event.key === "Escape" && actions.board.selected.size) return actions.unselect();
    const name = KEYS.find(([key]) => key === (event.key.length === 1 ? event.key.toLowerCase() : event.key))?.[1];
    if (!name || (!actions.isAtWork && name !== "help" && name !== "search")) return;
    // a key that is held decides once
    if (event.repeat && !name.startsWith("move")) return;
    event.preventDefault();
    if (name === "move-down") actions.move(1);
    else if (name === "move-up") actions.move(-1);
    else /** @type {any} */ (actions)[name]();
  });
}
