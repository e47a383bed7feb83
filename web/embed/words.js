import english from "./words/en.js";

/** What the interface says: a text, or one for each plural form of `n`. @typedef {Record<string, string | Record<string, string>>} Words */

/** Languages that come along; each is loaded when it is needed. */
const KNOWN = ["de", "fr", "es", "ar"];
const RIGHT_TO_LEFT = /^(ar|fa|he|ur|ckb|dv|ps|sd|ug|yi)\b/i;

/** The interface in one language. */
export class Language {
  /**
   * @param {string} lang a BCP 47 tag
   * @param {Words} words what is missing is said in English
   */
  constructor(lang, words) {
    this.lang = lang;
    this.words = words;
    /** @type {Words} */
    this.fallback = english;
    this.plurals = new Intl.PluralRules(lang);
    this.numbers = new Intl.NumberFormat(lang);
  }

  /** Learns what only those see who write. */
  async learnWriting() {
    const languages = [...new Set(["en", KNOWN.includes(baseOf(this.lang)) ? baseOf(this.lang) : "en"])];
    const modules = await Promise.all(languages.map((base) => import(`./words/${base}-writing.js`)));
    this.fallback = { ...english, ...modules[0].default };
    if (modules[1]) this.words = { ...modules[1].default, ...this.words };
  }

  get dir() {
    return RIGHT_TO_LEFT.test(this.lang) ? "rtl" : "ltr";
  }

  /** @param {string} key */
  knows(key) {
    return key in this.words || key in this.fallback;
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values] for the places in braces; `n` chooses the plural form
   * @returns {string}
   */
  say(key, values = {}) {
    const found = this.words[key] ?? this.fallback[key] ?? key;
    const text = typeof found === "string" ? found : (found[this.plurals.select(Number(values.n))] ?? found.other);
    return text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? this.numbers.format(value) : String(value ?? "");
    });
  }
}

/**
 * @param {string} lang as wished
 * @param {string | null} url a JSON file of words for a language that does not come along
 * @returns {Promise<Language>}
 */
export async function loadLanguage(lang, url) {
  const wished = isTag(lang) ? lang : "en";
  const base = baseOf(wished);
  const [own, module] = await Promise.all([
    url ? fetchWords(new URL(url, document.baseURI).href) : null,
    KNOWN.includes(base) ? import(`./words/${base}.js`).catch(() => null) : null,
  ]);
  // a page says some things in words of its own, and the rest as the language has it
  if (own || module) return new Language(wished, { ...module?.default, ...own });
  return new Language(base === "en" ? wished : "en", english);
}

/** Words of a page's own, fetched once for all elements. @type {Map<string, Promise<Words | null>>} */
const fetched = new Map();

/** @param {string} url */
function fetchWords(url) {
  const known = fetched.get(url);
  if (known) return known;
  const asked = fetch(url, { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);
  fetched.set(url, asked);
  return asked;
}

/** @param {string} lang */
function isTag(lang) {
  try {
    return Intl.getCanonicalLocales(lang).length > 0;
  } catch {
    return false;
  }
}

/** @param {string} lang */
function baseOf(lang) {
  return lang.toLowerCase().split("-")[0];
}
