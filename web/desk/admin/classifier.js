import { fill, h } from "../dom.js";
import { count } from "../words.js";
import { barTable } from "./bars.js";
import { serverChart } from "./chart.js";
import { table, tile } from "./pieces.js";

/** @param {number | null} share */
const percent = (share) => (share === null ? "–" : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);

/**
 * What the classifier of a site has learnt, and how good it was.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showClassifier(place, admin) {
  const [it, { policy }] = await Promise.all([
    admin.session.ask(`${admin.path}/moderation/classifier`),
    admin.session.ask(`${admin.path}/policy`),
  ]);
  const threshold = policy.classifier?.threshold ?? it.usual_threshold;
  const isOff = policy.classifier?.outcome === "pass";
  fill(
    place,
    h("p", { class: "hint" }, "It learns from what moderators decide here: approved replies are good, spam is not."),
    h(
      "div",
      { class: "tiles" },
      tile(it.good.toLocaleString("en"), "good texts learnt"),
      tile(it.bad.toLocaleString("en"), "spam learnt"),
      tile(isOff ? "off" : it.is_quiet ? "quiet" : "speaks", isOff ? "by the rules" : "at present"),
      tile(threshold.toFixed(2), "score over which it acts"),
    ),
    it.is_quiet
      ? h(
          "p",
          { class: "warning" },
          `It says nothing yet: it needs 50 texts of each kind. ${Math.max(0, 50 - it.good)} good ones and ${Math.max(0, 50 - it.bad)} of spam are missing.`,
        )
      : null,
    h(
      "section",
      { class: "card group" },
      h("h2", null, "How good it was"),
      ...(it.at_threshold.decisions
        ? quality(admin, it)
        : [h("p", { class: "hint" }, "Nothing has been scored yet. Each decision is scored before it is learnt.")]),
    ),
    h(
      "div",
      { class: "two" },
      features("Speaks most for spam", it.strongest_bad, "bad"),
      features("Speaks most for good texts", it.strongest_good, "good"),
    ),
  );
}

/** In a sentence, as a picture, and as a table. @param {import("./part.js").Admin} admin @param {any} it */
function quality(admin, it) {
  const { threshold, decisions, precision, recall, good_held: held } = it.at_threshold;
  const sentence = `Over the last ${count(decisions, "decision", "decisions")}, at a score over ${threshold.toFixed(2)}: of what it took for spam ${percent(precision)} was; it found ${percent(recall)} of all spam, and would have held ${percent(held)} of the good replies.`;
  const rows = it.curve.map((/** @type {any} */ one) => [
    one.threshold.toFixed(2),
    percent(one.precision),
    percent(one.recall),
    percent(one.good_held),
  ]);
  const numbers = table("Quality by score", ["Score over", "#It is spam", "#Spam found", "#Good held"], rows);
  return [h("p", null, sentence), serverChart(admin.session, `${admin.path}/moderation/classifier/chart`, numbers)];
}

/** @param {string} title @param {{name: string, evidence: number}[]} list @param {"good" | "bad"} kind */
function features(title, list, kind) {
  /** @type {[string, number][]} */
  const rows = list.map(({ name, evidence }) => [name, Math.abs(evidence)]);
  return h(
    "section",
    { class: "card group" },
    h("h2", null, title),
    rows.length
      ? barTable(title, rows, kind, (evidence) => evidence.toFixed(1))
      : h("p", { class: "hint" }, "Nothing yet."),
  );
}
