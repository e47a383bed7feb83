// The settings of a site as fields, in groups.

import { h } from "../dom.js";
import { checkField, field, linesField, numberField, radioField, textField } from "./fields.js";

/** @typedef {import("../../types/api.js").components["schemas"]["SiteSettingsView"]} Settings */

/** When replies become public. @type {import("./fields.js").Choice[]} */
export const MODES = [
  ["pre", "Every reply waits", "Nothing is public before a moderator has approved it."],
  ["trusted", "New authors wait", "Who has enough approved replies and no recent refusal is public at once."],
  ["post", "Public at once", "Moderators look afterwards; what the rules hold waits all the same."],
];

/** @type {import("./fields.js").Choice[]} */
const UNPROVEN = [
  ["read_and_recommend", "They may read and recommend", "They write once their address is confirmed."],
  ["wait", "They may write, and wait", "Their replies wait for a moderator."],
  ["allow", "They may write as others do", "Nothing is asked of them."],
];

/** @param {string | null | undefined} value */
function colourField(value) {
  const control = h("input", { value: value ?? "", class: "short", placeholder: "#1d5c86", maxlength: "7" });
  const picker = h("input", { type: "color", value: value || "#1d5c86", "aria-label": "Pick the colour" });
  picker.addEventListener("input", () => (control.value = picker.value));
  control.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(control.value)) picker.value = control.value;
  });
  return field({
    name: "colour",
    label: "Colour",
    hint: "Mails about the site are headed with it. Empty: none.",
    control,
    beside: picker,
    read: () => control.value.trim(),
  });
}

/** @param {number | undefined} secs */
function editWindowField(secs) {
  const control = h("input", {
    type: "number",
    class: "short",
    min: "0",
    step: "any",
    value: secs === undefined ? "" : Number((secs / 60).toFixed(2)),
  });
  return field({
    name: "edit_window_secs",
    label: "Minutes to edit",
    hint: "How long authors may change a reply of theirs. 0: never.",
    control,
    read: () => (control.value === "" ? null : Math.round(Number(control.value) * 60)),
  });
}

/**
 * @param {Partial<Settings>} settings
 * @returns {{title: string, hint?: string, fields: import("./fields.js").Field[]}[]}
 */
export function settingGroups(settings) {
  return [
    {
      title: "The site",
      fields: [
        textField("name", "Name", "Readers and mails call the site so.", settings.name, { maxlength: "100" }),
        textField("tagline", "Tagline", "A line about it.", settings.tagline, { maxlength: "300" }),
        colourField(settings.colour),
      ],
    },
    {
      title: "When replies become public",
      fields: [
        radioField(
          "moderation_mode",
          "Mode",
          "Stories may have a mode of their own.",
          settings.moderation_mode ?? "",
          MODES,
        ),
        numberField(
          "trusted_after",
          "Approved replies until an author is trusted",
          "Counts where new authors wait.",
          settings.trusted_after,
          { max: "1000" },
        ),
        radioField(
          "unproven_accounts",
          "People who have not confirmed an address",
          "Who signs on by the blog, or has confirmed an e-mail address, is not among them.",
          settings.unproven_accounts ?? "",
          UNPROVEN,
        ),
      ],
    },
    {
      title: "Time",
      fields: [
        editWindowField(settings.edit_window_secs),
        numberField(
          "close_after_days",
          "Days until stories close",
          "So long after its publication a story takes replies. 0: it never closes by itself.",
          settings.close_after_days ?? 0,
          { max: "36500" },
        ),
      ],
    },
    {
      title: "Where it is shown",
      fields: [
        linesField(
          "allowed_origins",
          "Websites whose pages may call",
          "One a line, such as https://blog.example. Pages of others cannot show or send anything of a reader’s.",
          settings.allowed_origins,
        ),
        linesField(
          "tracking_params",
          "Parts of addresses that do not count",
          "Query parameters that tell nothing of the story, one a line; a star at the end stands for any ending.",
          settings.tracking_params,
        ),
      ],
    },
    {
      title: "People",
      fields: [
        linesField(
          "reserved_names",
          "Names that nobody may take",
          "One a line, such as your columnists’ names.",
          settings.reserved_names,
        ),
        checkField(
          "moderators_change_policy",
          "Moderators may change the rules",
          "Otherwise admins alone switch rules on; moderators may read and try them.",
          settings.moderators_change_policy ?? false,
        ),
      ],
    },
    {
      title: "With care",
      hint: "These two change what readers and the blog’s own servers meet at once.",
      fields: [
        checkField(
          "is_closed",
          "The site is closed",
          "It takes no stories and no replies any more; reading goes on.",
          settings.is_closed ?? false,
        ),
        textField(
          "key",
          "Name in addresses",
          "Small letters, digits and hyphens. Who changes it changes the addresses that the blog asks.",
          settings.key,
          { maxlength: "40", autocapitalize: "none", spellcheck: "false" },
        ),
      ],
    },
  ];
}
