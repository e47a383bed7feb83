// Sums of some days in words: what statistics and report have in common.

import { done, GROUNDS, reasonWords, RULES, SANCTIONS } from "../words.js";

/** @param {number | null | undefined} secs */
export function duration(secs) {
  if (secs === null || secs === undefined) return "–";
  if (secs < 90) return `${secs} s`;
  if (secs < 5_400) return `${Math.round(secs / 60)} min`;
  if (secs < 172_800) return `${(secs / 3_600).toFixed(1)} h`;
  return `${Math.round(secs / 86_400)} days`;
}

/** @type {Record<string, string>} */
const REPORT_ENDS = { upheld: "right", dismissed: "dismissed", moot: "fell away", held_back: "came again" };
/** @type {Record<string, string>} */
const APPEALS = { filed: "filed", upheld: "turned down", overturned: "granted", moot: "fell away" };

/** @param {string} word */
const plain = (word) => word.replaceAll("_", " ");

/**
 * The tables of some sums: each with a title, the name of its chart, and rows. Those without rows are left out.
 *
 * @param {any} sums
 * @returns {{of: string, title: string, rows: [string, number][]}[]}
 */
export function tablesOf(sums) {
  /** @param {string} of @param {string} title @param {Record<string, number>} map @param {(key: string) => string} words */
  const table = (of, title, map, words) => ({
    of,
    title,
    rows: Object.entries(map ?? {})
      .map(([key, number]) => /** @type {[string, number]} */ ([words(key), number]))
      .sort(([, a], [, b]) => b - a),
  });
  return [
    table("decisions", "Decisions", sums.decisions, done),
    table("reasons", "Reasons of refusals", sums.reasons, reasonWords),
    table("rules", "Held by rule", sums.held_by_rule, (rule) => RULES[rule] ?? plain(rule)),
    table("reports", "Reports", sums.reports, reasonWords),
    table("closed_reports", "What came of reports", sums.closed_reports, (end) => REPORT_ENDS[end] ?? plain(end)),
    table("appeals", "Appeals", sums.appeals, (end) => APPEALS[end] ?? plain(end)),
    table("sanctions", "Sanctions", sums.sanctions, (kind) => SANCTIONS[kind] ?? plain(kind)),
    table(
      "notices",
      "Notices of illegal content",
      sums.notices?.received,
      (ground) => GROUNDS[ground] ?? plain(ground),
    ),
  ].filter(({ rows }) => rows.length);
}

/** @param {any} sums How often people and rules were of one mind, in words. */
export function agreementWords({ agreement }) {
  if (agreement.share === null) return "";
  const { held_approved: wrongly, passed_refused: missed } = agreement;
  return `Rules and people said the same of ${Math.round(agreement.share * 100)} %. Rules stopped ${wrongly} that people approved, and let ${missed} pass that people refused.`;
}
