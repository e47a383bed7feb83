import { ask, query } from "../shared/api.js";

/**
 * @typedef {import("../types/api.js").components["schemas"]} Schemas
 * @typedef {Schemas["ReplyView"]} Reply
 * @typedef {Schemas["ThreadView"]} Thread
 * @typedef {Schemas["StoryState"]} Story
 * @typedef {"newest" | "oldest" | "top"} Sort
 * @typedef {Schemas["DiscussionView"]} FirstView
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
   * @param {number | null} version what it must show at least, whatever is kept on the way
   * @returns {Promise<FirstView>}
   */
  first(site, externalId, sort, version) {
    const story = `/api/v1/sites/${encodeURIComponent(site)}/stories/${encodeURIComponent(externalId)}`;
    return this.get(
      `${story}/discussion${query({ sort, limit: LIMIT, replies_per_thread: BELOW, min_version: version })}`,
    );
  }

  /**
   * @param {string} story
   * @param {Sort} sort
   * @param {string | null} cursor
   * @param {number | null} version as above
   * @returns {Promise<Schemas["ThreadPage"]>}
   */
  threads(story, sort, cursor, version) {
    const asked = { sort, limit: LIMIT, replies_per_thread: BELOW, cursor, min_version: version };
    return this.get(`/api/v1/stories/${story}/replies${query(asked)}`);
  }

  /** All that are featured, in their order. @param {string} story @param {number} version as above @returns {Promise<Schemas["FeaturedListView"]["items"]>} */
  async featured(story, version) {
    return (await this.get(`/api/v1/stories/${story}/featured${query({ min_version: version })}`)).items;
  }

  /**
   * @param {string} reply
   * @param {string | null} cursor
   * @returns {Promise<Schemas["Page_ReplyView"]>}
   */
  below(reply, cursor) {
    return this.get(`/api/v1/replies/${reply}/below${query({ cursor: cursor || null, limit: 100 })}`);
  }

  /** @param {string} reply @returns {Promise<Schemas["PermalinkView"]>} */
  permalink(reply) {
    return this.get(`/api/v1/replies/${reply}`);
  }

  /**
   * What happened since a version: asked anew each time, as a browser may have kept that it was nothing.
   *
   * @param {string} story
   * @param {number} since
   * @returns {Promise<Schemas["EventsView"]>}
   */
  events(story, since) {
    const path = `/api/v1/stories/${story}/events${query({ since })}`;
    return ask(this.service, path, { signal: this.signal, cache: "no-cache" });
  }
}
