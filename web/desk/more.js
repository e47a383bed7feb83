import { showAppeals } from "./appeals.js";
import { showLog } from "./log.js";
import { showPeople } from "./people.js";
import { showPolicy } from "./policy.js";
import { showSearch } from "./search.js";
import { showStatistics } from "./statistics.js";

/**
 * The desk's parts beside the queues. `show` fills the place; `rest` is what follows in the address.
 *
 * @typedef {{session: import("./service.js").Session, board: import("./board.js").Board,
 *   actions: import("./actions.js").Actions, rest: string[]}} Around
 * @type {{hash: string, label: string, show: (place: HTMLElement, around: Around) => void}[]}
 */
export const PARTS = [
  { hash: "search", label: "Search", show: showSearch },
  { hash: "appeals", label: "Appeals", show: showAppeals },
  { hash: "people", label: "People", show: showPeople },
  { hash: "log", label: "Log", show: showLog },
  { hash: "rules", label: "Rules", show: showPolicy },
  { hash: "numbers", label: "Numbers", show: showStatistics },
];
