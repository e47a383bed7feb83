// What can be set of a site's rules, in words: the table from which the editor is made and changes are told.

import { OUTCOMES } from "../words.js";

/** @typedef {"list" | "number" | "share" | "choice"} Kind */

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {string} label
 * @property {Kind} kind
 * @property {Record<string, string>} [choices] the values that there are, with their words
 * @property {string} [begins] what every site begins with, where that is not in the answer
 */

/** @type {Record<string, string>} */
const GUESTS = { confirmed_email: "may, once they confirm an address", off: "may not" };
/** @type {Record<string, string>} */
const ACCENTS = { ignored: "make no other word", kept: "make another word" };

/** @param {string} name @param {string} label @returns {Setting} */
const list = (name, label) => ({ name, label: `${label}, one a line`, kind: "list" });
/** @param {string} name @param {string} label @param {string} [begins] @returns {Setting} */
const number = (name, label, begins) => ({ name, label, kind: "number", begins });
/** @param {string} name @param {string} label @param {string} [begins] @returns {Setting} */
const share = (name, label, begins) => ({ name, label: `${label}, 0 to 1`, kind: "share", begins });
/** @param {string} name @param {string} label @param {Record<string, string>} choices @returns {Setting} */
const choice = (name, label, choices) => ({ name, label, kind: "choice", choices });
/** What a rule asks for where it finds something. @param {string} name @param {string} label @returns {Setting} */
const outcome = (name, label) => choice(name, label, OUTCOMES);

/** @type {{rule: string, title: string, hint: string, settings: Setting[]}[]} */
export const RULE_SETTINGS = [
  {
    rule: "words",
    title: "Words",
    hint: "Phrases of one or more words; a star at the end stands for the rest of the last one.",
    settings: [
      list("hold", "Words that hold a reply"),
      list("spam", "Words that are spam"),
      choice("accents", "Accents", ACCENTS),
    ],
  },
  {
    rule: "links",
    title: "Links",
    hint: "Newcomers have few approved replies yet.",
    settings: [
      number("max", "Links that a reply may have"),
      number("newcomer_max", "Links that a newcomer’s may have"),
      number("newcomer_below", "Newcomers have fewer approved replies than"),
      outcome("pretending", "Links that pretend to lead elsewhere"),
      list("deny", "Sites never to link to"),
      list("allow", "Sites that do not count"),
    ],
  },
  {
    rule: "repeats",
    title: "Repeats",
    hint: "The same text once more.",
    settings: [
      outcome("own", "The author’s own text again"),
      number("own_hours", "Hours in which that counts"),
      number("own_min_chars", "Characters from which it counts"),
      outcome("near", "Near copies of anybody’s text"),
    ],
  },
  {
    rule: "pace",
    title: "Pace",
    hint: "How many replies there may be. 0 is no limit.",
    settings: [
      number("author_minute", "Of one author in a minute"),
      number("author_hour", "Of one author in an hour"),
      number("story_minute", "To one story in a minute"),
      number("story_hour", "To one story in an hour"),
      number("address_minute", "From one network address in a minute"),
      number("address_hour", "From one network address in an hour"),
      number("trusted_from", "Approved replies from which authors may do more"),
      number("trusted_times", "So many times as much"),
      outcome("outcome", "What is faster"),
    ],
  },
  {
    rule: "history",
    title: "History",
    hint: "What is known of the author. 0 switches each off.",
    settings: [
      number("first_replies", "First replies of an author that wait"),
      number("young_minutes", "Minutes in which an account is young"),
      number("refused_percent", "Refused ones of a hundred that hold the next"),
      number("refused_of", "Decisions that this takes"),
    ],
  },
  {
    rule: "shape",
    title: "Shape",
    hint: "How a text looks.",
    settings: [
      outcome("shouting", "Shouting"),
      outcome("mostly_links", "Little beside links"),
      outcome("mostly_symbols", "Little beside signs and pictures"),
      outcome("unusually_long", "Far longer than the author’s others"),
      outcome("invisible", "Characters that nobody sees"),
      outcome("direction", "Characters that turn the text around"),
    ],
  },
  {
    rule: "classifier",
    title: "Classifier",
    hint: "It learns from the decisions of moderators.",
    settings: [
      outcome("outcome", "What it takes for refusable"),
      share("threshold", "Score over which a text is refusable", "chosen by itself"),
    ],
  },
  {
    rule: "reports",
    title: "Reports",
    hint: "What reports by readers do. It is no rule about texts.",
    settings: [
      number("hold_at_weight", "Reports that hide a reply until a moderator looked", "never"),
      number("immunity_hours", "Hours in which dismissed reports do not come again", "24"),
      number("reopen_at_weight", "Reports that open it again all the same", "5"),
    ],
  },
  {
    rule: "fairness",
    title: "Appeals and returns",
    hint: "What authors may expect. It is no rule about texts.",
    settings: [
      number("appeal_days", "Days to appeal", "14"),
      number("return_days", "Days to change a returned reply", "7"),
    ],
  },
  {
    rule: "notices",
    title: "Notices of illegal content",
    hint: "What is asked of people without an account.",
    settings: [
      choice("guests", "People without an account", GUESTS),
      number("guests_kept_days", "Days for which it is kept who they were", "180"),
    ],
  },
];
