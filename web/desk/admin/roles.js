import { button, fill, h } from "../dom.js";
import { when } from "../parts.js";
import { namesOf } from "./names.js";
import { personFinder } from "./person_finder.js";
import { all, confirm, table } from "./pieces.js";

/** @type {Record<string, string>} */
const ROLES = { author: "Author", moderator: "Moderator" };

/**
 * Who is author or moderator of a site.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showRoles(place, admin) {
  const { session, path } = admin;
  const roles = await all(session, `${path}/roles`);
  const names = await namesOf(
    session,
    roles.map(({ granted_by: by }) => by),
  );
  const take = (/** @type {any} */ { account_id: id, username, role }) =>
    confirm(
      `Take the role from ${username ?? "this account"}?`,
      `They are no ${role} of ${admin.site} from that moment on. What they wrote and decided stays.`,
      "Take it away",
      async () => {
        await session.delete(`${path}/roles/${id}/${role}`);
        await admin.again(`${username ?? "The account"} is no ${role} any more.`);
      },
    );
  const give = async (/** @type {any} */ person, /** @type {string} */ role) => {
    await session.put(`${path}/roles/${person.id}/${role}`);
    await admin.again(`${person.display_name} is ${role === "author" ? "an author" : "a moderator"} now.`);
  };
  const rows = roles.map((one) => [
    h("a", { href: `#people/${one.account_id}` }, h("bdi", null, one.username ?? "a closed account")),
    ROLES[one.role],
    when(one.granted_at),
    h("bdi", null, names(one.granted_by, "a command or a token")),
    button("Take away", () => take(one), {
      class: "quiet",
      "aria-label": `Take away: ${one.username ?? "a closed account"}, ${one.role}`,
    }),
  ]);
  fill(
    place,
    h(
      "p",
      { class: "hint" },
      "Authors register stories and feature replies; their replies carry a badge. Moderators decide about replies. Admins may everything, everywhere.",
    ),
    rows.length
      ? table("Roles", ["Who", "Role", "Since", "Given by", "Change"], rows)
      : h("p", { class: "empty" }, "Nobody has a role here yet."),
    personFinder(
      session,
      "Give a role",
      Object.keys(ROLES).map((role) => [`Make ${role}`, (person) => give(person, role)]),
    ),
  );
}
