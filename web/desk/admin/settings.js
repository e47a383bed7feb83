import { button, fill, h } from "../dom.js";
import { makeForm, group } from "./form.js";
import { settingGroups } from "./setting_fields.js";
import { table } from "./pieces.js";

/** @typedef {import("./part.js").Admin} Admin */

/** Values that mean the same are the same. @param {any} value */
const plain = (value) => JSON.stringify(value === null || value === undefined ? "" : value);

/** What is said of a site's setting. @param {any} value */
function shown(value) {
  if (Array.isArray(value)) return value.join(", ") || "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null || value === undefined || value === "" ? "nothing" : String(value);
}

/**
 * The settings of a site, in groups; who may not change them reads them.
 *
 * @param {HTMLElement} place
 * @param {Admin} admin
 */
export async function showSettings(place, admin) {
  const { session, path, isAdmin } = admin;
  const settings = await session.ask(`${path}/settings`);
  const groups = settingGroups(settings);
  const fields = groups.flatMap((one) => one.fields);
  const opened = new Map(fields.map((field) => [field.name, field.read()]));
  const children = [
    ...groups.map(({ title, fields, hint }) => group(title, fields, hint)),
    h(
      "p",
      { class: "hint" },
      "What guests may report, appeals and what reports do stand with the ",
      h("a", { href: `#rules/${encodeURIComponent(admin.site)}` }, "rules"),
      ".",
    ),
  ];
  if (!isAdmin) {
    for (const control of children.flatMap((child) => [...child.querySelectorAll("input, select, textarea")])) {
      control.setAttribute("disabled", "");
    }
    fill(place, h("p", { class: "hint" }, "You can read these. Admins change them."), ...children);
    return;
  }

  const save = async (/** @type {Record<string, any>} */ values, /** @type {any} */ known) => {
    const mine = Object.keys(values).filter((name) => plain(values[name]) !== plain(opened.get(name)));
    if (!mine.length) return admin.again("Nothing was changed.");
    // the API takes no version of settings, so what others did meanwhile is looked for here
    const now = await session.ask(`${path}/settings`);
    const theirs = Object.keys(values).filter((name) => plain(valueIn(now, name)) !== plain(valueIn(known, name)));
    const both = mine.filter((name) => theirs.includes(name) && plain(valueIn(now, name)) !== plain(values[name]));
    if (both.length) throw new Meanwhile(both, now);
    const changes = Object.fromEntries(mine.map((name) => [name, values[name]]));
    const saved = await session.ask(path, { method: "PATCH", body: changes });
    if (saved.key !== admin.site) {
      location.hash = `#site/${saved.key}/settings`;
      return;
    }
    await admin.again("Saved. It holds from now on.");
  };

  const form = makeForm({
    children,
    fields,
    go: "Save the settings",
    send: (values) => save(values, settings),
    refused: (problem) =>
      problem instanceof Meanwhile
        ? conflict(
            problem,
            fields,
            () => admin.again("These are the settings as they are now."),
            () => {
              const values = Object.fromEntries(fields.map((field) => [field.name, field.read()]));
              return save(values, problem.now);
            },
          )
        : null,
  });
  fill(place, form);
}

/** As the fields say it: no colour and no closing are empty and 0. @param {any} settings @param {string} name */
function valueIn(settings, name) {
  return name === "close_after_days" ? (settings[name] ?? 0) : settings[name];
}

/** Somebody changed what is about to be changed. */
class Meanwhile extends Error {
  /** @param {string[]} names @param {any} now */
  constructor(names, now) {
    super("Somebody changed the same settings meanwhile.");
    this.names = names;
    this.now = now;
  }
}

/**
 * @param {Meanwhile} meanwhile
 * @param {import("./fields.js").Field[]} fields
 * @param {() => void} takeTheirs
 * @param {() => Promise<void>} saveMine
 */
function conflict({ names, now }, fields, takeTheirs, saveMine) {
  const rows = names.map((name) => {
    const field = fields.find((one) => one.name === name);
    const label = field?.element.querySelector("label, legend")?.textContent ?? name;
    return [label, shown(valueIn(now, name)), shown(field?.read())];
  });
  return h(
    "section",
    { class: "conflict", role: "alert" },
    h("h2", null, "Somebody was quicker"),
    h("p", null, "These were changed since you opened the page:"),
    table("Both changes", ["Setting", "Now", "Yours"], rows),
    h("div", { class: "row" }, button("Keep theirs", takeTheirs), button("Save mine all the same", saveMine)),
  );
}
