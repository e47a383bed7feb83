// What browsers get of the modules: without comments and white space, and otherwise as they are written.

import { parse } from "acorn";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { Service } from "./service.js";

const WEB = new URL("../", import.meta.url);
const FIRST_VIEW_MAX_BYTES = 20 * 1024;
const BROTLI = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
/** What a module imports, not only later. */
const IMPORTED = /(?:from|import)"(\.[^"]+)"/g;
const NAMED = /^import "\.\/assets\/([^/]+)\/([^"]+)";$/gm;

/** @type {Service} */
let service;
/** The element's first module, which names all that a first view needs. */
let entry = "";
/** Where files are, by their hash. */
let folder = "";

before(async () => {
  service = await Service.start();
  entry = await (await fetch(`${service.url}/embed.js`)).text();
  folder = `${service.url}/assets/${entry.match(/assets\/([^/]+)\//)?.[1]}`;
});
after(() => service?.stop());

/** @param {string} path below web/ */
async function sent(path) {
  const answer = await fetch(`${folder}/${path}`);
  assert.equal(answer.status, 200, path);
  return answer.text();
}

test("a first view is at most 20 KB, in each language and with all that it may show", async () => {
  const named = [...entry.matchAll(NAMED)].map(([, , path]) => path);
  /** @type {Map<string, string>} */
  const needed = new Map();
  /** @param {string} path */
  async function need(path) {
    if (needed.has(path)) return;
    const text = await sent(path);
    needed.set(path, text);
    const at = new URL(path, "http://web/");
    for (const [, beside] of text.matchAll(IMPORTED)) await need(new URL(beside, at).pathname.slice(1));
  }
  await need("embed/main.js");
  assert.deepEqual([...needed.keys()].sort(), named.sort(), "the service names what is imported");

  const size = (/** @type {string} */ text) => brotliCompressSync(text, { params: BROTLI }).length;
  // the entry is sent as it is
  let bytes = entry.length + size(await sent("embed/featured.js"));
  for (const text of needed.values()) bytes += size(text);
  const languages = ["de", "fr", "es", "ar"].map(async (lang) => size(await sent(`embed/words/${lang}.js`)));
  bytes += Math.max(...(await Promise.all(languages)));
  assert.ok(bytes <= FIRST_VIEW_MAX_BYTES, `${bytes} bytes`);
});

test("a module that is sent does what the one that is written does", async () => {
  const places = new Set(["start", "end"]);
  const meaning = (/** @type {string} */ text) =>
    JSON.stringify(parse(text, { ecmaVersion: "latest", sourceType: "module" }), (key, value) =>
      places.has(key) ? undefined : typeof value === "bigint" ? String(value) : value,
    );
  let shorter = 0;
  for (const part of ["embed", "desk", "shared"]) {
    const names = await readdir(new URL(part, WEB), { recursive: true });
    for (const name of names.filter((name) => name.endsWith(".js"))) {
      const written = await readFile(new URL(`${part}/${name}`, WEB), "utf8");
      const got = await sent(`${part}/${name}`);
      assert.equal(meaning(got), meaning(written), `${part}/${name}`);
      if (got.length < written.length) shorter++;
    }
  }
  assert.ok(shorter > 100, `${shorter} are shorter`);
});
