// What is done about somebody, on each site that one moderates.

import { button, fill, h, labelled, say, showDialog } from "./dom.js";
import { failure, when } from "./parts.js";
import { query } from "./service.js";
import { sure } from "./sure.js";
import { problemWords, SANCTIONS } from "./words.js";

/** @typedef {import("../types/desk.js").Sanction} Sanction */
/** @typedef {import("../types/desk.js").SanctionStep} Step */

const DAY_MS = 86_400_000;

/**
 * A card with all sanctions, and a button that imposes one.
 *
 * @param {import("./more.js").Around} around
 * @param {string} id whose
 * @param {string[]} keys of the sites that one moderates
 * @param {() => void} again shows all anew
 */
export async function sanctionsOf(around, id, keys, again) {
  const { session, board } = around;
  const pages = await Promise.all(
    keys.map((site) => session.ask(`/api/v1/accounts/${id}/sanctions${query({ site, limit: 50 })}`)),
  );
  const people = new Set(pages.flatMap(({ items }) => items.map((/** @type {Sanction} */ one) => one.created_by)));
  await Promise.all([...people].map((one) => board.learnName(one)));
  /** @type {Map<string, Step | null>} */
  const suggestions = new Map(keys.map((key, at) => [key, pages[at].suggestion]));
  // what holds everywhere is listed with each site
  const everywhere = new Map(
    pages
      .flatMap(({ items }) => items.filter((/** @type {Sanction} */ { site_id: site }) => !site))
      .map((one) => [one.id, one]),
  );
  const told = h("div", { class: "told" });
  const lift = async (/** @type {Sanction} */ sanction) => {
    if (!(await sure("Lift it?", `${SANCTIONS[sanction.kind]}: it ends at once.`, "Lift it"))) return;
    try {
      await session.delete(`/api/v1/accounts/${id}/sanctions/${sanction.id}`);
      say("The sanction is lifted.");
      again();
    } catch (problem) {
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  const list = (/** @type {Sanction[]} */ items) =>
    h("ul", null, ...items.map((one) => sanctionRow(one, board, () => lift(one))));
  const ofSites = keys.map((key, at) => {
    const items = pages[at].items.filter((/** @type {Sanction} */ { site_id: site }) => site);
    return items.length
      ? h("div", { class: "of-site" }, keys.length > 1 ? h("h3", null, key) : null, list(items))
      : null;
  });
  const isNone = !everywhere.size && !ofSites.some(Boolean);
  return h(
    "section",
    { class: "card" },
    h("h2", null, "Sanctions"),
    everywhere.size
      ? h("div", { class: "of-site" }, h("h3", null, "Everywhere"), list([...everywhere.values()]))
      : null,
    ...ofSites,
    isNone ? h("p", { class: "hint" }, "None so far.") : null,
    told,
    h(
      "p",
      null,
      button("Sanction", () => askForSanction(around, id, keys, suggestions, again), { class: "primary" }),
    ),
  );
}

/** @param {Sanction} one @param {import("./board.js").Board} board @param {() => void} lift */
function sanctionRow(one, board, lift) {
  return h(
    "li",
    { class: one.is_active ? "is-active" : "is-over" },
    h("b", null, SANCTIONS[one.kind]),
    one.per_day ? ` to ${one.per_day} a day` : null,
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
 * @param {Map<string, Step | null>} suggestions the step that each site advises
 * @param {() => void} done
 */
function askForSanction({ session }, id, keys, suggestions, done) {
  const kind = h("select", null, ...Object.entries(SANCTIONS).map(([value, label]) => h("option", { value }, label)));
  const days = h("input", { type: "number", min: "1", max: "365", value: 7 });
  const perDay = h("input", { type: "number", min: "1", max: "100", value: 3 });
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
  const advice = h("p", { class: "hint" });
  const advise = () => {
    const step = suggestions.get(site.value) ?? null;
    advice.textContent = step ? `The site’s rules advise: ${SANCTIONS[step.kind].toLowerCase()}.` : "";
    kind.value = step?.kind ?? "warn";
    if (step?.days) days.value = String(step.days);
    if (step?.per_day) perDay.value = String(step.per_day);
    turn();
  };
  kind.addEventListener("change", turn);
  site.addEventListener("change", advise);
  advise();
  const form = h(
    "form",
    null,
    labelled("Where", site),
    advice,
    labelled("What", kind),
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
