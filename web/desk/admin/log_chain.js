// The chain of an exported log, checked line by line as docs/LOG.md says it: nothing in it was changed, left out or moved.

const SEAL_ROWS_MAX = 1_000;
/** What lines have, each in the order of its names. */
const ROW = "row,texts";
const SEAL = "hash,hashes,seal";
const HEAD = "head,public_key,signature";

/** The first thing that is wrong with a log. */
export class Broken extends Error {
  /** @param {number} line @param {string} words */
  constructor(line, words) {
    super(`Line ${line}: ${words}`);
    this.line = line;
    this.words = words;
  }
}

/**
 * A value as RFC 8785 writes it; of what stands in the log: texts, whole numbers, null, arrays and objects.
 *
 * @param {any} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** @param {ArrayBuffer} bytes */
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} text */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

/** @param {string | Uint8Array<ArrayBuffer>} data */
async function sha256(data) {
  return hex(await crypto.subtle.digest("SHA-256", typeof data === "string" ? new TextEncoder().encode(data) : data));
}

/** @typedef {{line: number, place: number, digest: string | null, texts: Promise<string> | null, row: Promise<string>}} Waiting */

export class LogChain {
  /** @param {string} knownHead the hash of a head that somebody kept; empty: none */
  constructor(knownHead = "") {
    this.knownHead = knownHead;
    this.lines = 0;
    this.rows = 0;
    this.seals = 0;
    /** Rows whose words were erased. */
    this.erased = 0;
    /** The hash of the last seal. @type {string | null} */
    this.hash = null;
    /** The seal that the kept head is. @type {number | null} */
    this.knownSeal = null;
    /** The last line. @type {any} */
    this.head = null;
    /** @type {string | null | undefined} */
    this.siteId = undefined;
    /** Rows behind the last seal, whose hashes are computed at once. @type {Waiting[]} */
    this.waiting = [];
  }

  /** @param {string} words @returns {never} */
  #broken(words) {
    throw new Broken(this.lines, words);
  }

  /**
   * The next line. Throws what is wrong with it.
   *
   * @param {string} text
   */
  async take(text) {
    this.lines++;
    if (this.head) this.#broken("something stands behind the end.");
    /** @type {any} */
    let line;
    try {
      line = JSON.parse(text);
    } catch {
      this.#broken("it cannot be read.");
    }
    if (canonical(line) !== text) this.#broken("it is not written as the service writes it.");
    const kind = Object.keys(line).join();
    if (this.lines === 1) this.#begin(line);
    else if (kind === ROW) this.#row(line);
    else if (kind === SEAL) await this.#seal(line);
    else if (kind === HEAD) this.#end(line);
    else this.#broken("it is neither a row, nor a seal, nor the end.");
  }

  /** @param {any} line */
  #begin({ log }) {
    if (log?.v !== 1) this.#broken("a log does not begin so.");
    if (log.filter !== null) this.#broken("this is only a part of the log.");
    this.siteId = log.site_id;
  }

  /** @param {any} line */
  #row({ row, texts }) {
    const place = this.rows + 1;
    if (row.place !== place)
      this.#broken(`row ${row.place} stands where row ${place} belongs: rows are missing or moved.`);
    if (row.site_id !== this.siteId || row.v !== 1) this.#broken(`row ${place} is not of this log.`);
    if (this.waiting.length >= SEAL_ROWS_MAX) this.#broken("there are more rows than one seal seals.");
    if (texts === null && row.digest !== null) this.erased++;
    this.waiting.push({
      line: this.lines,
      place,
      digest: row.digest,
      texts: texts === null ? null : sha256(canonical(texts)),
      row: sha256(canonical(row)),
    });
    this.rows = place;
  }

  /** @param {any} line */
  async #seal({ seal, hash, hashes }) {
    for (const { line, place, digest, texts } of this.waiting) {
      if (texts && (await texts) !== digest) {
        throw new Broken(line, `the words of row ${place} are not those that were sealed.`);
      }
    }
    const rows = await Promise.all(this.waiting.map(({ row }) => row));
    const number = this.seals + 1;
    const isNext =
      seal.number === number &&
      seal.former === this.hash &&
      seal.first === this.rows - rows.length + 1 &&
      seal.rows === rows.length &&
      seal.site_id === this.siteId &&
      hashes === null;
    if (!isNext) this.#broken(`seal ${number} does not go on from the one before.`);
    const bytes = fromHex(rows.join(""));
    if (!bytes || (await sha256(bytes)) !== seal.rows_hash) {
      this.#broken(`a row before seal ${number} is not as it was sealed.`);
    }
    if ((await sha256(canonical(seal))) !== hash) this.#broken(`seal ${number} is not what its hash says.`);
    if (hash === this.knownHead) this.knownSeal = number;
    this.waiting = [];
    this.hash = hash;
    this.seals = number;
  }

  /** @param {any} line */
  #end(line) {
    const { head } = line;
    if (this.waiting.length) this.#broken("rows at the end have no seal.");
    if (
      head.hash !== this.hash ||
      head.rows !== this.rows ||
      head.number !== this.seals ||
      head.site_id !== this.siteId
    ) {
      this.#broken("the end does not belong to what stands before it: something was cut off.");
    }
    this.head = line;
  }

  /** There is no line any more. */
  finish() {
    if (!this.head) throw new Broken(this.lines, "the log was cut off: its end is missing.");
  }
}

/**
 * Whether the head is signed by the key beside it; null where this browser cannot tell.
 *
 * @param {{head: any, public_key: string, signature: string}} line
 * @returns {Promise<boolean | null>}
 */
export async function isSigned({ head, public_key: key, signature }) {
  const [keyBytes, signed] = [fromHex(key), fromHex(signature)];
  if (!keyBytes || !signed) return false;
  try {
    const made = await crypto.subtle.importKey("raw", keyBytes, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, made, signed, new TextEncoder().encode(canonical(head)));
  } catch (error) {
    if (/** @type {any} */ (error).name === "NotSupportedError") return null;
    return false;
  }
}
