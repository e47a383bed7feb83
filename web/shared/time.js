/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Formats are dear to make, and a page has many times in one language. @type {Map<string, {ago: Intl.RelativeTimeFormat, full: Intl.DateTimeFormat}>} */
const formats = new Map();

/** @param {string} lang */
function formatsOf(lang) {
  let made = formats.get(lang);
  if (!made) {
    made = {
      ago: new Intl.RelativeTimeFormat(lang, { numeric: "auto" }),
      full: new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" }),
    };
    formats.set(lang, made);
  }
  return made;
}

/**
 * How long ago, in words such as "3 hours ago".
 *
 * @param {string} time
 * @param {string} lang
 */
export function relative(time, lang) {
  const secs = Math.min(0, (Date.parse(time) - Date.now()) / 1_000);
  const [unit, length] = UNITS.find(([, length]) => -secs >= length) ?? ["second", 1];
  return formatsOf(lang).ago.format(unit === "second" ? 0 : Math.ceil(secs / length), unit);
}

/**
 * The exact time, as it is written in this language.
 *
 * @param {string} time
 * @param {string} lang
 */
export function exact(time, lang) {
  return formatsOf(lang).full.format(new Date(time));
}
