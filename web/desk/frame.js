// The desk's frame: what is above, the parts, and the keys.

import { Actions } from "./actions.js";
import { showContext } from "./context.js";
import { button, fill, h, say } from "./dom.js";
import { showHelp } from "./help.js";
import { showItem } from "./item.js";
import { listenToKeys } from "./keys.js";
import { showList } from "./list.js";
import { showPosting } from "./posting.js";
import { showQueues } from "./queues.js";
import { PARTS } from "./more.js";
import { listen } from "./stream.js";

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
  const list = h("section", { class: "list", "aria-label": "Replies" });
  const item = h("article", { class: "item", "aria-label": "The reply", tabindex: "-1" });
  const context = h("aside", { class: "context", "aria-label": "Around it" });
  const work = h("main", { class: "work" }, h("div", { class: "left" }, queues, list), item, context);
  const other = h("main", { class: "other", tabindex: "-1", hidden: true });

  const tab = (/** @type {string} */ label, /** @type {string} */ hash) => h("a", { href: `#${hash}` }, label);
  const tabs = h(
    "nav",
    { class: "tabs", "aria-label": "Parts" },
    tab("Queues", ""),
    ...PARTS.map(({ label, hash }) => tab(label, hash)),
  );
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
        await session.end();
        location.reload();
      },
      { class: "quiet" },
    ),
  );
  fill(
    document.body,
    h("a", { class: "skip", href: "#reply" }, "Skip to the reply"),
    bar,
    connection,
    posting,
    work,
    other,
  );
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    item.focus();
  });

  showQueues(queues, session, board);
  showList(list, board, actions);
  showItem(item, session, board, actions);
  showContext(context, session, board);
  showPosting(posting, board, outbox);
  listenToKeys(actions);

  /** Which part is shown stands in the address. */
  const turn = () => {
    const [hash, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
    const part = PARTS.find((one) => one.hash === hash);
    work.hidden = Boolean(part);
    other.hidden = !part;
    actions.isAtWork = !part;
    for (const link of tabs.querySelectorAll("a")) {
      if (link.getAttribute("href") === `#${part?.hash ?? ""}`) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else link.removeAttribute("aria-current");
    }
    fill(other);
    if (part) {
      part.show(other, { session, board, actions, rest });
      other.focus();
    }
  };
  addEventListener("hashchange", turn);
  turn();

  const ending = new AbortController();
  let isThere = true;
  listen(
    session,
    {
      event: (name, data) => board.hear(name, data),
      connection: (isThereNow) => {
        if (isThere !== isThereNow) say(isThereNow ? "The connection is back" : "No connection");
        // claims and decisions of others were missed
        if (!isThere && isThereNow) board.reload();
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
