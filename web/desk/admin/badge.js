import { badgeProblem } from "../badges.js";
import { button, fill, h } from "../dom.js";
import { when } from "../parts.js";
import { namesOf } from "./names.js";
import { personFinder } from "./person_finder.js";
import { all, confirm, table } from "./pieces.js";

/**
 * Who has a badge; it is given and taken back here.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 * @param {import("../../types/desk.js").Badge} badge
 */
export async function showBadge(place, admin, { key, label }) {
  const { session } = admin;
  const path = `${admin.path}/badges/${key}/holders`;
  const holders = await all(session, path);
  const names = await namesOf(
    session,
    holders.map(({ granted_by: by }) => by),
  );
  const take = (/** @type {any} */ { account_id: id, display_name: name }) =>
    confirm(`Take “${label}” from ${name}?`, "Pages stop showing it at once.", "Take it back", async () => {
      await session.delete(`${path}/${id}`);
      await admin.again(`${name} has it no more.`);
    });
  const give = async (/** @type {any} */ person) => {
    await session.put(`${path}/${person.id}`);
    await admin.again(`${person.display_name} has it now.`);
  };
  const rows = holders.map((one) => [
    h("a", { href: `#people/${one.account_id}` }, h("bdi", null, one.display_name)),
    when(one.granted_at),
    h("bdi", null, names(one.granted_by)),
    button("Take back", () => take(one), { class: "quiet", "aria-label": `Take back: ${one.display_name}` }),
  ]);
  fill(
    place,
    h("p", null, h("a", { href: admin.address("badges") }, "All badges")),
    h("h2", null, "Who has the badge ", h("span", { class: "badge is-given" }, h("bdi", null, label))),
    rows.length
      ? table("Who has it", ["Who", "Since", "Given by", "Change"], rows)
      : h("p", { class: "empty" }, "Nobody has it yet."),
    personFinder(session, "Give it", [["Give it", give]], badgeProblem),
  );
}
