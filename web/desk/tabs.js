// The parts' tabs, with how many wait in some of them.

import { fill, h } from "./dom.js";
import { PARTS } from "./more.js";
import { count } from "./words.js";

/** Numbers that no event tells are read again after so long, and when one comes back to the page. */
const READ_AGAIN_MS = 60_000;

/**
 * @param {import("./service.js").Session} session
 * @returns {{tabs: HTMLElement, turn: (hash: string) => void, tell: (hash: string, amount: import("./more.js").Amount) => void}}
 */
export function makeTabs(session) {
  /** @type {Map<string, HTMLElement>} */
  const numbers = new Map();
  /** @param {string} label @param {string} hash @param {() => Promise<unknown>} [load] */
  const tab = (label, hash, load) => {
    const number = h("span", { class: "tab-number" });
    numbers.set(hash, number);
    const link = h("a", { href: `#${hash}` }, h("span", null, label), number);
    // whoever points at it is about to turn to it; what fails is told when he does
    for (const near of ["pointerenter", "focus"]) link.addEventListener(near, () => load?.().catch(() => {}));
    return link;
  };
  const tabs = h(
    "nav",
    { class: "tabs", "aria-label": "Parts" },
    tab("Queues", ""),
    ...PARTS.map(({ label, hash, load }) => tab(label, hash, load)),
  );
  const turn = (/** @type {string} */ hash) => {
    for (const link of tabs.querySelectorAll("a")) {
      if (link.getAttribute("href") === `#${hash}`) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest", inline: "center" });
      } else link.removeAttribute("aria-current");
    }
  };
  /** @param {string} hash @param {import("./more.js").Amount} amount */
  const tell = (hash, { number, isExact }) => {
    const place = /** @type {HTMLElement} */ (numbers.get(hash));
    const shown = `${number.toLocaleString("en")}${isExact ? "" : "+"}`;
    // a number without a word says little to who does not see where it stands
    fill(place, number ? h("span", { "aria-hidden": "true" }, shown) : null);
    if (number) place.append(h("span", { class: "unseen" }, count(number, "waits", "wait")));
  };
  const read = () => {
    if (document.hidden) return;
    for (const { hash, count } of PARTS) {
      count?.(session).then(
        (amount) => tell(hash, amount),
        () => {},
      );
    }
  };
  read();
  setInterval(read, READ_AGAIN_MS);
  document.addEventListener("visibilitychange", read);
  return { tabs, turn, tell };
}
