import { button, fill, h, say } from "../dom.js";
import { failure, when } from "../parts.js";
import { showHtml } from "../../shared/html.js";
import { problemWords } from "../words.js";
import { AFRESH } from "./pieces.js";

/**
 * The featured replies of a story: in which order they stand, and what stands above each.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 * @param {any} story
 */
export async function showFeatured(place, admin, story) {
  const path = `/api/v1/stories/${story.id}/featured`;
  const { items, version } = await admin.session.ask(path, AFRESH);
  /** @type {{reply: any, label: HTMLInputElement}[]} */
  const rows = items.map((/** @type {any} */ reply) => ({
    reply,
    label: h("input", {
      value: reply.featured?.label ?? "",
      maxlength: "60",
      placeholder: "Words above it, or none",
      "aria-label": `Words above ${reply.author?.display_name ?? "the reply"}’s`,
    }),
  }));
  const list = h("ol", { class: "featured" });
  const told = h("div", { class: "told" });

  /** @param {number} at @param {number} by @param {string} which */
  const move = (at, by, which) => {
    const [moved] = rows.splice(at, 1);
    rows.splice(at + by, 0, moved);
    show();
    const now = list.children[at + by];
    const same = now.querySelector(`.${which}:not(:disabled)`) ?? now.querySelector("button:not(:disabled)");
    /** @type {HTMLElement | null} */ (same)?.focus();
    say(`Place ${at + by + 1} of ${rows.length}.`);
  };
  const takeOff = async (/** @type {any} */ reply) => {
    try {
      await admin.session.delete(`/api/v1/replies/${reply.id}/feature`);
      await admin.again("It is not featured any more.");
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const save = async () => {
    const arranged = rows.map(({ reply, label }) => ({ reply_id: reply.id, label: label.value.trim() || null }));
    try {
      await admin.session.put(path, { items: arranged }, { "If-Match": `"${version}"` });
      await admin.again("Readers see this order from now on.");
    } catch (problem) {
      const isOther = /** @type {any} */ (problem).code === "precondition_failed";
      fill(
        told,
        failure(
          isOther ? "Somebody featured or arranged replies meanwhile." : problemWords(/** @type {any} */ (problem)),
        ),
        isOther ? button("Show the list as it is now", () => admin.again("This is the list as it is now.")) : null,
      );
    }
  };
  const show = () =>
    list.replaceChildren(
      ...rows.map(({ reply, label }, at) => {
        const text = h("div", { class: "text small is-html", dir: "auto" });
        showHtml(text, reply.body_html ?? "");
        const who = reply.author?.display_name ?? "a former reader";
        return h(
          "li",
          { class: "featured-row" },
          h("p", { class: "meta" }, h("b", null, h("bdi", null, who)), when(reply.created_at)),
          text,
          label,
          h(
            "div",
            { class: "row" },
            button("Up", () => move(at, -1, "up"), { class: "up", disabled: at === 0, "aria-label": `Up: ${who}` }),
            button("Down", () => move(at, 1, "down"), {
              class: "down",
              disabled: at === rows.length - 1,
              "aria-label": `Down: ${who}`,
            }),
            button("Take it off", () => takeOff(reply), { class: "quiet", "aria-label": `Take it off: ${who}` }),
          ),
        );
      }),
    );
  show();
  fill(
    place,
    h("h2", null, "Featured replies"),
    rows.length
      ? h("p", { class: "hint" }, "Readers see them in this order.")
      : h("p", { class: "hint" }, "None yet. Feature a public reply in the queues, by its key f."),
    list,
    told,
    rows.length ? h("div", { class: "row" }, button("Save order and words", save, { class: "primary" })) : null,
  );
}
