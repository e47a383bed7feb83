import { button, fill, h, showDialog } from "../dom.js";
import { failure } from "../parts.js";
import { showBadge } from "./badge.js";
import { textField } from "./fields.js";
import { makeForm } from "./form.js";
import { keyField } from "./key_field.js";
import { all, confirm } from "./pieces.js";

/** @typedef {import("../../types/desk.js").Badge} Badge */

/**
 * The badges of a site; with a badge's key in the address, who has it.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showBadges(place, admin) {
  /** @type {Badge[]} */
  const badges = await all(admin.session, `${admin.path}/badges`);
  const [key] = admin.rest;
  const chosen = badges.find((badge) => badge.key === key);
  if (chosen) return showBadge(place, admin, chosen);
  fill(
    place,
    h(
      "p",
      { class: "hint" },
      "Readers see badges beside a name. Moderators give them, here or at the person; five at most to one.",
    ),
    admin.isAdmin
      ? h(
          "div",
          { class: "row" },
          button("Make a badge", () => askForBadge(admin), { class: "primary" }),
        )
      : null,
    h("ul", { class: "found of-badges" }, ...badges.map((badge) => row(badge, admin))),
  );
}

/** @param {Badge} badge @param {import("./part.js").Admin} admin */
function row(badge, admin) {
  const { key, label, is_built_in: isBuiltIn } = badge;
  const remove = () =>
    confirm(
      `Delete “${label}”?`,
      "Whoever has it has it no more, and pages stop showing it.",
      "Delete it",
      async () => {
        await admin.session.delete(`${admin.path}/badges/${key}`, { "If-Match": `"${badge.version}"` });
        await admin.again(`The badge “${label}” is gone.`);
      },
    );
  return h(
    "li",
    { class: "card" },
    h("h2", null, h("span", { class: "badge is-given" }, h("bdi", null, label))),
    h("p", { class: "meta" }, h("code", null, key), isBuiltIn ? h("span", null, "every site has it") : null),
    h(
      "div",
      { class: "row" },
      h(
        "a",
        { class: "as-button", href: admin.address("badges", key), "aria-label": `Who has it: ${label}` },
        "Who has it",
      ),
      admin.isAdmin
        ? button("Change", () => askForLabel(badge, admin), { class: "quiet", "aria-label": `Change: ${label}` })
        : null,
      admin.isAdmin && !isBuiltIn
        ? button("Delete", remove, { class: "quiet", "aria-label": `Delete: ${label}` })
        : null,
    ),
  );
}

/** @param {string} [value] */
const labelField = (value) =>
  textField("label", "What readers see", "A word or two.", value, { maxlength: "40", autofocus: true });

/** @param {import("./part.js").Admin} admin */
function askForBadge(admin) {
  const label = labelField();
  const key = keyField("Its name in addresses and tokens", label);
  showForm("Make a badge", "Make it", admin, [label, key], async (values) => {
    const wrong = (/** @type {string} */ detail) => ({ body: { errors: [{ pointer: "/key", detail }] } });
    if (!values.key) throw wrong("Give it a name");
    await put(admin, values.key, values.label, 0).catch((problem) => {
      throw problem.code === "invalid_request"
        ? wrong("Small letters, digits and hyphens, and not what roles are called")
        : problem;
    });
    return `The badge “${values.label}” is there.`;
  });
}

/** @param {Badge} badge @param {import("./part.js").Admin} admin */
function askForLabel(badge, admin) {
  showForm(`Change “${badge.label}”`, "Save", admin, [labelField(badge.label)], async ({ label }) => {
    await put(admin, badge.key, label, badge.version);
    return `It is “${label}” from now on.`;
  });
}

/** @param {import("./part.js").Admin} admin @param {string} key @param {string} label @param {number} version */
const put = (admin, key, label, version) =>
  admin.session.put(`${admin.path}/badges/${encodeURIComponent(key)}`, { label }, { "If-Match": `"${version}"` });

/**
 * @param {string} title
 * @param {string} go
 * @param {import("./part.js").Admin} admin
 * @param {import("./fields.js").Field[]} fields
 * @param {(values: Record<string, any>) => Promise<string>} send gives what is said when it is done
 */
function showForm(title, go, admin, fields, send) {
  const form = makeForm({
    children: fields.map(({ element }) => element),
    fields,
    go,
    cancel: () => dialog.close(),
    send: async (values) => {
      const words = await send(values);
      dialog.close();
      await admin.again(words);
    },
    refused: (problem) =>
      problem.code === "precondition_failed"
        ? failure("There is such a badge, or somebody changed it meanwhile: open this page again.")
        : null,
  });
  const dialog = showDialog(title, [form]);
}
