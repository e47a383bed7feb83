import { button, fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { query } from "../service.js";
import { problemWords } from "../words.js";
import { chartCard } from "./chart.js";
import { periodChoice, periodOf } from "./period.js";
import { download, table } from "./pieces.js";
import { agreementWords, duration, tablesOf } from "./sums.js";

/** @type {[format: string, label: string, type: string][]} */
const FORMATS = [
  ["json", "Save as JSON", "application/json"],
  ["csv", "Save as CSV", "text/csv"],
  ["html", "Save as a page to print", "text/html"],
];

/**
 * A site's transparency report: sums of some days, without anybody's name, to be published.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showReport(place, admin) {
  const period = periodOf(admin.rest);
  const path = `${admin.path}/transparency-report`;
  const report = await admin.session.ask(path + query(period));
  const told = h("div", { class: "told" });
  const save = async (/** @type {string} */ format, /** @type {string} */ type) => {
    try {
      const answer = await admin.session.ask(path + query({ ...period, format }), { isStream: true });
      download(`${admin.site}-${report.from}-${report.to}.${format}`, type, await answer.blob());
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const agreement = agreementWords(report);
  const { notices } = report;
  const decided = Object.values(notices.decided).reduce((sum, number) => sum + Number(number), 0);
  fill(
    place,
    periodChoice(period, (from, to) => (location.hash = admin.address("report", from, to))),
    h(
      "div",
      { class: "row" },
      ...FORMATS.map(([format, label, type], at) =>
        button(label, () => save(format, type), at ? {} : { class: "primary" }),
      ),
    ),
    told,
    h("h2", { class: "report-title" }, h("bdi", null, report.name), `: ${report.from} to ${report.to}`),
    h(
      "section",
      { class: "card group" },
      h("h2", null, "Replies"),
      table(
        "Replies",
        ["What", "#Number"],
        [
          ["Posted", report.received],
          ["Public at once", report.public_at_once],
          ["Waited for a moderator", report.held],
          ["Put away as spam by rules", report.put_away],
          ["Returned, not changed in time, and refused for it", report.lapsed],
        ],
      ),
      h(
        "p",
        null,
        `Half of those that waited were decided about within ${duration(report.decision_time.median_seconds)}, nine of ten within ${duration(report.decision_time.p90_seconds)}.`,
      ),
      agreement ? h("p", null, agreement) : null,
    ),
    h(
      "div",
      { class: "chart-columns" },
      ...tablesOf(report).map((one) => chartCard(admin.session, `${path}/chart`, period, one)),
    ),
    decided
      ? h(
          "p",
          null,
          `Of the notices ${decided} were decided, ${notices.automated} with automated means; half of them within ${duration(notices.median_seconds)}.`,
        )
      : null,
  );
}
