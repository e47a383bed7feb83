/**
 * Runs a change of what may stand above what somebody reads, which stays where it is: browsers without scroll anchoring would move it.
 *
 * @param {import("./view.js").View} view
 * @param {() => void} change
 */
export function still(view, change) {
  if (CSS.supports("overflow-anchor", "auto")) return change();
  const read = whatIsRead(view);
  const before = read?.getBoundingClientRect().top ?? 0;
  change();
  if (read?.isConnected) scrollBy({ top: read.getBoundingClientRect().top - before, behavior: "instant" });
}

/** The first reply that begins in view. @param {import("./view.js").View} view */
function whatIsRead(view) {
  const { left, width } = view.parts.threads.getBoundingClientRect();
  for (let y = 0; y < innerHeight; y += 24) {
    const article = view.root.elementFromPoint(left + width / 2, y)?.closest("article");
    if (article && article.getBoundingClientRect().top >= 0) return article;
  }
  return null;
}
