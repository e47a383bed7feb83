import { ask } from "../shared/api.js";
import { langOf, serviceOf } from "./service.js";
import { loadLanguage } from "./words.js";

/** Stories that one request asks for at most. */
const AT_ONCE = 500;
/** How long the page's parser is waited for. */
const PARSING_MS = 2_000;

/** Elements that wait for their count. @type {Set<RejoinderCount>} */
const waiting = new Set();

/**
 * `<rejoinder-count site="…" story="…">` or `url="…"`: how many replies a story has, for pages that list many. All of a page
 * ask together.
 */
export class RejoinderCount extends HTMLElement {
  static observedAttributes = ["site", "story", "url", "service", "lang", "words"];

  connectedCallback() {
    if (waiting.size === 0) askSoon();
    waiting.add(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.connectedCallback();
  }

  disconnectedCallback() {
    waiting.delete(this);
  }

  /** @param {number} replies */
  async show(replies) {
    const language = await loadLanguage(langOf(this), this.getAttribute("words"));
    this.textContent = language.say("count", { n: replies });
    this.dispatchEvent(new CustomEvent("rejoinder:count", { bubbles: true, composed: true, detail: { replies } }));
  }
}

/** Asks when the page is there: its parser may make one element after the other. One that takes long is not waited for. */
function askSoon() {
  if (document.readyState !== "loading") return queueMicrotask(askForAll);
  const ready = new AbortController();
  const ask = () => {
    ready.abort();
    clearTimeout(late);
    askForAll();
  };
  const late = setTimeout(ask, PARSING_MS);
  document.addEventListener("DOMContentLoaded", ask, { signal: ready.signal });
}

function askForAll() {
  /** @type {Map<string, RejoinderCount[]>} */
  const groups = new Map();
  for (const count of waiting) {
    const key = JSON.stringify([serviceOf(count), count.getAttribute("site")]);
    groups.set(key, [...(groups.get(key) ?? []), count]);
  }
  waiting.clear();
  for (const [key, counts] of groups) {
    const [service, site] = JSON.parse(key);
    for (let at = 0; at < counts.length; at += AT_ONCE) askFor(service, site, counts.slice(at, at + AT_ONCE));
  }
}

/**
 * @param {string} service
 * @param {string | null} site
 * @param {RejoinderCount[]} counts
 */
async function askFor(service, site, counts) {
  const stories = counts.filter((count) => count.hasAttribute("story"));
  const urls = counts.filter((count) => !count.hasAttribute("story") && count.hasAttribute("url"));
  const [external_id, url] = [stories.map((count) => count.getAttribute("story")), urls.map(urlOf)];
  if (!external_id.length && !url.length) return;
  // a count that cannot be had leaves what the page wrote in its place
  const answer = await ask(service, "/api/v1/counts", { method: "POST", body: { site, external_id, url } }).catch(
    () => null,
  );
  [...stories, ...urls].forEach((count, at) => {
    const item = answer?.items[at];
    if (item?.is_known) count.show(item.replies);
  });
}

/** @param {Element} count */
function urlOf(count) {
  return new URL(count.getAttribute("url") ?? "", document.baseURI).href;
}
