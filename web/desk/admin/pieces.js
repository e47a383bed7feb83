// Small pieces that several pages of the desk for a site's admins show.

import { button, fill, h, say, showDialog } from "../dom.js";
import { failure } from "../parts.js";
import { problemWords } from "../words.js";

/** What browsers keep of public pages is passed over: it may be from before one's own change. */
export const AFRESH = { headers: { "If-None-Match": '"none"' } };

/**
 * Asks once more before something is done that others notice.
 *
 * @param {string} title
 * @param {string} words
 * @param {string} go
 * @param {() => Promise<void>} act
 */
export function confirm(title, words, go, act) {
  const told = h("div", { class: "told" });
  const yes = button(
    go,
    async () => {
      try {
        await act();
        dialog.close();
      } catch (problem) {
        fill(told, failure(problemWords(/** @type {any} */ (problem))));
      }
    },
    { class: "primary" },
  );
  const dialog = showDialog(title, [
    h("p", null, words),
    told,
    h(
      "div",
      { class: "row" },
      yes,
      button("Cancel", () => dialog.close()),
    ),
  ]);
}

/**
 * A secret, the one time that it is shown. Resolves when it was kept.
 *
 * @param {string} title
 * @param {string} words
 * @param {string} secret
 * @returns {Promise<void>}
 */
export function showSecret(title, words, secret) {
  return new Promise((resolve) => {
    const text = h("output", { class: "secret", tabindex: "0", "aria-label": "Secret" }, secret);
    const copied = h("span", { class: "hint", role: "status" });
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(secret);
        copied.textContent = "Copied.";
      } catch {
        getSelection()?.selectAllChildren(text);
        copied.textContent = "It is marked: copy it with Ctrl+C.";
      }
    };
    const dialog = showDialog(title, [
      h("p", null, words),
      h("p", { class: "secret-box" }, text),
      h("p", { class: "warning" }, "It is shown this once. Put it where your server finds it before you go on."),
      h("div", { class: "row" }, button("Copy", copy, { class: "primary", autofocus: true }), copied),
      button("I have kept it", () => dialog.close()),
    ]);
    dialog.addEventListener("close", () => resolve());
  });
}

/**
 * A table that can be moved sideways where there is little room.
 *
 * @param {string} label
 * @param {string[]} heads those of numbers begin with `#`; none above what needs none, such as buttons
 * @param {(Node | string | number | null)[][]} rows the first of each is its head
 */
export function table(label, heads, rows) {
  const isNumber = heads.map((head) => head.startsWith("#"));
  return h(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": label },
    h(
      "table",
      null,
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          ...heads.map((head, at) =>
            head ? h("th", { scope: "col", class: isNumber[at] && "is-number" }, head.replace(/^#/, "")) : h("td"),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        ...rows.map((cells) =>
          h(
            "tr",
            null,
            ...cells.map((cell, at) =>
              at ? h("td", { class: isNumber[at] && "is-number" }, cell) : h("th", { scope: "row" }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A number that is seen at a look. @param {string} number @param {string} label */
export function tile(number, label) {
  return h("p", { class: "card tile" }, h("b", null, number), h("span", { class: "hint" }, label));
}

/** A file made here, handed over. @param {string} name @param {string} type @param {BlobPart} content */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say(`${name} is saved.`);
}

/**
 * All items of a list that is short by nature.
 *
 * @param {import("../service.js").Session} session
 * @param {string} path
 * @returns {Promise<any[]>}
 */
export async function all(session, path) {
  const items = [];
  let cursor = "";
  do {
    const page = await session.ask(`${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next_cursor ?? "";
  } while (cursor && items.length < 2_000);
  return items;
}
