import { fill, h } from "./dom.js";
import { failure } from "./parts.js";
import { problemWords } from "./words.js";

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

/**
 * Shows a part that is about one site, with the choice of it above; what fails is said in its place.
 *
 * @param {HTMLElement} place
 * @param {string} title
 * @param {import("./more.js").Around} around
 * @param {(place: HTMLElement, site: string) => Promise<void>} show
 */
export async function showForSite(place, title, { session }, show) {
  const content = h("div", { class: "part" }, h("p", { class: "hint" }, "Reading…"));
  fill(place, h("h1", null, title), content);
  const turn = async (/** @type {string[]} */ keys, /** @type {string} */ site) => {
    fill(
      place,
      h("h1", null, title),
      siteChoice(keys, site, (key) => turn(keys, key)),
      content,
    );
    await show(content, site).catch((problem) => fill(content, failure(problemWords(problem))));
  };
  try {
    const keys = await siteKeys(session);
    if (keys.length) await turn(keys, keys[0]);
    else fill(content, h("p", { class: "empty" }, "There is no site."));
  } catch (problem) {
    fill(content, failure(problemWords(/** @type {any} */ (problem))));
  }
}
