import { langOf, serviceOf } from "./service.js";
import { View } from "./view.js";

/** @typedef {import("../types/embed.js").RejoinderDiscussion} Described */

/**
 * `<rejoinder-discussion site="…" story="…">`: the discussion under a story. Attributes may change at any time; what is shown
 * then belongs to the new ones.
 *
 * @implements {Described}
 */
export class RejoinderDiscussion extends HTMLElement {
  static observedAttributes = ["site", "story", "service", "lang", "words", "sort", "sso-token"];

  /** @type {View | null} */
  #view = null;
  #isDue = false;
  /** @type {string | (() => Promise<string | null> | string | null) | null} */
  #ssoToken = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  connectedCallback() {
    // frameworks set properties before the element is upgraded
    if (Object.hasOwn(this, "ssoToken")) {
      const early = this.ssoToken;
      delete (/** @type {any} */ (this).ssoToken);
      this.#ssoToken = early;
    }
    this.#begin();
  }

  disconnectedCallback() {
    this.#view?.close();
    this.#view = null;
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "sso-token") this.#view?.signOn();
    else this.#begin();
  }

  /** The page's own token of who reads, or a function that gets one; each is good for once. */
  get ssoToken() {
    return this.#ssoToken ?? this.getAttribute("sso-token");
  }

  set ssoToken(token) {
    this.#ssoToken = token;
    this.#view?.signOn();
  }

  /** Reads everything anew. @param {number | null} [version] of the story, which it must show at least */
  reload(version = null) {
    this.#begin(version);
  }

  /** Several attributes that change in one go begin one view. @param {number | null} [version] */
  #begin(version = null) {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#view?.close();
      this.#view = null;
      const [site, story] = [this.getAttribute("site"), this.getAttribute("story")];
      if (!this.isConnected || !site || !story) return;
      this.#view = new View(this, {
        service: serviceOf(this),
        site,
        externalId: story,
        lang: langOf(this),
        wordsUrl: this.getAttribute("words"),
        sort: this.getAttribute("sort"),
        version,
      });
      this.#view.open();
    });
  }
}
