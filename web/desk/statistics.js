import { fill, h } from "./dom.js";
import { query } from "./service.js";
import { showForSite } from "./sites.js";
import { ago, count, done, reasonWords, RULES } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const DAY_MS = 86_400_000;
const DAYS = 30;

/** @param {number} secs */
function duration(secs) {
  if (secs < 90) return `${secs} s`;
  if (secs < 5_400) return `${Math.round(secs / 60)} min`;
  return `${(secs / 3_600).toFixed(1)} h`;
}

/** @param {Date} date */
const day = (date) => date.toISOString().slice(0, 10);

/**
 * A month in numbers.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export function showStatistics(place, around) {
  showForSite(place, "Numbers", around, async (content, site) => {
    const params = { from: day(new Date(Date.now() - (DAYS - 1) * DAY_MS)), to: day(new Date()) };
    /** @type {import("../types/desk.js").Statistics} */
    const view = await around.session.ask(`/api/v1/sites/${site}/statistics${query(params)}`);
    const { totals } = view;
    const decisions = Object.values(totals.decisions).reduce((sum, number) => sum + Number(number), 0);
    const median = totals.decision_time.median_seconds;
    const tiles = [
      tile(totals.received.toLocaleString("en"), "replies came"),
      tile(totals.public_at_once.toLocaleString("en"), "public at once"),
      tile(totals.held.toLocaleString("en"), "waited"),
      tile(decisions.toLocaleString("en"), "decisions"),
      tile(median === null || median === undefined ? "–" : duration(median), "half were decided within"),
      tile(view.oldest_waiting_since ? ago(view.oldest_waiting_since) : "–", "waits longest since"),
    ];
    fill(
      content,
      h("p", { class: "hint" }, `The last ${DAYS} days, ${view.from} to ${view.to}.`),
      h("div", { class: "tiles" }, ...tiles),
      h("section", { class: "card" }, h("h2", null, "Replies a day"), chart(view, params.from), days(view.days)),
      h(
        "div",
        { class: "two" },
        table(
          "Decisions",
          Object.entries(totals.decisions).map(([key, number]) => [done(key), number]),
        ),
        table(
          "Reasons",
          Object.entries(totals.reasons).map(([key, number]) => [reasonWords(key), number]),
        ),
        table(
          "Held by rule",
          Object.entries(totals.held_by_rule).map(([key, number]) => [RULES[key] ?? key, number]),
        ),
        table(
          "Reports",
          Object.entries(totals.reports).map(([key, number]) => [reasonWords(key), number]),
        ),
        table(
          "Who decided",
          view.moderators.map((/** @type {any} */ one) => [one.display_name, one.decisions]),
        ),
      ),
    );
  });
}

/** @param {string} number @param {string} label */
function tile(number, label) {
  return h("p", { class: "card tile" }, h("b", null, number), h("span", { class: "hint" }, label));
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Bars of each day: what came, and of it what waited. @param {import("../types/desk.js").Statistics} view @param {string} from */
function chart(view, from) {
  const HEIGHT = 120;
  const WIDTH = 20;
  const byDay = new Map(view.days.map((/** @type {any} */ one) => [one.day, one]));
  const most = Math.max(1, ...view.days.map((/** @type {any} */ { received }) => received));
  const image = svg("svg", {
    viewBox: `0 0 ${DAYS * WIDTH} ${HEIGHT}`,
    role: "img",
    class: "chart",
    preserveAspectRatio: "none",
  });
  image.setAttribute("aria-label", `Replies of each day, ${most} at most; the table below has the numbers`);
  for (let at = 0; at < DAYS; at++) {
    const sums = byDay.get(day(new Date(Date.parse(from) + at * DAY_MS)));
    if (!sums) continue;
    for (const [name, number] of [
      ["received", sums.received],
      ["held", Math.min(sums.held, sums.received)],
    ]) {
      const height = (Number(number) / most) * (HEIGHT - 4);
      const bar = svg("rect", { x: at * WIDTH + 2, width: WIDTH - 4, y: HEIGHT - height, height, class: `is-${name}` });
      const title = svg("title", {});
      title.textContent = `${sums.day}: ${count(sums.received, "reply", "replies")}, ${sums.held} waited`;
      bar.append(title);
      image.append(bar);
    }
  }
  return h(
    "div",
    null,
    image,
    h(
      "p",
      { class: "numbers hint" },
      h("span", { class: "key is-received" }, "came"),
      h("span", { class: "key is-held" }, "waited"),
    ),
  );
}

/** @param {any[]} days */
function days(days) {
  const heads = ["Day", "Came", "Waited", "Public at once"].map((head, at) =>
    h("th", { scope: "col", class: at > 0 && "is-number" }, head),
  );
  const rows = days.map(({ day, received, held, public_at_once: atOnce }) =>
    h(
      "tr",
      null,
      h("th", { scope: "row" }, day),
      ...[received, held, atOnce].map((number) => h("td", { class: "is-number" }, number)),
    ),
  );
  return h(
    "details",
    null,
    h("summary", null, "As a table"),
    h("table", null, h("thead", null, h("tr", null, ...heads)), h("tbody", null, ...rows)),
  );
}

/** @param {string} title @param {[string, any][]} rows */
function table(title, rows) {
  if (!rows.length) return null;
  const sorted = [...rows].sort(([, a], [, b]) => b - a);
  return h(
    "section",
    { class: "card" },
    h("h2", null, title),
    h(
      "table",
      null,
      h(
        "tbody",
        null,
        ...sorted.map(([label, number]) =>
          h("tr", null, h("th", { scope: "row" }, label), h("td", { class: "is-number" }, number)),
        ),
      ),
    ),
  );
}
