import { button, fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { count } from "../words.js";
import { field, linesOf } from "./fields.js";
import { makeForm } from "./form.js";
import { download } from "./pieces.js";

/** The lists of a policy, and where each stands in it. */
const LISTS = [
  {
    list: "words_hold",
    rule: "words",
    name: "hold",
    title: "Words that hold a reply",
    hint: "A star at the end stands for the rest of a word.",
  },
  {
    list: "words_spam",
    rule: "words",
    name: "spam",
    title: "Words that are spam",
    hint: "A reply with one of them is put away as spam.",
  },
  {
    list: "links_deny",
    rule: "links",
    name: "deny",
    title: "Sites never to link to",
    hint: "With all below them. A link there makes a reply spam.",
  },
  {
    list: "links_allow",
    rule: "links",
    name: "allow",
    title: "Sites that do not count",
    hint: "With all below them. Links there are never counted.",
  },
];

/**
 * The word lists of a site, each as a whole: typed, or taken from a file.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showLists(place, admin) {
  const [{ policy, version }, settings] = await Promise.all([
    admin.session.ask(`${admin.path}/policy`),
    admin.session.ask(`${admin.path}/settings`),
  ]);
  const mayChange = admin.isAdmin || settings.moderators_change_policy;
  fill(
    place,
    h("p", { class: "hint" }, `One entry a line, 10,000 at most. They are part of the rules: version ${version}.`),
    ...LISTS.map((one) => listCard(admin, one, policy[one.rule]?.[one.name] ?? [], version, mayChange)),
  );
}

/**
 * @param {import("./part.js").Admin} admin
 * @param {typeof LISTS[number]} one
 * @param {string[]} entries
 * @param {number} version
 * @param {boolean} mayChange
 */
function listCard(admin, { list, title, hint }, entries, version, mayChange) {
  const text = h("textarea", { rows: "8", spellcheck: "false", value: entries.join("\n"), readonly: !mayChange });
  const how = h("span", { class: "hint", role: "status" }, count(entries.length, "entry", "entries"));
  const tell = () => (how.textContent = count(linesOf(text.value).length, "entry", "entries"));
  text.addEventListener("input", tell);
  const file = h("input", { type: "file", accept: ".txt,text/plain", "aria-label": `Add from a file: ${title}` });
  file.addEventListener("change", async () => {
    const lines = linesOf((await file.files?.[0]?.text()) ?? "");
    text.value = [...new Set([...linesOf(text.value), ...lines])].join("\n");
    tell();
  });
  // the service names an entry by its place in what it is sent
  const entriesField = field({ name: "", label: title, hint, control: text, read: () => linesOf(text.value) });
  const save = button("Save as a file", () => download(`${admin.site}-${list}.txt`, "text/plain", `${text.value}\n`), {
    class: "quiet",
    "aria-label": `Save as a file: ${title}`,
  });
  if (!mayChange)
    return h("section", { class: "card group" }, entriesField.element, h("div", { class: "row" }, how, save));
  const form = makeForm({
    children: [
      entriesField.element,
      h("div", { class: "row" }, how, save),
      h("label", { class: "from-file" }, "Add entries from a file", file),
    ],
    fields: [entriesField],
    go: "Switch this list on",
    send: async (values) => {
      await admin.session.put(`${admin.path}/policy/lists/${list}`, values[""], { "If-Match": `"${version}"` });
      await admin.again(`“${title}” holds from now on.`);
    },
    refused: (problem) =>
      problem.code === "precondition_failed"
        ? failure("Somebody changed the rules meanwhile. Save your list as a file, and open this page again.")
        : null,
  });
  return h("section", { class: "card group" }, form);
}
