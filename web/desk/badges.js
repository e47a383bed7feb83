// What somebody is shown to be on a site.

import { fill, h } from "./dom.js";
import { failure } from "./parts.js";
import { query } from "./service.js";
import { problemWords } from "./words.js";

/** Holders of a badge are looked through so far, a hundred at a time. */
const PAGES_MAX = 10;

/** What is said where a badge was refused. @param {any} problem */
export const badgeProblem = (problem) =>
  problem.code === "state_conflict" ? "Nobody has more than five badges of a site." : problemWords(problem);

/**
 * A card by which badges are given and taken back, read when it is opened: the service lists who has a badge, and not which ones
 * somebody has.
 *
 * @param {import("./more.js").Around} around
 * @param {string} id whose
 * @param {string[]} keys of the sites that one moderates
 */
export function badgesOf({ session }, id, keys) {
  const place = h("div", { class: "badges-of-sites" }, h("p", { class: "hint" }, "Reading…"));
  const details = h("details", { class: "card" }, h("summary", null, h("b", null, "Badges")), place);
  /** @param {string} site @param {import("../types/desk.js").Badge} badge */
  const has = async (site, badge) => {
    /** @type {string | null} */
    let cursor = null;
    for (let at = 0; at < PAGES_MAX; at++) {
      const path = `/api/v1/sites/${site}/badges/${badge.key}/holders${query({ limit: 100, cursor })}`;
      /** @type {{items: {account_id: string}[], next_cursor: string | null}} */
      const page = await session.ask(path);
      if (page.items.some((one) => one.account_id === id)) return true;
      if (!page.next_cursor) return false;
      cursor = page.next_cursor;
    }
    return false;
  };
  /** @param {string} site */
  const ofSite = async (site) => {
    const { items } = await session.ask(`/api/v1/sites/${site}/badges?limit=100`);
    const told = h("div", { class: "told" });
    const boxes = await Promise.all(
      items.map(async (/** @type {import("../types/desk.js").Badge} */ badge) => {
        const box = h("input", { type: "checkbox", checked: await has(site, badge) });
        box.addEventListener("change", async () => {
          const path = `/api/v1/sites/${site}/badges/${badge.key}/holders/${id}`;
          try {
            await (box.checked ? session.put(path) : session.delete(path));
            fill(told, h("p", { class: "hint", role: "status" }, box.checked ? "Given." : "Taken back."));
          } catch (problem) {
            box.checked = !box.checked;
            fill(told, failure(badgeProblem(problem)));
          }
        });
        return h("label", { class: "check" }, box, h("bdi", null, badge.label));
      }),
    );
    return h(
      "div",
      { class: "of-site" },
      keys.length > 1 ? h("h3", null, site) : null,
      h("div", { class: "badges" }, ...boxes),
      told,
      h("p", null, h("a", { href: `#site/${site}/badges` }, `All badges of ${site}, and who has them`)),
    );
  };
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      fill(place, ...(await Promise.all(keys.map(ofSite))));
    } catch (problem) {
      fill(place, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
  return details;
}
