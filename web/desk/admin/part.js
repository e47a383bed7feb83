// A part of the desk that is about one site and has pages: which site and which page stand in the address.

import { button, fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { siteKeys } from "../sites.js";
import { problemWords } from "../words.js";

/**
 * What a page is shown with. `rest` is what follows the page in the address; `again` shows the page anew and says what was done.
 *
 * @typedef {object} Admin
 * @property {import("../service.js").Session} session
 * @property {import("../board.js").Board} board
 * @property {string} site its key
 * @property {string} path of the site in the API
 * @property {boolean} isAdmin
 * @property {string[]} rest
 * @property {(page: string, ...rest: string[]) => string} address of a page of this part, for the same site
 * @property {(words?: string) => Promise<void>} again
 */

/**
 * @typedef {object} Page
 * @property {string} hash
 * @property {string} label
 * @property {(place: HTMLElement, admin: Admin) => Promise<void>} show
 * @property {boolean} [isForAdmins]
 */

/** The site that was looked at last, in whatever part. */
let lastSite = "";

/** @param {...string} segments */
const addressOf = (...segments) => `#${segments.map(encodeURIComponent).join("/")}`;

/**
 * @param {string} hash of the part
 * @param {string} title
 * @param {Page[]} pages
 * @returns {(place: HTMLElement, around: import("../more.js").Around) => Promise<void>}
 */
export function partOf(hash, title, pages) {
  return async (place, { session, board, rest: [site, pageHash, ...rest] }) => {
    const content = h("div", { class: "part" }, h("p", { class: "hint" }, "Reading…"));
    fill(place, h("h1", null, title), content);
    const isAdmin = Boolean(session.me.is_admin);
    const mine = pages.filter((page) => isAdmin || !page.isForAdmins);
    const page = pages.find((one) => one.hash === pageHash) ?? mine[0];
    /** @type {string[]} */
    let keys;
    try {
      keys = await siteKeys(session);
    } catch (problem) {
      return fill(content, failure(problemWords(/** @type {any} */ (problem))));
    }
    // somebody went on meanwhile
    if (!content.isConnected) return;
    const chosen = [site, lastSite].find((key) => key && keys.includes(key)) ?? keys[0] ?? "";
    lastSite = chosen;
    const select = h("select", { "aria-label": "Site" }, ...keys.map((key) => h("option", { value: key }, key)));
    select.value = chosen;
    select.addEventListener("change", () => (location.hash = addressOf(hash, select.value, page.hash)));
    const links = mine.map((one) =>
      h(
        "a",
        { href: addressOf(hash, chosen, one.hash), "aria-current": one === page && "page" },
        h("span", null, one.label),
      ),
    );
    fill(
      place,
      h("div", { class: "part-head" }, h("h1", null, title), keys.length > 1 ? select : null),
      links.length > 1 ? h("nav", { class: "subtabs", "aria-label": `${title}: pages` }, ...links) : null,
      content,
    );
    place.querySelector(".subtabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (page.isForAdmins && !isAdmin) {
      return fill(content, h("p", { class: "empty" }, "Only admins see this page. Ask one of them."));
    }
    if (!chosen && !page.isForAdmins) return fill(content, h("p", { class: "empty" }, "There is no site yet."));

    const show = async (/** @type {string | undefined} */ words) => {
      const note = words ? h("p", { class: "done", tabindex: "-1", role: "status" }, words) : null;
      const body = h("div", { class: "part" });
      await page.show(body, admin).catch((problem) =>
        fill(
          body,
          failure(problemWords(problem)),
          button("Try again", () => show(undefined)),
        ),
      );
      // what was done before is no news to who does something else
      body.addEventListener("input", () => note?.remove(), { once: true });
      fill(content, note, body);
      note?.focus();
    };
    /** @type {Admin} */
    const admin = {
      session,
      board,
      site: chosen,
      path: `/api/v1/sites/${chosen}`,
      isAdmin,
      rest,
      address: (to, ...more) => addressOf(hash, chosen, to, ...more),
      again: show,
    };
    await show(undefined);
  };
}
