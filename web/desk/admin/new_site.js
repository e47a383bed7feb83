import { fill, h } from "../dom.js";
import { radioField, textField, linesField } from "./fields.js";
import { group, makeForm } from "./form.js";
import { keyField } from "./key_field.js";
import { MODES } from "./setting_fields.js";

/**
 * A new site: the few things that it begins with. All else is set afterwards.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showNewSite(place, { session }) {
  const name = textField("name", "Name", "Readers and mails call the site so.", "", { maxlength: "100" });
  const key = keyField("Name in addresses", name);
  const fields = [
    name,
    key,
    textField("tagline", "Tagline", "A line about it. It may be empty.", "", { maxlength: "300" }),
    radioField("moderation_mode", "When replies become public", "It can be changed at any time.", "pre", MODES),
    linesField(
      "allowed_origins",
      "Websites whose pages show it",
      "One a line, such as https://blog.example. Only their pages may call for a reader.",
      [],
    ),
  ];
  const form = makeForm({
    children: [group("A new site", fields)],
    fields,
    go: "Make the site",
    send: async (values) => {
      const made = await session.post("/api/v1/sites", values);
      location.hash = `#site/${made.key}/settings`;
    },
  });
  fill(place, h("p", { class: "hint" }, "A site is one blog: with its stories, its rules and its moderators."), form);
}
