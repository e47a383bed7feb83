import { h } from "../shared/dom.js";
import { SORTS } from "./threads.js";

/** @typedef {"title" | "state" | "me" | "composer" | "picks" | "sorts" | "lost" | "bar" | "offer" | "threads" | "foot" | "status"} Part */
/** @typedef {import("./view.js").View} View */

/**
 * What a discussion stands in, without any reply yet.
 *
 * @param {View} view
 * @param {import("./reading.js").FirstView} first
 * @returns {{section: HTMLElement, parts: Record<Part, HTMLElement>}}
 */
export function makeFrame(view, first) {
  const { language } = view;
  const title = h("h2", { class: "title", part: "title", id: "title", tabindex: "-1" });
  const state = h("p", { class: "state", part: "state", hidden: true });
  const me = h("div", { class: "me", part: "me" });
  const composer = h("div", { class: "composer" }, view.invitation());
  const picks = h("div", { class: first.featured_replies > 0 ? "has-picks" : "" });
  const lost = h("p", { class: "lost", role: "status" });
  const [bar, offer] = [h("div"), h("div")];
  const threads = h("ol", { class: "threads", part: "threads", role: "list" });
  const foot = h("div", { class: "foot" });
  const status = h("p", { class: "status", part: "status", role: "status" });
  const orders = SORTS.map((sort) =>
    h(
      "button",
      {
        type: "button",
        class: "sort",
        part: "sort",
        "aria-pressed": String(sort === view.threads.sort),
        onclick: () => view.threads.order(sort),
        value: sort,
      },
      language.say(sort),
    ),
  );
  const sorts = h("div", { class: "sorts", role: "group", "aria-label": language.say("order") }, ...orders);
  const section = h(
    "section",
    {
      class: "discussion",
      part: "discussion",
      "aria-labelledby": "title",
      lang: language.lang,
      dir: language.dir,
    },
    h("header", { class: "top", part: "top" }, title, me),
    state,
    composer,
    picks,
    sorts,
    h("div", { class: "bar" }, bar, offer),
    threads,
    foot,
    h("div", { class: "notes" }, lost, status),
  );
  dye(section, first.site.colour);
  return { section, parts: { title, state, me, composer, picks, sorts, lost, bar, offer, threads, foot, status } };
}

/** What stands there instead where it cannot be had. @param {View} view @param {string} code */
export function showFailure(view, code) {
  const { host, language, root, signal } = view;
  const again = h(
    "button",
    { type: "button", part: "button", class: "more-threads", onclick: () => host.reload() },
    language.say("again"),
  );
  const key = code === "not_found" ? "no-story" : `problem.${code}`;
  const text = language.say(language.knows(key) ? key : "problem.other");
  root.replaceChildren(
    h(
      "section",
      { class: "discussion failed", part: "discussion", lang: language.lang, dir: language.dir },
      h("p", { role: "status" }, text),
      again,
    ),
  );
  if (code === "unreachable") addEventListener("online", () => host.reload(), { signal });
}

/** The site's colour, where the page chose none. @param {HTMLElement} section @param {string | null} [colour] */
function dye(section, colour) {
  if (!colour || !/^#[0-9a-f]{6}$/i.test(colour)) return;
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  section.style.setProperty("--_site", colour);
  section.style.setProperty("--_on-site", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff");
}
