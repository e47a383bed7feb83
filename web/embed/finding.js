/** @typedef {import("./view.js").View} View */
/** @typedef {import("./reading.js").Reply} Reply */

/** Ways to a reply: the page's address, and keys. @param {View} view */
export function find(view) {
  const { signal } = view;
  if (signal.aborted) return;
  addEventListener("hashchange", () => follow(view), { signal });
  view.section.addEventListener("keydown", (event) => press(view, event), { signal });
  follow(view);
}

/** Opens and marks the reply that the page's address names, wherever it stands. @param {View} view */
async function follow(view) {
  const id = /^#reply-([0-9a-f-]{36})$/.exec(location.hash)?.[1];
  if (!id) return;
  const found = view.nodes.has(id) ? "found" : await fetchThread(view, id);
  // what nobody else sees comes when its author is signed in
  if (found !== "found") await view.resuming?.catch(() => null);
  const node = view.nodes.get(id);
  if (view.signal.aborted) return;
  if (!node) return sayMissing(view, found);
  view.root.querySelector(".linked")?.classList.remove("linked");
  node.article.classList.add("linked");
  view.goTo(node);
}

/** @param {View} view @param {"found" | "elsewhere" | "gone" | "unknown"} found */
function sayMissing(view, found) {
  // another discussion of this page may be whose it is
  if (found === "elsewhere" && document.querySelectorAll(view.host.localName).length > 1) return;
  view.say(view.language.say(found === "unknown" ? "problem.unreachable" : "not-here"));
}

/**
 * Puts a reply on the page with what is above and below it.
 *
 * @param {View} view
 * @param {string} id
 * @returns {Promise<"found" | "elsewhere" | "gone" | "unknown">} `elsewhere`: under another story; `unknown`: nobody answered
 */
export async function fetchThread(view, id) {
  let found;
  try {
    found = await view.reading.permalink(id);
  } catch (problem) {
    const { status } = /** @type {import("../shared/api.js").Problem} */ (problem);
    return status === 404 || status === 400 ? "gone" : "unknown";
  }
  if (view.signal.aborted) return "unknown";
  if (found.story.id !== view.story.id) return "elsewhere";
  for (const reply of [...found.ancestors, found]) view.place(/** @type {Reply} */ (reply), true);
  for (const reply of found.below.items) view.place(/** @type {Reply} */ (reply));
  const top = view.nodes.get(id)?.top;
  const isWhole = top && top.reply.visible_below <= found.below.items.length + found.ancestors.length;
  if (top && !isWhole && !top.rest.firstChild) view.threads.offerRest(top, top.id, "");
  return "found";
}

/**
 * `j` and `k`: the next and the one before; `n`: the next new one; `p`: the one answered; `x`: collapse. Only while the focus is
 * in the discussion and nobody types.
 *
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, dialog")) return;
  // asked of the tree and not of the layout, which long threads leave out where nobody looks
  const articles = [...view.parts.threads.querySelectorAll("article")].filter(
    (article) => !article.parentElement?.parentElement?.closest(".collapsed"),
  );
  const at = articles.findIndex((article) => article === target.closest("article"));
  const node = view.nodes.get(articles[at]?.id.slice("reply-".length) ?? "");
  const isNew = (/** @type {Element} */ article) => article.classList.contains("is-new");
  /** @type {Record<string, () => HTMLElement | undefined>} */
  const ways = {
    j: () => articles[at + 1],
    k: () => articles[at - 1],
    n: () => articles.slice(at + 1).find(isNew) ?? articles.find(isNew),
    p: () => node?.parent?.article,
  };
  const next = ways[event.key]?.();
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "x" && node) node.collapse();
  else return;
  event.preventDefault();
}
