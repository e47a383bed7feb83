import { fetchThread } from "../finding.js";
import { asReply, showOwn } from "./own.js";

/** @typedef {import("../reply.js").ReplyNode} ReplyNode */
/** @typedef {import("../reply.js").Own} Own */
/** @typedef {import("./session.js").Me} Me */

/** Threads that are fetched at most for one's own replies that nobody else sees: the newest. */
const FETCHED = 10;

/** What is one's own under a story: replies, also those that nobody else sees, and what one recommends. */
export class Mine {
  /** @type {Map<string, Own>} */
  replies = new Map();
  /** @type {Set<string>} */
  recommended = new Set();

  /** @param {import("./writer.js").Writer} writer */
  constructor(writer) {
    this.writer = writer;
  }

  get isWaiting() {
    return [...this.replies.values()].some((own) => own.state === "pending");
  }

  clear() {
    this.replies.clear();
    this.recommended.clear();
    this.writer.view.muted.clear();
  }

  /** Reads all of it: whatever comes onto the page later is known then. */
  async read() {
    const { view, session } = this.writer;
    let cursor = "";
    do {
      const page = await session.call(
        `/api/v1/stories/${view.story.id}/mine?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      for (const own of page.items) this.replies.set(own.id, own);
      for (const reply of page.recommended) this.recommended.add(reply);
      for (const account of page.muted) view.muted.add(account);
      view.section.classList.toggle("no-replies", !page.may_reply && !session.me?.unconfirmed_email);
      cursor = page.next_cursor ?? "";
    } while (cursor);
  }

  /** Marks what is one's own among these, and puts below them what only its author sees. @param {ReplyNode[]} nodes */
  mark(nodes) {
    const { view, session } = this.writer;
    const me = session.me;
    if (!me) return;
    for (const node of nodes) {
      const own = this.replies.get(node.id);
      if (own && own.state !== "withdrawn") this.#show(node, own, me);
      node.isRecommended = this.recommended.has(node.id);
      node.showRecommendations(node.reply.recommendations);
    }
    for (const own of this.#unseen()) if (!own.parent_id || view.nodes.has(own.parent_id)) this.place(own, me);
  }

  /** Brings those that are not on the page with what they answer; at the top, if that is gone. */
  async placeWaiting() {
    const { view, session } = this.writer;
    for (const own of this.#unseen().slice(-FETCHED)) {
      const parent = own.parent_id ?? "";
      if (view.nodes.has(own.id) || !session.me) continue;
      const isGone = !view.nodes.has(parent) && (await fetchThread(view, parent)) === "gone";
      if (view.signal.aborted) return;
      if (session.me && (isGone || view.nodes.has(parent))) this.place(own, session.me);
    }
  }

  /** @param {Own} own @param {Me} me */
  place(own, me) {
    const { view } = this.writer;
    const node = view.place(asReply(own, me, view.story.id), true);
    this.#show(node, own, me);
    return node;
  }

  /** @param {ReplyNode} node @param {Own} own @param {Me} me */
  #show(node, own, me) {
    const { reply } = node;
    node.own = own;
    // where others see its place alone, its author sees the text
    const { replies, visible_below } = reply;
    const asAuthor = { ...asReply(own, me, reply.story_id), replies, visible_below };
    node.show(reply.is_tombstone ? asAuthor : reply);
    showOwn(this.writer, node);
  }

  /** Those that only their author sees and that are not on the page. */
  #unseen() {
    const { nodes } = this.writer.view;
    return [...this.replies.values()].filter(
      ({ id, state }) => state !== "approved" && state !== "withdrawn" && !nodes.has(id),
    );
  }
}
