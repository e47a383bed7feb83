import { button, fill, h } from "./dom.js";
import { askForQueue, askToDelete, mayChange } from "./saved_queue.js";
import { numberIn } from "./title.js";
import { QUEUES } from "./words.js";

/**
 * The queues with their numbers, those of one's own too.
 *
 * @param {HTMLElement} place
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 */
export function showQueues(place, session, board) {
  /** @type {string} */
  let site = "";
  const open = (/** @type {any} */ source) => () => {
    board.open(source);
    show();
  };
  const show = () => {
    const { source } = board;
    const queues = Object.entries(QUEUES)
      .filter(([queue]) => queue !== "appeals")
      .map(([queue, label]) => {
        const number = numberIn(board.counts, { queue, site });
        const isCurrent = source.kind === "queue" && source.queue === queue;
        return row(label, number.toLocaleString("en"), isCurrent, open({ kind: "queue", queue, site }), number === 0);
      });
    const saved = board.saved.map(({ id, name, count, owner_id: owner }) => {
      const isCurrent = source.kind === "saved" && source.id === id;
      const number = `${count.number.toLocaleString("en")}${count.is_exact ? "" : "+"}`;
      const of = owner === session.accountId ? "" : `by ${board.nameOf(owner)}`;
      return row(name, number, isCurrent, open({ kind: "saved", id, name }), count.number === 0, of);
    });
    fill(place, sitesOf(), h("ul", null, ...queues, ...saved), ownQueues());
  };
  const ownQueues = () => {
    const { source } = board;
    const current = source.kind === "saved" ? board.saved.find(({ id }) => id === source.id) : null;
    return h(
      "p",
      { class: "row own-queues" },
      button("New queue", () => askForQueue(session, board), { class: "quiet", "data-name": "new" }),
      ...(current && mayChange(session, current)
        ? [
            button("Change this one", () => askForQueue(session, board, current), {
              class: "quiet",
              "data-name": "change",
            }),
            button("Delete this one", () => askToDelete(session, board, current), {
              class: "quiet",
              "data-name": "delete",
            }),
          ]
        : []),
    );
  };
  const sitesOf = () => {
    if (board.counts.length < 2) return null;
    const choose = h("select", { "aria-label": "Site", "data-name": "site" }, h("option", { value: "" }, "All sites"));
    choose.append(
      ...board.counts.map((one) => h("option", { value: one.site, selected: one.site === site }, one.site)),
    );
    choose.addEventListener("change", () => {
      site = choose.value;
      if (board.source.kind === "queue") board.open({ ...board.source, site });
      show();
    });
    return choose;
  };
  board.addEventListener("counts", show);
  board.addEventListener("list", show);
  // numbers of saved queues are told by nobody: they are read again when others changed
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reading;
  let told = "";
  board.addEventListener("counts", () => {
    const now = JSON.stringify(board.counts);
    if (now === told || !board.saved.length) return;
    told = now;
    clearTimeout(reading);
    reading = setTimeout(() => board.readSaved(), 2_000);
  });
  show();
}

/**
 * @param {string} label
 * @param {string} number
 * @param {boolean} isCurrent
 * @param {() => void} onclick
 * @param {boolean} isEmpty
 * @param {string} [of] whose it is
 */
function row(label, number, isCurrent, onclick, isEmpty, of) {
  return h(
    "li",
    null,
    h(
      "button",
      {
        type: "button",
        onclick,
        "aria-current": isCurrent && "true",
        "data-name": label,
        class: isEmpty && "is-empty",
      },
      h("bdi", null, label),
      of ? h("span", { class: "hint" }, of) : null,
      h("span", { class: "number" }, number),
    ),
  );
}
