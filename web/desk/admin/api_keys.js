import { button, fill, h, showDialog } from "../dom.js";
import { when } from "../parts.js";
import { checksField, field, selectField, textField } from "./fields.js";
import { makeForm } from "./form.js";
import { namesOf } from "./names.js";
import { all, confirm, showSecret } from "./pieces.js";

/** What a key may, for who gives it. @type {import("./fields.js").Choice[]} */
const SCOPES = [
  ["stories:write", "Register stories", "Put, change, close and reopen them."],
  ["featured:write", "Feature replies", "Put them forward, arrange them, take them away."],
  ["counts:read", "Read numbers", "Of queues, statistics and the transparency report; no texts."],
  ["replies:act_as", "Act for readers", "Those who sign on by the site’s own tokens."],
  ["replies:write", "Write for readers", "Post, edit, withdraw, recommend, report and appeal for whom it acts for."],
  ["moderation:read", "Read what moderators read", "Queues, cases, revisions and traces; search."],
  ["moderation:decide", "Decide about replies", "As a moderator does, one by one."],
  ["log:read", "Read the log", "And export it."],
];

/** @type {import("./fields.js").Choice[]} */
const OVERLAPS = [
  ["3600", "for an hour"],
  ["86400", "for a day"],
  ["604800", "for a week"],
  ["0", "not at all: others may have seen it"],
];

/**
 * The keys by which a site's own servers call.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showKeys(place, admin) {
  const keys = await all(admin.session, `${admin.path}/keys`);
  const good = keys.filter((key) => !isOver(key));
  const over = keys.filter(isOver);
  const names = await namesOf(
    admin.session,
    keys.map((key) => key.created_by),
  );
  fill(
    place,
    h(
      "p",
      { class: "hint" },
      "The blog’s servers call with a key. It is for servers alone: never put one into a page.",
    ),
    h(
      "div",
      { class: "row" },
      button("Make a key", () => askForKey(admin), { class: "primary" }),
    ),
    good.length
      ? h("ul", { class: "found" }, ...good.map((key) => row(key, admin, names)))
      : h("p", { class: "empty" }, "There is no key yet."),
    over.length
      ? h(
          "details",
          null,
          h("summary", null, `Good for nothing any more: ${over.length}`),
          h("ul", { class: "found" }, ...over.map((key) => row(key, admin, names))),
        )
      : null,
  );
}

/** @param {any} key */
const isOver = (key) => Boolean(key.revoked_at || (key.expires_at && Date.parse(key.expires_at) < Date.now()));

/** @param {any} key @param {import("./part.js").Admin} admin @param {(id: string) => string} names */
function row(key, admin, names) {
  return h(
    "li",
    { class: "card" },
    h("h2", null, h("bdi", null, key.name)),
    h("p", null, h("code", null, `${key.beginning}…`)),
    h(
      "p",
      { class: "scopes" },
      ...key.scopes.map((/** @type {string} */ scope) =>
        h("span", { class: "mark", title: scope }, SCOPES.find(([name]) => name === scope)?.[1] ?? scope),
      ),
    ),
    h(
      "p",
      { class: "meta" },
      h("span", null, "made ", when(key.created_at), " by ", h("bdi", null, names(key.created_by))),
      h("span", null, key.last_used_at ? "used " : "never used", key.last_used_at ? when(key.last_used_at) : null),
      key.expires_at ? h("span", null, isOver(key) ? "ended " : "ends ", when(key.expires_at)) : null,
      key.former_until && Date.parse(key.former_until) > Date.now()
        ? h("span", null, "the secret before is taken until ", when(key.former_until))
        : null,
      key.revoked_at ? h("span", null, "revoked ", when(key.revoked_at)) : null,
    ),
    isOver(key)
      ? null
      : h(
          "div",
          { class: "row" },
          button("New secret", () => askToRotate(key, admin), { "aria-label": `New secret: ${key.name}` }),
          button("Revoke", () => askToRevoke(key, admin), { class: "quiet", "aria-label": `Revoke: ${key.name}` }),
        ),
  );
}

/** @param {import("./part.js").Admin} admin */
function askForKey(admin) {
  const ends = h("input", { type: "date", class: "short" });
  const fields = [
    textField("name", "What it is for", "Such as: the blog’s server.", "", { maxlength: "80" }),
    checksField("scopes", "What it may", "No more than its server needs.", [], SCOPES),
    field({
      name: "expires_at",
      label: "Good until",
      hint: "Five years at most. Empty: until it is revoked.",
      control: ends,
      read: () => (ends.value ? new Date(`${ends.value}T23:59:59`).toISOString() : null),
    }),
  ];
  const form = makeForm({
    children: fields.map(({ element }) => element),
    fields,
    go: "Make it",
    cancel: () => dialog.close(),
    send: async (values) => {
      const made = await admin.session.post(`${admin.path}/keys`, values);
      dialog.close();
      await showSecret("The new key", `The secret of “${made.name}”:`, made.secret);
      await admin.again("The key is there.");
    },
  });
  const dialog = showDialog("Make a key", [form]);
}

/** @param {any} key @param {import("./part.js").Admin} admin */
function askToRotate(key, admin) {
  const overlap = selectField(
    "overlap_secs",
    "The present secret goes on being taken",
    "So that servers can be changed one after the other.",
    "86400",
    OVERLAPS,
  );
  const form = makeForm({
    children: [overlap.element],
    fields: [overlap],
    go: "Make a new secret",
    cancel: () => dialog.close(),
    send: async (values) => {
      const body = { overlap_secs: Number(values.overlap_secs) };
      const made = await admin.session.post(`${admin.path}/keys/${key.id}/rotation`, body, {
        "If-Match": `"${key.version}"`,
      });
      dialog.close();
      await showSecret("The new secret", `From now on “${made.name}” has this secret:`, made.secret);
      await admin.again("The key has a new secret.");
    },
  });
  const dialog = showDialog(`A new secret for “${key.name}”`, [form]);
}

/** @param {any} key @param {import("./part.js").Admin} admin */
function askToRevoke(key, admin) {
  confirm(
    `Revoke “${key.name}”?`,
    "Whatever calls with it is refused from that moment on, and for good.",
    "Revoke it",
    async () => {
      await admin.session.delete(`${admin.path}/keys/${key.id}`, { "If-Match": `"${key.version}"` });
      await admin.again("The key is revoked.");
    },
  );
}
