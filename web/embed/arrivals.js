import { barButton } from "./bar.js";
import { Live } from "./live.js";
import { still } from "./still.js";

/** @typedef {import("./reading.js").Reply} Reply */

/** A connection that comes back sooner was never missed. */
const MISSED_MS = 4_000;
/** Who hears the page is told of what comes this often at most. */
const SAID_MS = 20_000;

/**
 * What happens while somebody reads. Changes show where they are; what is new waits behind one quiet button, so that nothing
 * moves under one's eyes.
 */
export class Arrivals {
  /** Replies that came and are not shown yet. @type {Map<string, Reply>} */
  #arrived = new Map();
  #missing = 0;
  #saidAt = 0;
  /** Too much happened to be told one by one. */
  #isStale = false;

  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
    if (view.signal.aborted) return;
    this.live = new Live(view.reading, view.story.id, view.story.version, {
      apply: (event) => still(view, () => this.#apply(event)),
      reset: (version) => this.#offerReload(version),
      say: (isConnected) => this.#sayConnected(isConnected),
    });
  }

  close() {
    this.live?.close();
    clearTimeout(this.#missing);
  }

  /** @param {boolean} isConnected */
  #sayConnected(isConnected) {
    const { lost } = this.view.parts;
    if (!isConnected && this.#missing) return;
    clearTimeout(this.#missing);
    this.#missing = 0;
    if (isConnected) lost.textContent = "";
    else this.#missing = window.setTimeout(() => (lost.textContent = this.view.language.say("lost")), MISSED_MS);
  }

  /** One that shows by itself, as its author posted it here; nothing if it did not come yet. @param {string} id */
  take(id) {
    const reply = this.#arrived.get(id);
    this.#arrived.delete(id);
    this.#showBar();
    return reply;
  }

  /** The page was read anew, with all that came. */
  forget() {
    this.#arrived.clear();
    this.#showBar();
  }

  /** @param {import("./reading.js").Schemas["EventView"]} event */
  #apply(event) {
    const { view } = this;
    view.update(event.story);
    for (const change of event.changes) {
      this.#change(change);
      for (const above of change.above) {
        const shown = view.nodes.get(above.id);
        if (!shown) continue;
        if (!above.is_shown) {
          shown.keepHeight();
          shown.gone();
        } else shown.show({ ...shown.reply, replies: above.replies, visible_below: above.visible_below });
      }
    }
    this.#showBar();
    view.tell("count", { replies: view.story.replies });
  }

  /** @param {import("./reading.js").Schemas["ChangeView"]} change */
  #change({ kind, reply, reply_id: id }) {
    if (!id) return;
    const node = this.view.nodes.get(id);
    if (kind === "featured" || node?.reply.featured) this.view.listFeatured();
    if (!reply) {
      this.#arrived.delete(id);
      node?.keepHeight();
      node?.gone();
    } else if (node) {
      if (node.own && !reply.is_tombstone) {
        if (node.own.state !== "approved") this.view.say(this.view.language.say("posted"));
        node.own = { ...node.own, state: "approved", version: reply.version ?? node.own.version };
      }
      node.show(reply);
      this.view.showOwn(node);
    } else if (reply.is_tombstone) this.#arrived.delete(id);
    else if (kind === "published" || kind === "restored" || this.#arrived.has(id)) this.#arrived.set(id, reply);
  }

  /** Those that came and have a place on the page, each behind the one that it answers. */
  #placeable() {
    /** @type {Reply[]} */
    const found = [];
    const reached = new Set();
    for (const reply of [...this.#arrived.values()].sort((a, b) => a.depth - b.depth)) {
      if (this.view.nodes.has(reply.id)) this.#arrived.delete(reply.id);
      else if (!reply.parent_id || this.view.nodes.has(reply.parent_id) || reached.has(reply.parent_id)) {
        reached.add(reply.id);
        found.push(reply);
      }
    }
    return found;
  }

  #showBar() {
    const { bar } = this.view.parts;
    if (this.#isStale) return;
    const n = this.#placeable().length;
    if (n === 0) {
      if (bar.contains(this.view.root.activeElement)) this.view.parts.title.focus({ preventScroll: true });
      return bar.replaceChildren();
    }
    const text = this.view.language.say("arrived", { n });
    const button = bar.querySelector("button");
    if (button) button.textContent = text;
    else bar.replaceChildren(barButton(() => this.#show(), text));
    if (Date.now() - this.#saidAt < SAID_MS) return;
    this.#saidAt = Date.now();
    this.view.say(text, true);
  }

  #show() {
    const { view } = this;
    const nodes = this.#placeable().map((reply) => view.place(reply, view.threads.sort !== "oldest"));
    this.forget();
    nodes.forEach((node) => node.markNew());
    const isBefore = (/** @type {Node} */ a, /** @type {Node} */ b) =>
      a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
    nodes.sort((a, b) => (isBefore(a.item, b.item) ? -1 : 1));
    if (nodes[0]) view.goTo(nodes[0]);
  }

  /** @param {number} version */
  #offerReload(version) {
    const { view } = this;
    this.#isStale = true;
    this.live?.close();
    view.parts.bar.replaceChildren(barButton(() => view.host.reload(version), view.language.say("reload")));
  }
}
