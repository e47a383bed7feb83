// The desk's frame: what is above, the parts, and the keys.

import { Actions } from "./actions.js";
import { hear } from "./board/happenings.js";
import { showContext } from "./context.js";
import { button, fill, h, say } from "./dom.js";
import { giveFocus, placeOf } from "./focus.js";
import { showHelp } from "./help.js";
import { showItem } from "./item.js";
import { listenToKeys } from "./keys.js";
import { showList } from "./list.js";
import { keepTimes } from "./parts.js";
import { showPosting } from "./posting.js";
import { showQueues } from "./queues.js";
import { PARTS, showPart } from "./more.js";
import { listen } from "./stream.js";
import { makeTabs } from "./tabs.js";
import { titleOf, titleOfQueue } from "./title.js";

/**
 * @param {import("./service.js").Session} session
 * @param {import("./board.js").Board} board
 * @param {import("./outbox.js").Outbox} outbox
 */
export function showDesk(session, board, outbox) {
  const actions = new Actions(session, board, outbox);
  const connection = h(
    "p",
    { class: "connection", hidden: true },
    "No connection. You can go on: decisions are kept and sent when it is back.",
  );
  const posting = h("div", { class: "posting" });
  const queues = h("nav", { class: "queues", "aria-label": "Queues" });
  const list = h("section", { class: "list", "aria-label": "Replies", tabindex: "-1" });
  const item = h("article", { class: "item", "aria-label": "The reply", tabindex: "-1" });
  const context = h("aside", { class: "context", "aria-label": "Around it" });
  const work = h("main", { class: "work" }, h("div", { class: "left" }, queues, list), item, context);
  const other = h("main", { class: "other", tabindex: "-1", hidden: true });

  const { tabs, turn: turnTabs, tell } = makeTabs(session);
  const bar = h(
    "header",
    { class: "bar" },
    h("p", { class: "brand" }, "Desk"),
    tabs,
    h("span", { class: "me" }, h("bdi", null, session.me.display_name)),
    button("Help", () => showHelp(), { class: "quiet", key: "?" }),
    button(
      "Sign out",
      async () => {
        await board.hand.giveAllBack();
        await session.end();
        location.reload();
      },
      { class: "quiet" },
    ),
  );
  fill(
    document.body,
    h("a", { class: "skip", href: "#reply" }, "Skip to the content"),
    bar,
    connection,
    posting,
    work,
    other,
  );
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    if (!work.hidden && !item.checkVisibility()) list.focus();
    else (work.hidden ? other : item).focus();
  });

  keepTimes();
  // what speaks is there before it has something to say
  say("");
  showQueues(queues, session, board);
  showList(list, board, actions);
  showItem(item, session, board, actions);
  showContext(context, session, board);
  showPosting(posting, board, outbox);
  listenToKeys(actions);

  /** @type {import("./more.js").Part | undefined} */
  let part;
  const setTitle = () => (document.title = part ? titleOf(part.label) : titleOfQueue(board));
  for (const name of ["list", "counts"]) board.addEventListener(name, setTitle);

  /** Which part is shown stands in the address. */
  const turn = async () => {
    // a choice in a page that shows it anew: whoever goes through it by its arrows stays at it
    const chosen = document.activeElement instanceof HTMLSelectElement ? placeOf(document.activeElement) : null;
    const [hash, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
    const turned = (part = PARTS.find((one) => one.hash === hash));
    setTitle();
    work.hidden = Boolean(part);
    other.hidden = !part;
    actions.isAtWork = !part;
    turnTabs(part?.hash ?? "");
    // of its own, so that a part which comes late takes nobody else's
    const place = h("div", null);
    fill(other, place);
    if (!turned) return;
    other.focus();
    await showPart(turned, place, { session, board, actions, rest, tell: (amount) => tell(turned.hash, amount) });
    if (chosen && document.activeElement === other) giveFocus(chosen);
  };
  addEventListener("hashchange", () => {
    turn();
    // where the list alone is shown it stays at the tab
    if (!work.hidden && !work.contains(document.activeElement)) item.focus();
  });
  turn();

  const ending = new AbortController();
  let isThere = true;
  let hasListened = false;
  listen(
    session,
    {
      event: (name, data) => hear(board, name, data),
      connection: (isThereNow) => {
        if (isThere !== isThereNow) say(isThereNow ? "The connection is back" : "No connection");
        // what happened while nobody listened is told by nobody
        if (isThereNow && hasListened) board.reload();
        hasListened ||= isThereNow;
        isThere = isThereNow;
        connection.hidden = isThere;
      },
    },
    ending.signal,
  );
  addEventListener("offline", () => (connection.hidden = false));
  board.readSaved();
  board.reload();
}
