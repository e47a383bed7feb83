import { ask, query } from "../shared/api.js";

/**
 * @typedef {import("../types/api.js").components["schemas"]} Schemas
 * @typedef {Schemas["ReplyView"]} Reply
 * @typedef {Schemas["ThreadView"]} Thread
 * @typedef {Schemas["StoryState"]} Story
 * @typedef {"newest" | "oldest" | "top"} Sort
 * @typedef {{key: string, name: string, colour: string | null, edit_window_secs: number, unproven_accounts: string}} Site
 * @typedef {{site: Site, commentary: {label: string, author_name: string} | null, story: Story, items: Thread[],
 *   next_cursor: string | null}} FirstView
 */

/** Threads of a page, and replies shown below each before one asks for more. */
const LIMIT = 30;
const BELOW = 12;

/** What everybody reads of a service: the same answers for all, without a token. */
export class Reading {
  /**
   * @param {string} service
   * @param {AbortSignal} signal ends what is under way
   */
  constructor(service, signal) {
    this.service = service;
    this.signal = signal;
  }

  /** @param {string} path @returns {Promise<any>} */
  get(path) {
    return ask(this.service, path, { signal: this.signal });
  }

  /**
   * All that a first view needs.
   *
   * @param {string} site
   * @param {string} externalId
   * @param {Sort} sort
   * @returns {Promise<FirstView>}
   */
  first(site, externalId, sort) {
    const story = `/api/v1/sites/${encodeURIComponent(site)}/stories/${encodeURIComponent(externalId)}`;
    return this.get(`${story}/discussion${query({ sort, limit: LIMIT, replies_per_thread: BELOW })}`);
  }

  /**
   * @param {string} story
   * @param {Sort} sort
   * @param {string | null} cursor
   * @returns {Promise<{items: Thread[], next_cursor: string | null, story: Story}>}
   */
  threads(story, sort, cursor) {
    return this.get(
      `/api/v1/stories/${story}/replies${query({ sort, limit: LIMIT, replies_per_thread: BELOW, cursor })}`,
    );
  }

  /**
   * @param {string} reply
   * @param {string | null} cursor
   * @returns {Promise<{items: Reply[], next_cursor: string | null}>}
   */
  below(reply, cursor) {
    return this.get(`/api/v1/replies/${reply}/below${query({ cursor: cursor || null, limit: 100 })}`);
  }

  /** @param {string} reply @returns {Promise<Schemas["PermalinkView"]>} */
  permalink(reply) {
    return this.get(`/api/v1/replies/${reply}`);
  }

  /** @param {string} story @param {number} since @returns {Promise<Schemas["EventsView"]>} */
  events(story, since) {
    return this.get(`/api/v1/stories/${story}/events${query({ since })}`);
  }
}
