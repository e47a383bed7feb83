import { h } from "../dom.js";
import { query } from "../service.js";
import { showHtml } from "../../shared/html.js";
import { barTable } from "./bars.js";
import { table } from "./pieces.js";

/**
 * A chart that the service draws, in the colours of the page, with its table folded below. Where none comes (so many are drawn in
 * a minute and no more), `own` stands in its place, or else the table itself.
 *
 * @param {import("../service.js").Session} session
 * @param {string} path
 * @param {Node} numbers the table
 * @param {Node | null} [own]
 */
export function serverChart(session, path, numbers, own = null) {
  const place = h("div", { class: "server-chart" }, own);
  session
    .ask(path, { isStream: true })
    .then(async (/** @type {Response} */ answer) => {
      const image = await answer.text();
      showHtml(place, image);
      place.append(h("details", null, h("summary", null, "As a table"), numbers));
    })
    .catch(() => own ?? place.append(numbers));
  return place;
}

/**
 * Numbers by what they are of, drawn and as a table.
 *
 * @param {import("../service.js").Session} session
 * @param {string} path where charts of these days are
 * @param {{from: string, to: string}} period
 * @param {{of: string, title: string, rows: [string, number][]}} numbers
 */
export function chartCard(session, path, period, { of, title, rows }) {
  return h(
    "section",
    { class: "card group" },
    h("h2", null, title),
    serverChart(
      session,
      path + query({ of, ...period }),
      table(title, [title, "#Number"], rows),
      barTable(title, rows, "flagged"),
    ),
  );
}
