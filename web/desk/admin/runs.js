// Runs of a policy over many replies: waiting for them, and what came of them.

import { h } from "../dom.js";
import { lookAgain } from "../look_again.js";

/** @param {any} run */
export const isGoing = (run) => run.state === "waiting" || run.state === "running";

/**
 * Looks until it has ended, as long as `place` is shown.
 *
 * @param {import("./part.js").Admin} admin
 * @param {any} run
 * @param {HTMLElement} place
 * @param {(run: any) => void} tell
 * @returns {Promise<any>} the run as it ended; null where nobody looks any more
 */
export async function ended(admin, run, place, tell) {
  let now = run;
  for (let times = 0; isGoing(now); times++) {
    tell(now);
    await lookAgain(times);
    if (!place.isConnected) return null;
    now = await admin.session.ask(`${admin.path}/policy/runs/${now.id}`);
  }
  return now;
}

/** How far a run is. @param {any} run @param {string} label */
export function progress(run, label) {
  return h(
    "div",
    { class: "progress" },
    h("progress", { max: run.total || 1, value: run.total ? run.done : null, "aria-label": label }),
    h("span", { class: "hint" }, run.total ? `${run.done} of ${run.total}` : "Waiting for its turn…"),
  );
}
