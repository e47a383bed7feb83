import { button, fill, h, showDialog } from "../dom.js";
import { failure, showFailure, when } from "../parts.js";
import { problemWords } from "../words.js";
import { namesOf } from "./names.js";
import { table } from "./pieces.js";
import { differences } from "./rule_changes.js";
import { rerun, runRow } from "./run_rows.js";

/**
 * The versions of a site's rules, and the runs over what waits.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showVersions(place, admin) {
  const path = `${admin.path}/policy`;
  const [present, versions, runs, settings] = await Promise.all([
    admin.session.ask(path),
    admin.session.ask(`${path}/versions?limit=50`),
    admin.session.ask(`${path}/runs?limit=20`),
    admin.session.ask(`${admin.path}/settings`),
  ]);
  const people = [...versions.items, ...runs.items].map((/** @type {any} */ { author_id: id }) => id);
  const names = await namesOf(admin.session, people);
  const mayChange = admin.isAdmin || settings.moderators_change_policy;
  const going = h("div", { class: "going" });
  fill(
    place,
    h(
      "section",
      { class: "card group" },
      h("h2", null, "Run the rules again on what waits"),
      h(
        "p",
        { class: "hint" },
        "Replies that rules held are judged by the present ones; what passes becomes public. What a moderator put back, and what waits for another reason, goes on waiting. All of it can be undone.",
      ),
      h(
        "div",
        { class: "row" },
        button("Run them again", () => rerun(admin, going)),
      ),
      going,
    ),
    h(
      "section",
      { class: "card group" },
      h("h2", null, "Versions"),
      versions.items.length
        ? h(
            "ol",
            { class: "versions" },
            ...versions.items.map((/** @type {any} */ one) => versionRow(one, admin, present, mayChange, names)),
          )
        : h("p", { class: "hint" }, "The rules are as every site begins with them."),
    ),
    h(
      "section",
      { class: "card group" },
      h("h2", null, "Runs"),
      runs.items.length
        ? h(
            "ul",
            { class: "versions" },
            ...runs.items.map((/** @type {any} */ one) => runRow(one, admin, going, names)),
          )
        : h("p", { class: "hint" }, "None yet."),
    ),
  );
}

/**
 * @param {any} one
 * @param {import("./part.js").Admin} admin
 * @param {any} present
 * @param {boolean} mayChange
 * @param {(id: string | null, nobody?: string) => string} names
 */
function versionRow(one, admin, present, mayChange, names) {
  const isPresent = one.version === present.version;
  return h(
    "li",
    null,
    h(
      "p",
      { class: "meta" },
      h("b", null, `Version ${one.version}`),
      isPresent ? h("span", { class: "badge is-approved" }, "holds") : null,
      when(one.created_at),
      h("bdi", null, names(one.author_id, "by a command")),
      one.restored_from === null ? null : h("span", null, `as version ${one.restored_from} was`),
    ),
    h(
      "div",
      { class: "row" },
      button("What it changed", () => showVersion(one, admin, present, false), {
        class: "quiet",
        "aria-label": `What it changed: version ${one.version}`,
      }),
      isPresent || !mayChange
        ? null
        : button("Restore", () => showVersion(one, admin, present, true), {
            "aria-label": `Restore version ${one.version}`,
          }),
    ),
  );
}

/**
 * What a version changed; or, before it is restored, what that would change.
 *
 * @param {any} one
 * @param {import("./part.js").Admin} admin
 * @param {any} present
 * @param {boolean} isRestoring
 */
async function showVersion(one, admin, present, isRestoring) {
  const path = `${admin.path}/policy/versions`;
  const policyOf = async (/** @type {number} */ version) =>
    version > 0 ? (await admin.session.ask(`${path}/${version}`)).policy : {};
  try {
    const it = await policyOf(one.version);
    // version 0 is not stored: what was not said then is told as what every site begins with
    const rows = isRestoring ? differences(present.policy, it) : differences(await policyOf(one.version - 1), it);
    const heads = isRestoring ? ["Setting", "Holds now", "After that"] : ["Setting", "Before", "Since then"];
    const told = h("div", { class: "told" });
    const restore = async () => {
      try {
        await admin.session.post(`${path}/${one.version}/restore`, undefined, { "If-Match": `"${present.version}"` });
        dialog.close();
        await admin.again(`The rules are as in version ${one.version} from now on.`);
      } catch (problem) {
        const isOther = /** @type {any} */ (problem).code === "precondition_failed";
        fill(
          told,
          failure(isOther ? "Somebody changed the rules meanwhile." : problemWords(/** @type {any} */ (problem))),
        );
      }
    };
    const dialog = showDialog(isRestoring ? `Restore version ${one.version}?` : `Version ${one.version}`, [
      rows.length ? table("Changes", heads, rows) : h("p", null, "Nothing that is shown here differs."),
      told,
      h(
        "div",
        { class: "row" },
        isRestoring ? button("Restore it", restore, { class: "primary" }) : null,
        button("Close", () => dialog.close()),
      ),
    ]);
  } catch (problem) {
    showFailure("That did not work", problemWords(/** @type {any} */ (problem)));
  }
}
