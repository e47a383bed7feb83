import { button, fill, h, labelled, say, showDialog } from "./dom.js";
import { badge, excerpt, failure, name, when } from "./parts.js";
import { query } from "./service.js";
import { siteKeys } from "./sites.js";
import { problemWords, SANCTIONS } from "./words.js";

const DAY_MS = 86_400_000;

/**
 * Somebody with sanctions and notes; without an id a word about where people are found.
 *
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 */
export async function showPeople(place, around) {
  const [id] = around.rest;
  if (!id) return showFinder(place, around);
  fill(place, h("h1", null, "People"), h("p", { class: "hint" }, "Reading…"));
  try {
    await showPerson(place, around, id);
  } catch (problem) {
    fill(place, h("h1", null, "People"), failure(problemWords(/** @type {any} */ (problem))));
  }
}

/** @param {HTMLElement} place @param {import("./more.js").Around} around */
function showFinder(place, { session }) {
  const words = h("input", { type: "search", "aria-label": "Name", placeholder: "A name", autocomplete: "off" });
  const results = h("ul", { class: "found" });
  const form = h(
    "form",
    { class: "search", role: "search" },
    words,
    h("button", { class: "primary", type: "submit" }, "Find"),
  );
  fill(
    place,
    h("h1", null, "People"),
    h("p", { class: "hint" }, "Who has written here is found by name."),
    form,
    results,
  );
  words.focus();
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!words.value.trim()) return;
    try {
      const page = await session.ask(`/api/v1/moderation/search${query({ author: words.value.trim(), limit: 100 })}`);
      const people = new Map(page.items.map((/** @type {any} */ { item }) => [item.author.id, item.author]));
      const rows = [...people.values()].map((person) =>
        h("li", { class: "card" }, h("a", { href: `#people/${person.id}` }, name(person))),
      );
      fill(results, ...(rows.length ? rows : [h("li", { class: "empty" }, "Nobody of that name has written here.")]));
    } catch (problem) {
      fill(results, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
}

/**
 * @param {HTMLElement} place
 * @param {import("./more.js").Around} around
 * @param {string} id
 */
async function showPerson(place, around, id) {
  const { session, board } = around;
  const [person, keys] = await Promise.all([session.ask(`/api/v1/accounts/${id}`), siteKeys(session)]);
  const site = keys[0];
  const path = (/** @type {string} */ queue) =>
    `/api/v1/moderation/replies${query({ queue, author_id: id, sort: "newest", limit: 20 })}`;
  const [sanctions, notes, ...lists] = await Promise.all([
    session.ask(`/api/v1/accounts/${id}/sanctions${query({ site, limit: 50 })}`),
    session.ask(`/api/v1/accounts/${id}/notes?limit=50`),
    ...["pending", "approved", "rejected", "spam"].map((queue) => session.ask(path(queue))),
  ]);
  const again = () => showPeople(place, around);
  const lift = async (/** @type {any} */ sanction) => {
    try {
      await session.delete(`/api/v1/accounts/${id}/sanctions/${sanction.id}`);
      say("The sanction is lifted.");
      again();
    } catch (problem) {
      say(problemWords(/** @type {any} */ (problem)));
    }
  };
  const open = (/** @type {any} */ item) => async () => {
    await board.open({ kind: "items", title: `By ${person.display_name}`, items: [item] });
    location.hash = "";
  };
  const replies = lists.flatMap(({ items }) => items);
  fill(
    place,
    h("h1", null, name(person)),
    h("p", { class: "hint" }, "Here since ", when(person.created_at)),
    h(
      "div",
      { class: "row" },
      button("Sanction", () => askForSanction(around, id, keys, sanctions.suggestion, again), { class: "primary" }),
      button("Note", () => askForNote(around, id, keys, again)),
    ),
    h(
      "div",
      { class: "two" },
      h(
        "section",
        { class: "card" },
        h("h2", null, "Sanctions"),
        sanctions.items.length
          ? h("ul", null, ...sanctions.items.map((/** @type {any} */ one) => sanctionRow(one, board, () => lift(one))))
          : h("p", { class: "hint" }, "None so far."),
      ),
      h(
        "section",
        { class: "card" },
        h("h2", null, "Notes"),
        notes.items.length
          ? h(
              "ul",
              null,
              ...notes.items.map((/** @type {any} */ one) =>
                h(
                  "li",
                  null,
                  h("b", null, one.author.display_name),
                  " ",
                  when(one.created_at),
                  h("q", { dir: "auto" }, one.text),
                ),
              ),
            )
          : h("p", { class: "hint" }, "None so far."),
      ),
    ),
    h(
      "section",
      { class: "card" },
      h("h2", null, "Replies"),
      h(
        "ul",
        null,
        ...replies.map((item) =>
          h(
            "li",
            null,
            badge(item.state),
            " ",
            when(item.created_at),
            " ",
            h("bdi", null, item.story.headline),
            h("q", { dir: "auto" }, excerpt(item.body)),
            button("Open", open(item), { class: "quiet" }),
          ),
        ),
      ),
    ),
  );
}

/** @param {import("../types/desk.js").Sanction} one @param {import("./board.js").Board} board @param {() => void} lift */
function sanctionRow(one, board, lift) {
  return h(
    "li",
    { class: one.is_active ? "is-active" : "is-over" },
    h("b", null, SANCTIONS[one.kind]),
    one.per_day ? ` to ${one.per_day} a day` : null,
    one.site_id ? null : " everywhere",
    `. ${board.nameOf(one.created_by)}, `,
    when(one.created_at),
    one.is_active && one.until ? h("span", null, ", until ", when(one.until)) : null,
    one.is_active ? null : one.lifted_at ? ", lifted" : ", over",
    h("q", { dir: "auto" }, one.reason),
    one.is_active ? button("Lift", lift, { class: "quiet" }) : null,
  );
}

/**
 * @param {import("./more.js").Around} around
 * @param {string} id
 * @param {string[]} keys
 * @param {any} suggestion the step that the site advises
 * @param {() => void} done
 */
function askForSanction({ session }, id, keys, suggestion, done) {
  const kind = h("select", null, ...Object.entries(SANCTIONS).map(([value, label]) => h("option", { value }, label)));
  const days = h("input", { type: "number", min: "1", max: "365", value: suggestion?.days ?? 7 });
  const perDay = h("input", { type: "number", min: "1", max: "100", value: suggestion?.per_day ?? 3 });
  const reason = h("textarea", { rows: "2", maxlength: "2000", required: true });
  const message = h("textarea", { rows: "2", maxlength: "2000" });
  const site = h("select", null, ...keys.map((key) => h("option", { value: key }, key)));
  if (session.me.is_admin) site.append(h("option", { value: "" }, "Everywhere"));
  const daysField = labelled("Days", days);
  const perDayField = labelled("Replies a day", perDay);
  const told = h("div", { class: "told" });
  const turn = () => {
    daysField.hidden = kind.value === "warn" || kind.value === "ban";
    perDayField.hidden = kind.value !== "slow";
    message.required = kind.value === "warn";
  };
  kind.value = suggestion?.kind ?? "warn";
  kind.addEventListener("change", turn);
  turn();
  const form = h(
    "form",
    null,
    suggestion
      ? h("p", { class: "hint" }, `The site’s rules advise: ${SANCTIONS[suggestion.kind].toLowerCase()}.`)
      : null,
    labelled("What", kind),
    labelled("Where", site),
    daysField,
    perDayField,
    labelled("Why, for colleagues", reason),
    labelled("What the person is told", message),
    told,
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", type: "submit" }, "Impose it"),
      button("Cancel", () => dialog.close()),
    ),
  );
  const dialog = showDialog("Sanction", [form]);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const until = daysField.hidden ? {} : { until: new Date(Date.now() + Number(days.value) * DAY_MS).toISOString() };
    const more = kind.value === "slow" ? { per_day: Number(perDay.value) } : {};
    const words = message.value.trim() ? { message: message.value.trim() } : {};
    try {
      await session.post(`/api/v1/accounts/${id}/sanctions`, {
        kind: kind.value,
        reason: reason.value.trim(),
        site: site.value || null,
        ...until,
        ...more,
        ...words,
      });
      dialog.close();
      say("The sanction holds.");
      done();
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
}

/**
 * @param {import("./more.js").Around} around
 * @param {string} id
 * @param {string[]} keys
 * @param {() => void} done
 */
function askForNote({ session }, id, keys, done) {
  const text = h("textarea", { rows: "4", maxlength: "2000", required: true });
  const site = h("select", null, ...keys.map((key) => h("option", { value: key }, key)));
  const told = h("div", { class: "told" });
  const form = h(
    "form",
    null,
    labelled("For moderators of", site),
    labelled("Note", text),
    told,
    h("button", { class: "primary", type: "submit" }, "Keep the note"),
  );
  const dialog = showDialog("Note", [form, button("Cancel", () => dialog.close())]);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await session.post(`/api/v1/accounts/${id}/notes`, { site: site.value, text: text.value.trim() });
      dialog.close();
      done();
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  });
}
