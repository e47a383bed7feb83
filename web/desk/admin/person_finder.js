import { button, fill, h } from "../dom.js";
import { failure, name } from "../parts.js";
import { query } from "../service.js";
import { problemWords } from "../words.js";

const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/**
 * A card in which people are found, among who wrote or by an account's id, with buttons that do something with one of them.
 *
 * @param {import("../service.js").Session} session
 * @param {string} title
 * @param {[label: string, go: (person: any) => Promise<void>][]} acts may throw what the service answered
 * @param {(problem: any) => string} [words] for what was refused
 */
export function personFinder(session, title, acts, words = problemWords) {
  const input = h("input", {
    type: "search",
    "aria-label": "Name or account id",
    placeholder: "A name, or an account’s id",
    autocomplete: "off",
  });
  const told = h("div", { role: "status" });
  const results = h("ul", { class: "found" });
  /** @param {() => Promise<void>} act */
  const trying = (act) => act().catch((problem) => fill(told, failure(words(problem))));
  const row = (/** @type {any} */ person) =>
    h(
      "li",
      { class: "card" },
      h("p", null, name(person)),
      h(
        "div",
        { class: "row" },
        ...acts.map(([label, go]) =>
          button(label, () => trying(() => go(person)), {
            "aria-label": `${label}: ${person.username ?? person.display_name}`,
          }),
        ),
      ),
    );
  const form = h("form", { class: "search is-short", role: "search" }, input, h("button", { type: "submit" }, "Find"));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    fill(told);
    fill(results);
    trying(async () => {
      const people = await find(session, input.value.trim());
      fill(results, ...people.map(row));
      if (!people.length)
        fill(
          told,
          h("p", { class: "hint" }, "Nobody of that name has written here. Their account’s id finds them too."),
        );
    });
  });
  return h(
    "section",
    { class: "card group" },
    h("h2", null, title),
    h(
      "p",
      { class: "hint" },
      "People who have written on a site are found by name; all others by their account’s id, which the account itself is told.",
    ),
    form,
    told,
    results,
  );
}

/**
 * @param {import("../service.js").Session} session
 * @param {string} words
 * @returns {Promise<any[]>}
 */
async function find(session, words) {
  const id = ID.exec(words)?.[0];
  if (id) return [await session.ask(`/api/v1/accounts/${id}`)];
  if (!words) return [];
  const page = await session.ask(`/api/v1/moderation/search${query({ author: words, limit: 100 })}`);
  return [...new Map(page.items.map((/** @type {any} */ { item }) => [item.author.id, item.author])).values()];
}
