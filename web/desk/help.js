import { button, h, showDialog } from "./dom.js";
import { areKeysOn, KEYS, turnKeys } from "./keys.js";

/** Which key does what; and keys can be switched off, for who dictates or types by accident. */
export function showHelp() {
  const box = h("input", { type: "checkbox", checked: areKeysOn(), onchange: () => turnKeys(box.checked) });
  const rows = KEYS.map(([key, , words]) => h("div", null, h("dt", null, h("kbd", null, key)), h("dd", null, words)));
  const dialog = showDialog("Keys", [
    h("dl", { class: "keys" }, ...rows),
    h("label", { class: "check" }, box, "Single keys do this"),
    h(
      "p",
      { class: "hint" },
      "A decision is sent beside: the next reply is there at once. Without a connection decisions are kept and sent later.",
    ),
    button("Close", () => dialog.close(), { key: "Esc" }),
  ]);
}
