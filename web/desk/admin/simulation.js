import { button, fill, h } from "../dom.js";
import { count, RULES } from "../words.js";
import { serverChart } from "./chart.js";
import { table } from "./pieces.js";
import { ended, progress } from "./runs.js";

/** @typedef {import("../../types/desk.js").Simulation} Simulation */
/** @typedef {{id: string, simulation: Simulation}} Run of a policy over former replies, ended */

const LAST = 1_000;
const EXAMPLES_SHOWN = 8;
/** What an example shows. @type {Record<string, string>} */
const EXAMPLES = {
  caught: "caught",
  missed: "missed",
  wrongly_held: "held, and was approved",
  released: "would be public",
  held: "held",
};
const ID = / [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const AS_REPLY = new RegExp(`as reply${ID.source}`, "g");

/**
 * The draft, tried on former replies beside the rules that hold: as a picture before anything is switched on.
 *
 * @param {{admin: import("./part.js").Admin, draft: () => any, refused: (problem: any) => Node}} trying
 * @param {number} version of the policy that holds
 * @returns {{element: HTMLElement, compare: () => void}} `compare` when the draft may be another: numbers of a former one say so
 */
export function simulationPart({ admin, draft, refused }, version) {
  const place = h("div", { class: "simulated" });
  const told = h("p", { class: "unseen", role: "status" });
  /** Shown while the rules in the form are others than those that were tried. */
  const former = h("p", { class: "former", role: "status", hidden: true });
  /** What was tried, as far as it is shown. */
  let tried = "";
  /** What the present rules do: the same until others hold. @type {Run | null} */
  let present = null;
  const compare = () => {
    const isFormer = tried !== "" && tried !== JSON.stringify(draft());
    if (isFormer === !former.hidden) return;
    former.hidden = !isFormer;
    former.textContent = isFormer ? "You have changed the rules since: try them again to see what these would do." : "";
    place.classList.toggle("is-former", isFormer);
  };

  /** @param {any} policy null: the one that holds @param {string} label @returns {Promise<Run | null>} */
  const run = async (policy, label) => {
    const begun = await admin.session.post(`${admin.path}/policy/simulate`, { policy, last: LAST });
    const stop = () => admin.session.delete(`${admin.path}/policy/runs/${begun.id}`).catch(() => {});
    const done = await ended(admin, begun, place, (now) => {
      // the button stays, so that its focus does
      const bar = place.querySelector(".progress");
      if (bar) bar.replaceWith(progress(now, label));
      else fill(place, h("p", { class: "hint" }, label), progress(now, label), button("Stop", stop));
    });
    fill(place);
    return done?.simulation ? done : null;
  };
  const go = async () => {
    try {
      const asked = draft();
      tried = "";
      compare();
      const mine = await run(asked, "Your rules are tried…");
      present ??= mine && (await run(null, "The rules that hold are tried…"));
      if (!mine || !present) return fill(place, h("p", { class: "hint" }, "It was stopped."));
      fill(place, ...result(admin, mine, present.simulation, version));
      tried = JSON.stringify(asked);
      compare();
      const { replies, held, spam } = mine.simulation;
      told.textContent = `Tried on ${count(replies, "reply", "replies")}: ${held} would be held, ${spam} put away.`;
    } catch (problem) {
      fill(place, refused(problem));
    }
  };
  const element = h(
    "div",
    { class: "trying" },
    h("div", { class: "row" }, button("Try on the last 1,000 replies", go)),
    told,
    former,
    place,
  );
  return { element, compare };
}

/** @param {import("./part.js").Admin} admin @param {Run} mine @param {Simulation} present @param {number} version */
function result(admin, { id, simulation: mine }, present, version) {
  return [
    h("h3", null, `Of ${count(mine.replies, "reply", "replies")}`),
    h("p", null, comparison(mine, present, version)),
    serverChart(admin.session, `${admin.path}/policy/runs/${id}/chart`, numbersOf(mine, present, version)),
    mine.examples.length ? h("h3", null, "Such as") : null,
    h("ul", { class: "examples" }, ...mine.examples.slice(0, EXAMPLES_SHOWN).map(example)),
  ];
}

/** How they compare with the rules that hold, in a sentence. @param {Simulation} mine @param {Simulation} present @param {number} version */
function comparison(mine, present, version) {
  return `Your rules would catch ${mine.caught} of those that moderators refused, and hold ${mine.wrongly_held} that they approved; the rules that hold (version ${version}) ${present.caught} and ${present.wrongly_held}.`;
}

/** All of the picture's numbers, beside those of the rules that hold. @param {Simulation} mine @param {Simulation} present @param {number} version */
function numbersOf(mine, present, version) {
  const { now } = mine;
  /** @type {[label: string, of: (one: Simulation) => number, now?: number][]} */
  const rows = [
    ["Public", (one) => one.public, now?.public],
    ["Of these flagged", (one) => one.flagged],
    ["Waiting for a moderator", (one) => one.held, now?.waiting],
    ["Refused, or put away as spam", (one) => one.spam, now?.refused],
    ["Refused by moderators, and caught", (one) => one.caught],
    ["Refused by moderators, but public", (one) => one.missed],
    ["Approved by moderators, but held", (one) => one.wrongly_held],
    ["Waiting now, and public then", (one) => one.released],
  ];
  for (const rule of new Set([...Object.keys(mine.by_rule), ...Object.keys(present.by_rule)])) {
    const asked = (/** @type {Simulation} */ { by_rule: { [rule]: tally } }) =>
      tally ? tally.flag + tally.hold + tally.spam : 0;
    if (asked(mine) || asked(present)) rows.push([`By rule: ${RULES[rule] ?? rule}`, asked]);
  }
  const shown = (/** @type {number | undefined} */ number) => number?.toLocaleString("en") ?? "–";
  return table(
    "What the rules would do",
    ["Replies", "#Now", "#Your rules", `#Version ${version}`],
    rows.map(([label, of, now]) => [label, shown(now), shown(of(mine)), shown(of(present))]),
  );
}

/** Which other reply it is says its id, which tells people nothing. @param {string} words */
const plain = (words) => words.replace(AS_REPLY, "as a reply").replace(ID, "");

/** @param {any} one */
function example(one) {
  return h(
    "li",
    null,
    h("span", { class: "mark" }, EXAMPLES[one.of] ?? one.of),
    h("q", { dir: "auto" }, one.excerpt),
    one.words.length ? h("span", { class: "hint" }, one.words.map(plain).join("; ")) : null,
  );
}
