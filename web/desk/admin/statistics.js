import { fill, h } from "../dom.js";
import { query } from "../service.js";
import { ago } from "../words.js";
import { chartCard, serverChart } from "./chart.js";
import { periodChoice, periodOf } from "./period.js";
import { table, tile } from "./pieces.js";
import { agreementWords, duration, tablesOf } from "./sums.js";

/**
 * What a site's moderation did in some days.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showStatistics(place, admin) {
  const period = periodOf(admin.rest);
  /** @type {import("../../types/desk.js").Statistics} */
  const view = await admin.session.ask(`${admin.path}/statistics${query(period)}`);
  const { totals } = view;
  const decisions = Object.values(totals.decisions).reduce((sum, number) => sum + Number(number), 0);
  const agreement = agreementWords(totals);
  const charts = `${admin.path}/statistics/chart`;
  const { moderators } = view;
  /** @type {[string, number][]} */
  const decided = moderators.map((/** @type {any} */ one) => [one.display_name, one.decisions]);
  const tables = tablesOf(totals);
  if (decided.length) tables.push({ of: "moderators", title: "Who decided", rows: decided });
  fill(
    place,
    periodChoice(period, (from, to) => (location.hash = admin.address("days", from, to))),
    h(
      "div",
      { class: "tiles" },
      tile(totals.received.toLocaleString("en"), "replies came"),
      tile(totals.public_at_once.toLocaleString("en"), "public at once"),
      tile(totals.held.toLocaleString("en"), "waited"),
      tile(decisions.toLocaleString("en"), "decisions"),
      tile(duration(totals.decision_time.median_seconds), "half were decided within"),
      tile(view.oldest_waiting_since ? ago(view.oldest_waiting_since) : "–", "waits longest since"),
    ),
    h(
      "section",
      { class: "card group" },
      h("h2", null, "Replies a day"),
      view.days.length
        ? serverChart(admin.session, charts + query({ of: "replies", ...period }), daysTable(view.days))
        : h("p", { class: "hint" }, "Nothing happened in these days."),
    ),
    agreement
      ? h("section", { class: "card group" }, h("h2", null, "Rules and people"), h("p", null, agreement))
      : null,
    h("div", { class: "chart-columns" }, ...tables.map((one) => chartCard(admin.session, charts, period, one))),
  );
}

/** @param {any[]} days */
function daysTable(days) {
  const rows = days.map((one) => [one.day, one.received, one.held, one.public_at_once, one.put_away]);
  return table("Replies a day", ["Day", "#Came", "#Waited", "#Public at once", "#Spam"], rows);
}
