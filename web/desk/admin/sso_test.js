import { fill, h } from "../dom.js";
import { field } from "./fields.js";
import { makeForm } from "./form.js";
import { table } from "./pieces.js";

/** What a good token would do. @type {Record<string, string>} */
const OUTCOMES = {
  new_account: "It would make a new account.",
  known_account: "It would sign on an account that it already knows.",
  joined_account: "It would join an account from before, by its e-mail address.",
};

/**
 * The test of a token: part by part what is right and what is wrong. Nothing is spent or changed by it.
 *
 * @param {import("./part.js").Admin} admin
 */
export function tokenTest(admin) {
  const text = h("textarea", { rows: "4", spellcheck: "false", placeholder: "eyJ…", class: "code" });
  const token = field({
    name: "token",
    label: "A token",
    hint: "As your server gives it to the page. It is not spent, and nothing is changed.",
    control: text,
    read: () => text.value.trim(),
  });
  const result = h("div", { class: "test-result" });
  const form = makeForm({
    children: [token.element],
    fields: [token],
    go: "Test it",
    send: async (values) => {
      fill(result);
      const test = await admin.session.post(`${admin.path}/sso/test`, values);
      fill(result, ...verdict(test));
      /** @type {HTMLElement | null} */ (result.querySelector(".verdict"))?.focus();
    },
  });
  return h("section", { class: "card group" }, h("h2", null, "Test a token"), form, result);
}

/** @param {any} test */
function verdict({ is_good: isGood, issuer, parts, outcome, account_id: accountId, remarks }) {
  const wrong = parts.filter((/** @type {any} */ part) => !part.is_right);
  return [
    h(
      "p",
      { class: `verdict ${isGood ? "is-good" : "is-bad"}`, tabindex: "-1" },
      isGood
        ? `The token is good. ${OUTCOMES[outcome] ?? ""}`
        : `The token is refused: ${wrong.map((/** @type {any} */ part) => part.part).join(", ") || "see below"}.`,
    ),
    h(
      "p",
      { class: "hint" },
      issuer ? `It is of the issuer “${issuer}”.` : "It is of no issuer of this site.",
      accountId ? " " : null,
      accountId ? h("a", { href: `#people/${accountId}` }, "The account") : null,
    ),
    table(
      "Parts of the token",
      ["Part", "", "What it says"],
      parts.map((/** @type {any} */ part) => [
        h("code", null, part.part),
        h("span", { class: part.is_right ? "right" : "wrong-mark" }, part.is_right ? "right" : "wrong"),
        h("span", { class: "says" }, part.says),
      ]),
    ),
    remarks.length
      ? h("ul", { class: "remarks" }, ...remarks.map((/** @type {string} */ remark) => h("li", null, remark)))
      : null,
  ];
}
