import { showSearch } from "./search.js";

/**
 * The desk's parts beside the queues. `show` fills the place; `rest` is what follows in the address.
 *
 * @typedef {{session: import("./service.js").Session, board: import("./board.js").Board,
 *   actions: import("./actions.js").Actions, rest: string[]}} Around
 * @type {{hash: string, label: string, show: (place: HTMLElement, around: Around) => void}[]}
 */
export const PARTS = [{ hash: "search", label: "Search", show: showSearch }];
