import { button, h, labelled, say, showDialog } from "./dom.js";
import { showBulk, undoBulk } from "./bulk.js";
import { showHelp } from "./help.js";
import { failure } from "./parts.js";
import { DONE, problemWords, REASONS } from "./words.js";

/** @typedef {import("./board/deciding.js").Done} Done */
/** @typedef {import("../types/desk.js").Bulk} Bulk */

/** What a moderator can do, by key or button. */
export class Actions extends EventTarget {
  /** Whether the queue is what is shown. */
  isAtWork = true;
  /** What can be undone, the last at the end. @type {(Done | {bulk: Bulk})[]} */
  #done = [];

  /**
   * @param {import("./service.js").Session} session
   * @param {import("./board.js").Board} board
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(session, board, outbox) {
    super();
    this.session = session;
    this.board = board;
    this.outbox = outbox;
  }

  /** The last that can be undone. */
  get last() {
    return this.#done.at(-1) ?? null;
  }

  /** @param {Bulk} bulk A decision about many: it is undone like one about a single reply. */
  keepBulk(bulk) {
    this.#done = [...this.#done.slice(-99), { bulk }];
    this.dispatchEvent(new Event("done"));
  }

  /** @param {Bulk} bulk which was undone, or decided about nothing */
  forgetBulk({ id }) {
    this.#done = this.#done.filter((one) => !("bulk" in one) || one.bulk.id !== id);
    this.dispatchEvent(new Event("done"));
  }

  /** @param {Done | null} done */
  #keep(done) {
    if (!done) return;
    this.#done = [...this.#done.slice(-99), done];
    say(`${done.item.author.display_name}: ${DONE[done.entry.action]}.`);
    this.dispatchEvent(new Event("done"));
    this.dispatchEvent(new Event("next"));
  }

  /** @param {number} by */
  move(by) {
    if (!this.board.move(by)) say(by > 0 ? "That is the last one." : "That is the first one.");
    this.dispatchEvent(new Event("next"));
  }

  approve() {
    if (this.board.selected.size) return showBulk(this, "approve");
    this.#keep(this.board.deciding.decide("approve"));
  }

  spam() {
    if (this.board.selected.size) return showBulk(this, "spam");
    this.#keep(this.board.deciding.decide("spam"));
  }

  feature() {
    this.#keep(this.board.deciding.feature());
  }

  /** Asks for the reason; its key is enough. */
  reject() {
    const item = this.board.current;
    if (!item && !this.board.selected.size) return;
    const message = h("textarea", { rows: "3", maxlength: "2000", name: "message" });
    const decide = (/** @type {string} */ reason) => {
      const text = message.value.trim();
      dialog.close();
      if (this.board.selected.size) return showBulk(this, "reject", reason, text);
      this.#keep(this.board.deciding.decide("reject", { reason, ...(text ? { message: text } : {}) }));
    };
    const choices = REASONS.map(([key, reason, label]) =>
      button(label, () => decide(reason), { key, class: "choice" }),
    );
    choices[0].setAttribute("autofocus", "");
    const dialog = showDialog("Reject: why?", [
      h("div", { class: "choices" }, ...choices),
      h("details", null, h("summary", null, "With a message to the author"), labelled("Message", message)),
      button("Cancel", () => dialog.close(), { key: "Esc" }),
    ]);
    dialog.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target === message) return;
      const reason = REASONS.find(([key]) => key === event.key.toLowerCase());
      if (!reason) return;
      event.preventDefault();
      decide(reason[1]);
    });
  }

  /** Back to the author, who may change it once. */
  giveBack() {
    if (!this.board.current) return;
    this.#askForText("Return to the author", "What should be changed?", "Return it", {
      done: (message) => this.#keep(this.board.deciding.decide("return", { message })),
    });
  }

  note() {
    const item = this.board.current;
    if (!item) return;
    this.#askForText("Note for colleagues", "Only moderators see it. @name tells a colleague.", "Keep the note", {
      send: (text) => this.session.post(`/api/v1/moderation/replies/${item.id}/notes`, { text }),
      done: () => {
        item.notes++;
        say("The note is kept.");
        this.board.tell("noted", "list");
      },
    });
  }

  undo() {
    const last = this.#done.pop();
    if (!last) return say("There is nothing to undo.");
    if ("bulk" in last) {
      this.dispatchEvent(new Event("done"));
      return void undoBulk({ session: this.session, board: this.board, actions: this }, last.bulk);
    }
    this.board.deciding.undo(last);
    say(`Undone: ${last.item.author.display_name}.`);
    this.dispatchEvent(new Event("done"));
    this.dispatchEvent(new Event("next"));
  }

  select() {
    const { current, selected } = this.board;
    if (!current) return;
    if (!selected.delete(current.id)) selected.add(current.id);
    this.board.tell("list");
  }

  selectAll() {
    for (const { id } of this.board.items) this.board.selected.add(id);
    this.board.tell("list");
  }

  unselect() {
    this.board.unselectAll();
  }

  search() {
    location.hash = "search";
  }

  help() {
    showHelp();
  }

  /**
   * @param {string} title
   * @param {string} label
   * @param {string} go
   * @param {{send?: (text: string) => Promise<unknown>, done: (text: string) => void}} then `done` when the dialog is closed: what is
   *   said behind one nobody hears
   */
  #askForText(title, label, go, { send, done }) {
    const area = h("textarea", { rows: "5", maxlength: "2000", required: true });
    const told = h("div", { class: "told" });
    const form = h("form", null, labelled(label, area), told);
    form.append(
      h(
        "div",
        { class: "row" },
        h("button", { class: "primary", type: "submit" }, go),
        button("Cancel", () => dialog.close()),
      ),
    );
    const dialog = showDialog(title, [form]);
    form.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = area.value.trim();
      if (!text) return area.focus();
      try {
        await send?.(text);
      } catch (problem) {
        return told.replaceChildren(failure(problemWords(/** @type {any} */ (problem))));
      }
      dialog.close();
      done(text);
    });
    area.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
}
