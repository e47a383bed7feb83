import { button, fill, h } from "./dom.js";
import { failure } from "./parts.js";
import { showSearch } from "./search.js";
import { countAppeals, countMentions, countNotices } from "./waiting.js";

/**
 * The desk's parts beside the queues. `show` fills the place; `rest` is what follows in the address. `count` is how many wait
 * in it, `tell` says that the number is another.
 *
 * @typedef {import("./waiting.js").Amount} Amount
 * @typedef {{session: import("./service.js").Session, board: import("./board.js").Board,
 *   actions: import("./actions.js").Actions, rest: string[], tell: (amount: Amount) => void}} Around
 * @typedef {(place: HTMLElement, around: Around) => void | Promise<void>} Show
 * @typedef {{hash: string, label: string, load: () => Promise<Show>,
 *   count?: (session: import("./service.js").Session) => Promise<Amount>}} Part
 */

/**
 * Each is loaded when somebody turns to it, or is about to: who works on the queues waits for none of them. Search, which a key
 * opens, is there at once.
 *
 * @type {Part[]}
 */
export const PARTS = [
  { hash: "search", label: "Search", load: async () => showSearch },
  { hash: "many", label: "Many", load: async () => (await import("./bulks.js")).showBulks },
  { hash: "cases", label: "Cases", load: async () => (await import("./cases.js")).showCases },
  {
    hash: "notices",
    label: "Notices",
    load: async () => (await import("./notices.js")).showNotices,
    count: countNotices,
  },
  {
    hash: "appeals",
    label: "Appeals",
    load: async () => (await import("./appeals.js")).showAppeals,
    count: countAppeals,
  },
  {
    hash: "mentions",
    label: "Mentions",
    load: async () => (await import("./mentions.js")).showMentions,
    count: countMentions,
  },
  { hash: "people", label: "People", load: async () => (await import("./people.js")).showPeople },
  { hash: "log", label: "Log", load: async () => (await import("./admin/log_part.js")).showLogPart },
  { hash: "rules", label: "Rules", load: async () => (await import("./admin/rules_part.js")).showPolicy },
  { hash: "numbers", label: "Numbers", load: async () => (await import("./admin/numbers.js")).showNumbers },
  { hash: "site", label: "Site", load: async () => (await import("./admin/site.js")).showSite },
];

/**
 * Shows a part in a place that is its alone.
 *
 * @param {Part} part
 * @param {HTMLElement} place
 * @param {Around} around
 */
export async function showPart(part, place, around) {
  fill(place, h("h1", null, part.label), h("p", { class: "hint" }, "Reading…"));
  /** @type {Show} */
  let show;
  try {
    show = await part.load();
  } catch {
    return fill(
      place,
      h("h1", null, part.label),
      failure("This part could not be loaded. Is there a connection?"),
      button("Try again", () => showPart(part, place, around)),
    );
  }
  await show(place, around);
}
