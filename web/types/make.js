// Writes api.d.ts, the types of the API's document; with `--check` it only says whether they are those of today.
//
// Examples are left out, and so are answers to what failed: each is a `Problem`, whose type is there by that name. With them
// the file would be ten times as long and say no more.

import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../tests/snapshots/openapi.json", import.meta.url);
const TYPES = new URL("api.d.ts", import.meta.url);

/**
 * @param {any} node
 * @returns {any}
 */
function withoutExamples(node) {
  if (Array.isArray(node)) return node.map(withoutExamples);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(([name, value]) => !isExample(name, value));
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutExamples(value)]));
}

/**
 * A schema may have a property of that name: then it is a schema.
 * @param {string} name
 * @param {any} value
 */
function isExample(name, value) {
  return (
    (name === "example" || name === "examples") &&
    !(value && typeof value === "object" && "type" in value && "description" in value)
  );
}

const document = withoutExamples(JSON.parse(await readFile(DOCUMENT, "utf8")));
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) {
    for (const status of Object.keys(operation.responses ?? {})) {
      if (Number(status) >= 400) delete operation.responses[status];
    }
  }
}
const types = `// Made by \`npm run types\` out of tests/snapshots/openapi.json.\n\n${astToString(await openapiTS(document))}`;

if (!process.argv.includes("--check")) {
  await writeFile(TYPES, types);
} else if (types !== (await readFile(TYPES, "utf8").catch(() => ""))) {
  console.error("web/types/api.d.ts is not what tests/snapshots/openapi.json makes it: npm run types, in web/");
  process.exitCode = 1;
}
