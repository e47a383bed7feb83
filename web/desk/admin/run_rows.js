// Runs of a policy over what waits: begun, shown with what came of them, and undone.

import { button, fill, h } from "../dom.js";
import { failure, when } from "../parts.js";
import { count, problemWords } from "../words.js";
import { confirm } from "./pieces.js";
import { ended, isGoing, progress } from "./runs.js";

/** @type {Record<string, string>} */
const RUNS = { simulate: "Tried on former replies", rerun: "Run again on what waits", undo: "Undone" };
/** @type {Record<string, string>} */
const ENDS = {
  cancelled: "It was stopped.",
  failed: "It failed: look at the service’s log.",
  waiting: "It waits for its turn.",
  running: "It is at work.",
};

/** @param {any} run What came of it. */
function resultOf({ state, simulation, rerun, undone }) {
  if (ENDS[state]) return ENDS[state];
  if (simulation)
    return `Of ${count(simulation.replies, "reply", "replies")} ${simulation.held} would be held, ${simulation.spam} put away.`;
  if (rerun) return `${count(rerun.released, "reply is", "replies are")} public now; ${rerun.still_waiting} wait on.`;
  if (undone) return `${count(undone.put_back, "reply waits", "replies wait")} again; ${undone.moved_on} had moved on.`;
  return "";
}

/** @param {any} run @param {import("./part.js").Admin} admin @param {HTMLElement} going @param {(id: string | null) => string} names */
export function runRow(run, admin, going, names) {
  const undo = () =>
    confirm("Undo this run?", "What it made public waits again, unless it has moved on.", "Undo it", async () => {
      const begun = await admin.session.post(`${admin.path}/policy/runs/${run.id}/undo`);
      watch(admin, begun, going).catch((problem) => fill(going, failure(problemWords(problem))));
    });
  const stop = async () => {
    await admin.session.delete(`${admin.path}/policy/runs/${run.id}`).catch(() => {});
    await admin.again("The run is stopped.");
  };
  return h(
    "li",
    null,
    h(
      "p",
      { class: "meta" },
      h("b", null, RUNS[run.kind] ?? run.kind),
      when(run.created_at),
      h("bdi", null, names(run.author_id)),
    ),
    h("p", null, resultOf(run)),
    h(
      "div",
      { class: "row" },
      run.kind === "rerun" && run.state === "done" && run.rerun?.released ? button("Undo", undo) : null,
      isGoing(run) ? button("Stop", stop) : null,
    ),
  );
}

/** @param {import("./part.js").Admin} admin @param {HTMLElement} going */
export async function rerun(admin, going) {
  try {
    await watch(admin, await admin.session.post(`${admin.path}/policy/rerun`), going);
  } catch (problem) {
    const isBusy = /** @type {any} */ (problem).code === "state_conflict";
    fill(
      going,
      failure(isBusy ? "A run is at work already: wait for its end." : problemWords(/** @type {any} */ (problem))),
    );
  }
}

/** Shows how far a run is, then the page anew with what came of it. @param {import("./part.js").Admin} admin @param {any} run @param {HTMLElement} going */
async function watch(admin, run, going) {
  const done = await ended(admin, run, going, (now) => fill(going, progress(now, "How far the run is")));
  if (done) await admin.again(resultOf(done));
}
