import { ask } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { field } from "./fields.js";
import { KeptForm } from "./forms.js";

const REASONS = ["spam", "abuse", "off_topic", "misinformation", "illegal", "other"];
const LAWS = [
  "hate",
  "threats",
  "defamation",
  "privacy",
  "child_abuse",
  "terrorism",
  "intellectual_property",
  "fraud",
  "illegal_goods",
  "other",
];

/**
 * Reports a reply to the site's moderators. What breaks the law goes as a notice, for which nobody needs an account.
 *
 * @param {import("./writer.js").Writer} writer
 * @param {import("../reply.js").ReplyNode} node
 */
export async function report(writer, node) {
  const { dialog, session, view } = writer;
  const { language } = view;
  const say = language.say.bind(language);
  const version = node.reply.version;
  const kept = new KeptForm(view.story.id, `report-${node.id}`);
  let reason = "";
  const choices = REASONS.map((name) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: "radio", name: "reason", value: name, onchange: () => choose(name) }),
      say(`reason.${name}`),
    ),
  );
  const text = field("text", say("report-words"), { tag: "textarea", rows: 3, maxlength: 1000, required: false });
  const ground = field("ground", say("illegal-kind"), { tag: "select" });
  ground.input.append(...LAWS.map((law) => h("option", { value: law }, say(`law.${law}`))));
  const law = field("law", say("illegal-law"), { maxlength: 300, required: false });
  const why = field("explanation", say("illegal-why"), { tag: "textarea", rows: 4, maxlength: 5000, minlength: 20 });
  const name = field("name", say("illegal-name"), { autocomplete: "name", maxlength: 100 });
  const email = field("email", say("email"), { type: "email", autocomplete: "email" });
  const faith = h("input", { type: "checkbox" });
  const faithRow = h("label", { class: "choice" }, faith, say("illegal-good-faith"));
  const illegalText = h("p", { class: "hint" }, say("illegal-text"));
  faithRow.hidden = illegalText.hidden = true;

  /** @param {string} chosen */
  const choose = (chosen) => {
    reason = chosen;
    const isIllegal = chosen === "illegal";
    text.row.hidden = isIllegal;
    text.input.required = chosen === "other";
    for (const part of [ground, law, why]) part.row.hidden = !isIllegal;
    for (const part of [name, email]) part.row.hidden = !isIllegal || session.isSignedIn;
    faithRow.hidden = illegalText.hidden = !isIllegal;
  };
  choose("");

  /** @param {Record<string, string>} values */
  const giveNotice = (values) => {
    const notice = {
      ground: values.ground,
      explanation: values.explanation,
      law: values.law || null,
      is_in_good_faith: faith.checked,
      version,
    };
    if (session.isSignedIn) {
      const asked = { method: "POST", body: notice, headers: kept.headers(notice) };
      return session.call(`/api/v1/replies/${node.id}/notices`, asked);
    }
    const body = { ...notice, name: values.name, email: values.email };
    return ask(view.service, `/api/v1/replies/${node.id}/guest-notices`, { method: "POST", body });
  };

  /** False if signing in took the dialog: then what was typed is back in it, and goes by itself if somebody signed in. */
  const signedIn = async () => {
    if (session.isSignedIn) return true;
    const isKnown = await writer.known();
    if (choices[0].isConnected) return isKnown;
    dialog.open(step);
    if (isKnown) dialog.submit();
    return false;
  };

  const step = () =>
    dialog.show({
      title: say("report-title"),
      text: [
        say("report-text"),
        h("fieldset", { class: "choices" }, h("legend", {}, say("reason")), ...choices),
        illegalText,
      ],
      fields: [ground, law, why, name, email, { ...text, row: h("div", {}, text.row, faithRow) }],
      go: say("report"),
      kept,
      send: async (values) => {
        if (!reason) return choices[0].querySelector("input").focus();
        if (reason === "illegal") {
          if (!faith.checked) return faith.focus();
          await giveNotice(values);
        } else {
          if (!(await signedIn())) return;
          const body = { reason, text: values.text || null, version };
          const asked = { method: "POST", body, headers: kept.headers(body) };
          await session.call(`/api/v1/replies/${node.id}/reports`, asked);
        }
        kept.forget();
        dialog.close(null);
        view.say(say(reason !== "illegal" || session.isSignedIn ? "reported" : "notice-mailed"));
      },
    });
  await dialog.open(step);
}
