import { button, fill, h } from "../dom.js";
import { failure, when } from "../parts.js";
import { count, problemWords } from "../words.js";
import { checkLog } from "./chain_check.js";
import { textField } from "./fields.js";
import { download } from "./pieces.js";

/**
 * The log's head, to be kept elsewhere, and the check that nothing in the log was changed.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showVerification(place, admin) {
  const { session, path, site } = admin;
  const view = await session.ask(`${path}/log/head`);
  const { head } = view;
  const known = textField("known", "A head that you kept", "Its hash, 64 letters and digits. Empty: none.", "", {
    maxlength: "64",
    spellcheck: "false",
  });
  const key = textField(
    "key",
    "The key that you trust",
    "Its 64 letters and digits, from a head that you kept. Empty: whichever signed.",
    "",
    {
      maxlength: "64",
      spellcheck: "false",
    },
  );
  const result = h("div", { class: "part checked" });
  const go = async () => {
    for (const field of [known, key]) {
      const isGood = /^(?:[0-9a-f]{64})?$/.test(field.read());
      field.fail(isGood ? "" : "It must be 64 digits and letters from a to f.");
      if (!isGood) return field.element.querySelector("input")?.focus();
    }
    await checkLog(admin, head.rows, result, known.read(), key.read());
  };
  const save = async () => {
    try {
      const answer = await session.ask(`${path}/log/export`, { isStream: true });
      download(`${site}-log.ndjson`, "application/x-ndjson", await answer.blob());
    } catch (problem) {
      fill(result, failure(problemWords(/** @type {any} */ (problem))));
    }
  };
  fill(
    place,
    h(
      "p",
      { class: "hint" },
      "Everything in the log is sealed in a chain: whoever changes, removes or adds a row breaks it. The head stands for the whole log.",
    ),
    h(
      "section",
      { class: "card group" },
      h("h2", null, "The head"),
      h(
        "p",
        null,
        `${count(head.rows, "row is", "rows are")} sealed in ${count(head.number, "seal", "seals")}`,
        head.sealed_at ? h("span", null, ", the last ", when(head.sealed_at)) : null,
        view.unsealed ? `; ${count(view.unsealed, "row waits", "rows wait")} for the next.` : ".",
      ),
      h(
        "dl",
        { class: "facts" },
        h("div", null, h("dt", null, "Hash"), h("dd", null, h("code", null, head.hash ?? "none yet"))),
        h("div", null, h("dt", null, "Signed by"), h("dd", null, h("code", null, view.public_key))),
      ),
      h(
        "p",
        { class: "hint" },
        "Keep it where those who run the server cannot change it, and the log proves itself even against them.",
      ),
      h(
        "div",
        { class: "row" },
        button("Save the head", () =>
          download(`${site}-log-head.json`, "application/json", JSON.stringify(view, null, 2)),
        ),
        button("Save the whole log", save),
      ),
    ),
    h(
      "section",
      { class: "card group" },
      h("h2", null, "Check the log"),
      h("p", { class: "hint" }, "The whole log is read and its chain is computed anew, here in the browser."),
      known.element,
      key.element,
      h("div", { class: "row" }, button("Check it now", go, { class: "primary" })),
      result,
    ),
  );
}
