import { h } from "./dom.js";

/**
 * The keys of the sites that one moderates.
 *
 * @param {import("./service.js").Session} session
 * @returns {Promise<string[]>}
 */
export async function siteKeys(session) {
  const { items } = await session.ask("/api/v1/moderation/counts?limit=100");
  return items.map((/** @type {any} */ { site }) => site);
}

/**
 * A choice among sites; nothing where there is one alone.
 *
 * @param {string[]} keys
 * @param {string} chosen
 * @param {(key: string) => void} choose
 */
export function siteChoice(keys, chosen, choose) {
  if (keys.length < 2) return null;
  const select = h("select", { "aria-label": "Site" }, ...keys.map((key) => h("option", { value: key }, key)));
  select.value = chosen;
  select.addEventListener("change", () => choose(select.value));
  return h("p", null, select);
}
