// What the discussion says, in each of the languages that come along: as many texts as in English, with the same places for
// names and numbers, and all the plural forms that the language has.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import english from "../embed/words/en.js";
import writing from "../embed/words/en-writing.js";

const EMBED = new URL("../embed/", import.meta.url);
const OTHERS = ["de", "fr", "es", "ar"];

/** What only who builds front ends, moderates or administers is told; readers get "That did not work". */
const NOT_OF_READERS = [
  "invalid_query",
  "invalid_cursor",
  "invalid_header",
  "sign_on_unknown",
  "insufficient_scope",
  "unknown_subject",
  "first_decider",
  "method_not_allowed",
  "claimed",
  "username_changed_lately",
  "key_taken",
  "url_taken",
  "precondition_failed",
  "uri_too_long",
  "unsupported_media_type",
  "precondition_required",
];

/** @typedef {Record<string, string | Record<string, string>>} Words */

/** @param {string} file @returns {Promise<Words>} */
const wordsOf = async (file) => (await import(`../embed/words/${file}.js`)).default;

/** The places for names and numbers. @param {string} text */
const places = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

/** Places that all forms of a text together have. @param {string | Record<string, string>} text */
const allPlaces = (text) => places(typeof text === "string" ? text : Object.values(text).join(" "));

test("each language has each text, with its places and its plural forms", async () => {
  for (const lang of OTHERS) {
    for (const [file, known] of /** @type {const} */ ([
      ["", english],
      ["-writing", writing],
    ])) {
      const words = await wordsOf(lang + file);
      assert.deepEqual(Object.keys(words).sort(), Object.keys(known).sort(), lang + file);
      for (const [key, text] of Object.entries(words)) {
        const original = /** @type {Words} */ (known)[key];
        assert.deepEqual(allPlaces(text), allPlaces(original), `${lang} ${key}`);
        assert.equal(typeof text, typeof original, `${lang} ${key}: with plural forms in all or in none`);
        if (typeof text === "string") assert.ok(text.trim(), `${lang} ${key}`);
        else {
          // a language's form of round millions may be that of all others
          const forms = new Intl.PluralRules(lang).resolvedOptions().pluralCategories.filter((form) => form !== "many");
          const needed = lang === "ar" ? [...forms, "many"] : forms;
          for (const form of needed) assert.ok(text[form]?.trim(), `${lang} ${key} ${form}`);
        }
      }
      const same = Object.keys(words).filter(
        (key) => typeof words[key] === "string" && words[key] === /** @type {Words} */ (known)[key],
      );
      // "{n}", "Code", "Spam", "Terrorism" …: a language may have an English word, but not a dozen
      assert.ok(same.length < 12, `${lang}${file} says in English: ${same.join(", ")}`);
    }
  }
});

test("whatever the discussion says has words, and no words are left that nobody says", async () => {
  const known = new Set([...Object.keys(english), ...Object.keys(writing)]);
  const files = (await readdir(EMBED, { recursive: true })).filter(
    (name) => name.endsWith(".js") && !name.startsWith("words/"),
  );
  const source = (await Promise.all(files.map((name) => readFile(new URL(name, EMBED), "utf8")))).join("\n");
  for (const [, key] of source.matchAll(/\bsay\(\s*"([\w.-]+)"/g)) assert.ok(known.has(key), `"${key}" has words`);
  for (const key of known) {
    const isSaid = source.includes(`"${key}"`) || /^(problem|field|badge|state|ground|appeal|reason|law)\./.test(key);
    assert.ok(isSaid, `somebody says "${key}"`);
  }
});

test("each problem that a reader can meet has words", async () => {
  const document = JSON.parse(await readFile(new URL("../../tests/snapshots/openapi.json", import.meta.url), "utf8"));
  const codes = [...document.info.description.matchAll(/^\| `(\w+)` \| \d{3} \|/gm)].map(([, code]) => code);
  assert.ok(codes.length > 40, "the table is found");
  const said = Object.keys({ ...english, ...writing })
    .filter((key) => key.startsWith("problem."))
    .map((key) => key.slice("problem.".length));
  const missing = codes.filter((code) => !said.includes(code) && !NOT_OF_READERS.includes(code));
  assert.deepEqual(missing, []);
  const unknown = said.filter((code) => !codes.includes(code) && !["other", "unreachable"].includes(code));
  assert.deepEqual(unknown, [], "and no words are of codes that there are not");
  // whoever reads only, and is refused, need not load what writing needs to be told why
  for (const code of ["too_many_requests", "internal", "busy"]) assert.ok(`problem.${code}` in english, code);
});
