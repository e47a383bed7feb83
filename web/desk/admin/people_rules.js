import { fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { REASONS } from "../words.js";
import { field, numberField } from "./fields.js";
import { group, makeForm } from "./form.js";
import { stepsField } from "./steps.js";

/**
 * What the rules say of people: what authors of refused replies are told, and what moderators are advised to do.
 *
 * @param {HTMLElement} place
 * @param {import("./part.js").Admin} admin
 */
export async function showPeopleRules(place, admin) {
  const path = `${admin.path}/policy`;
  const [{ policy, version }, settings] = await Promise.all([
    admin.session.ask(path),
    admin.session.ask(`${admin.path}/settings`),
  ]);
  const mayChange = admin.isAdmin || settings.moderators_change_policy;
  const words = REASONS.map(([, ground, label]) => {
    const control = h("textarea", { rows: "2", maxlength: "2000", value: policy.fairness?.words?.[ground] ?? "" });
    return field({ name: `fairness/words/${ground}`, label, control, read: () => control.value.trim() });
  });
  const steps = stepsField(policy.sanctions?.steps);
  const forget = numberField(
    "sanctions/forget_days",
    "Days until a sanction counts no more",
    "After them somebody begins at the first step again. Empty: 365.",
    policy.sanctions?.forget_days,
    { max: "3650", placeholder: "365" },
  );
  const fields = [...words, steps, forget];
  const form = makeForm({
    children: [
      group(
        "What authors of refused replies are told",
        words,
        "For each reason, beside what the moderator writes. Empty: the reason alone.",
      ),
      group(
        "What moderators are advised to do",
        [steps, forget],
        "The first time, the second time, and so on; the last step from then on. They decide themselves.",
      ),
    ],
    fields,
    go: "Switch it on",
    send: async (values) => {
      const said = words.map(({ name }) => [name.split("/")[2], values[name]]).filter(([, text]) => text);
      const days = values["sanctions/forget_days"];
      const draft = {
        ...policy,
        fairness: { ...policy.fairness, words: Object.fromEntries(said) },
        sanctions: { steps: values["sanctions/steps"], ...(days === null ? {} : { forget_days: days }) },
      };
      await admin.session.put(path, draft, { "If-Match": `"${version}"` });
      await admin.again("It holds from now on.");
    },
    refused: (problem) =>
      problem.code === "precondition_failed"
        ? failure("Somebody changed the rules meanwhile: keep your words, and open this page again.")
        : null,
  });
  if (!mayChange) {
    form.querySelector(".form-end")?.remove();
    for (const control of form.querySelectorAll("input, select, textarea, button"))
      control.setAttribute("disabled", "");
  }
  fill(place, h("p", { class: "hint" }, `A part of the rules, version ${version}.`), form);
}
