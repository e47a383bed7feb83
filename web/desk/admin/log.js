import { button, fill, h } from "../dom.js";
import { failure, when } from "../parts.js";
import { query } from "../service.js";
import { problemWords, reasonWords, STATES } from "../words.js";
import { actionWords, LOG_ACTIONS } from "./log_words.js";
import { namesOf } from "./names.js";

/** @typedef {{actor: string, account: string}} Persons whom the list is about, by their ids; empty: everybody */

/**
 * What was done on a site, by whom; narrowed down by what, who and when.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export const showLog = (place, admin) => showRows(place, admin, `${admin.path}/log`);

/** What was done on no site: by admins, about people everywhere. @type {typeof showLog} */
export const showCommonLog = (place, admin) => showRows(place, admin, "/api/v1/moderation/log");

/** @param {HTMLElement} place @param {import("./part.js").Admin} admin @param {string} path */
async function showRows(place, admin, path) {
  const { session, board } = admin;
  /** @type {Persons} */
  const persons = { actor: "", account: "" };
  const action = h(
    "select",
    { "aria-label": "What was done" },
    h("option", { value: "" }, "Everything"),
    ...LOG_ACTIONS.map(([group, actions]) =>
      h("optgroup", { label: group }, ...actions.map(([value, words]) => h("option", { value }, words))),
    ),
  );
  const since = h("input", { type: "date" });
  const until = h("input", { type: "date" });
  const chosen = h("p", { class: "chosen row" });
  const rows = h("ol", { class: "log", "aria-label": "The log" });
  const bottom = h("div", { role: "status" });
  let number = 0;

  /** @param {string | null} cursor */
  const read = async (cursor) => {
    const asked = ++number;
    const params = {
      action: action.value,
      actor_id: persons.actor,
      account_id: persons.account,
      since: since.value && new Date(`${since.value}T00:00`).toISOString(),
      until: until.value && new Date(new Date(`${until.value}T00:00`).getTime() + 86_400_000).toISOString(),
      cursor,
      limit: 50,
    };
    try {
      const page = await session.ask(path + query(params));
      const names = await namesOf(
        session,
        page.items.flatMap((/** @type {any} */ entry) => [entry.actor_id, entry.account_id]),
      );
      if (asked !== number) return;
      if (!cursor) fill(rows);
      rows.append(...page.items.map((/** @type {any} */ entry) => row(entry, names, narrow, open)));
      fill(
        bottom,
        page.next_cursor ? button("More", () => read(page.next_cursor)) : null,
        rows.children.length ? null : h("p", { class: "empty" }, "Nothing of that."),
      );
    } catch (problem) {
      if (asked === number) fill(bottom, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  /** @param {keyof Persons} which @param {string} id @param {string} name */
  const narrow = (which, id, name) => {
    persons[which] = id;
    const words = { actor: "Done by", account: "About" }[which];
    const chip = button(`${words} ${name}: show all again`, () => {
      persons[which] = "";
      chip.remove();
      action.focus();
      read(null);
    });
    chip.dataset.which = which;
    chosen.querySelector(`[data-which="${which}"]`)?.remove();
    chosen.append(chip);
    chip.focus();
    read(null);
  };
  const open = async (/** @type {string} */ id) => {
    await board.look(id).catch(() => {});
    location.hash = "";
  };
  for (const control of [action, since, until]) control.addEventListener("change", () => read(null));
  fill(
    place,
    h(
      "div",
      { class: "filters" },
      h("div", { class: "field" }, action),
      h("label", { class: "field" }, h("span", null, "From"), since),
      h("label", { class: "field" }, h("span", null, "To"), until),
    ),
    chosen,
    rows,
    bottom,
  );
  await read(null);
}

/**
 * @param {any} entry
 * @param {(id: string | null, nobody?: string) => string} names
 * @param {(which: keyof Persons, id: string, name: string) => void} narrow
 * @param {(id: string) => void} open
 */
function row(entry, names, narrow, open) {
  /** @param {keyof Persons} which @param {string} id @param {string} name */
  const person = (which, id, name) =>
    button(name, () => narrow(which, id, name), {
      class: "link",
      title: which === "actor" ? "Only what they did" : "Only what is about them",
    });
  const who = entry.actor_kind === "key" ? "a key of the site" : names(entry.actor_id);
  const isMoved = entry.to_state && entry.to_state !== entry.from_state;
  return h(
    "li",
    null,
    when(entry.created_at),
    h(
      "p",
      { class: "log-what" },
      entry.actor_id ? person("actor", entry.actor_id, who) : h("b", null, who),
      " ",
      h("b", null, actionWords(entry.action)),
      entry.reason ? ` (${reasonWords(entry.reason)})` : null,
      isMoved ? h("span", { class: `badge is-${entry.to_state}` }, STATES[entry.to_state] ?? entry.to_state) : null,
    ),
    h(
      "div",
      { class: "log-more" },
      entry.account_id && entry.account_id !== entry.actor_id
        ? h("p", null, "about ", person("account", entry.account_id, names(entry.account_id)))
        : null,
      entry.message ? h("q", { dir: "auto" }, entry.message) : null,
      entry.note ? h("q", { dir: "auto" }, entry.note) : null,
      details(entry.details),
      entry.reply_id ? button("Show the reply", () => open(entry.reply_id), { class: "quiet small" }) : null,
    ),
  );
}

/** @param {any} details What a change changed, or whatever else is told. */
function details(details) {
  if (!details || !Object.keys(details).length) return null;
  const { before, after, ...rest } = details;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const lines = [
    ...names.map((name) => [name, `${plain(before?.[name])} → ${plain(after?.[name])}`]),
    ...Object.entries(rest).map(([name, value]) => [name, plain(value)]),
  ];
  return h(
    "details",
    null,
    h("summary", null, "Details"),
    h(
      "dl",
      { class: "facts is-small" },
      ...lines.map(([name, words]) =>
        h("div", null, h("dt", null, name.replaceAll("_", " ")), h("dd", null, h("bdi", null, words))),
      ),
    ),
  );
}

/** @param {any} value */
function plain(value) {
  if (value === null || value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
