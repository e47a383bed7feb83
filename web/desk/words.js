// The desk's words.

const plurals = new Intl.PluralRules("en");

/** @param {number} number @param {string} one @param {string} other */
export function count(number, one, other) {
  return `${number.toLocaleString("en")} ${plurals.select(number) === "one" ? one : other}`;
}

/** @type {Record<string, string>} */
export const QUEUES = { pending: "Waiting", reported: "Reported", flagged: "Flagged", appeals: "Appeals" };

/** @type {Record<string, string>} */
export const STATES = {
  pending: "waits",
  approved: "public",
  rejected: "rejected",
  spam: "spam",
  withdrawn: "taken back",
  returned: "with its author",
};

/** What was done, as a part of "… by Ann". @type {Record<string, string>} */
export const DONE = {
  approve: "approved",
  reject: "rejected",
  spam: "marked as spam",
  return: "returned to its author",
  restore: "put back into the queue",
  feature: "featured",
  post: "posted",
  edit: "changed",
  withdraw: "taken back",
  hold: "held by reports",
  judge: "judged by the rules",
  appeal: "appealed",
  uphold_appeal: "appeal turned down",
  overturn_appeal: "appeal granted",
  unfeature: "taken off the featured ones",
  add_note: "noted",
  warn: "warned",
  premoderate: "premoderated",
  slow: "slowed",
  suspend: "suspended",
  ban: "banned",
  undo: "undone",
  bulk: "decided among many",
};

/** @param {string} action */
export const done = (action) => DONE[action] ?? action.replaceAll("_", " ");

/** The reasons, by the key that gives each. @type {[string, string, string][]} */
export const REASONS = [
  ["s", "spam", "Spam"],
  ["a", "abuse", "Abuse"],
  ["o", "off_topic", "Off topic"],
  ["m", "misinformation", "Misinformation"],
  ["i", "illegal", "Illegal"],
  ["x", "other", "Other"],
];

/** @param {string} reason */
export const reasonWords = (reason) => REASONS.find(([, name]) => name === reason)?.[2] ?? reason;

/** What came of one report. @type {Record<string, string>} */
export const FATES = { upheld: "upheld", dismissed: "dismissed", moot: "moot" };

/** Why a reply is where it is. @type {Record<string, string>} */
export const WHY = {
  rules: "The rules hold it",
  not_run: "A rule could not run",
  changed: "It was changed",
  mode: "Replies of this site wait for a moderator",
  sanction: "Its author is premoderated",
  unproven: "Its author has not confirmed an address",
  staff: "A moderator put it back",
  waiting: "It waits for its author’s other replies",
  import: "It was imported",
  outside: "An outside check asks for a look",
};

/** @type {Record<string, string>} */
export const RULES = {
  words: "Words",
  links: "Links",
  repeats: "Repeats",
  pace: "Pace",
  history: "History",
  shape: "Shape",
  classifier: "Classifier",
  outside: "Outside check",
};

/** @type {Record<string, string>} */
export const OUTCOMES = { pass: "passes", flag: "flagged", hold: "held", spam: "spam" };

/** @type {Record<string, string>} */
export const SANCTIONS = {
  warn: "Warning",
  premoderate: "Premoderated",
  slow: "Slowed",
  suspend: "Suspended",
  ban: "Banned",
};

/** Which kind of law a notice names. @type {Record<string, string>} */
export const GROUNDS = {
  child_abuse: "Abuse of children",
  terrorism: "Terrorism",
  hate: "Hate",
  threats: "Threats",
  defamation: "Defamation",
  privacy: "Privacy",
  intellectual_property: "Intellectual property",
  fraud: "Fraud",
  illegal_goods: "Illegal goods",
  other: "Another law",
};

/** What to do where something was refused. @type {Record<string, string>} */
export const PROBLEMS = {
  unreachable: "The service cannot be reached.",
  wrong_credentials: "That name and password do not belong together.",
  second_factor_required: "Type the code that your device shows.",
  wrong_code: "That code is not good. Codes change every half minute.",
  too_many_attempts: "Too many tries. Wait a few minutes.",
  not_found: "It is not there any more.",
  forbidden: "You may not do that.",
  own_reply: "It is your own reply: somebody else decides about it.",
  first_decider: "You refused it yourself: somebody else decides about the appeal.",
  suspended: "Your account is suspended.",
};

/** @param {{code: string, message?: string, words?: string}} problem */
export const problemWords = (problem) => PROBLEMS[problem.code] ?? problem.message ?? problem.words ?? problem.code;

const UNITS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]);
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** @param {string} time Such as "5 min. ago". */
export function ago(time) {
  const secs = (Date.now() - Date.parse(time)) / 1_000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(secs) >= length) ?? ["second", 0];
  return length ? relative.format(-Math.round(secs / length), unit) : "now";
}

/** @param {string} time */
export const exactTime = (time) => exact.format(new Date(time));
