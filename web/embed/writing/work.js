/** Tries at once; each runs beside the page. */
const SLICE = 8;

/**
 * Solves a challenge of ALTCHA's protocol (version 2): the first counter whose derived key begins as the challenge says.
 *
 * @param {any} challenge `parameters` and `signature`
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the value of the header `Altcha`
 */
export async function solve(challenge, signal) {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const [nonceBytes, saltBytes] = [bytes(nonce), bytes(salt)];
  /** @param {number} counter */
  const derive = async (counter) => {
    const password = new Uint8Array(nonceBytes.length + 4);
    password.set(nonceBytes);
    new DataView(password.buffer).setUint32(nonceBytes.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: saltBytes, iterations: cost };
    return hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
  };
  for (let from = 0; ; from += SLICE) {
    signal.throwIfAborted();
    const keys = await Promise.all(Array.from({ length: SLICE }, (_, at) => derive(from + at)));
    const at = keys.findIndex((key) => key.startsWith(keyPrefix));
    if (at >= 0) return btoa(JSON.stringify({ challenge, solution: { counter: from + at, derivedKey: keys[at] } }));
  }
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {ArrayBuffer} buffer */
function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
