/**
 * @typedef {object} Heard
 * @property {(name: string, data: any) => void} event
 * @property {(isThere: boolean) => void} connection
 */

/** Waits before coming back: longer each time. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** The service says something every 15 seconds: after so long nobody is there. */
const SILENCE_MS = 40_000;

/**
 * Listens to the queues until `signal` says that it is enough. (`EventSource` could not show a token.)
 *
 * @param {import("./service.js").Session} session
 * @param {Heard} heard
 * @param {AbortSignal} signal
 */
export async function listen(session, heard, signal) {
  let failures = 0;
  while (!signal.aborted) {
    const once = new AbortController();
    const end = () => once.abort();
    signal.addEventListener("abort", end);
    addEventListener("offline", end);
    try {
      const answer = await session.ask("/api/v1/moderation/events", { isStream: true, signal: once.signal });
      heard.connection(true);
      failures = 0;
      await readEvents(/** @type {ReadableStream<Uint8Array>} */ (answer.body), heard, once);
    } catch {
      // comes back below, whatever it was
    }
    signal.removeEventListener("abort", end);
    removeEventListener("offline", end);
    if (signal.aborted) return;
    if (failures > 0 || !navigator.onLine) heard.connection(false);
    await pause(WAITS_MS[Math.min(failures++, WAITS_MS.length - 1)]);
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {Heard} heard
 * @param {AbortController} once
 */
async function readEvents(body, heard, once) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  let text = "";
  for (;;) {
    const late = setTimeout(() => once.abort(), SILENCE_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(late));
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (name && data) heard.event(name, JSON.parse(data));
    }
  }
}

/** @param {number} ms Ends earlier when the network is back. */
function pause(ms) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve(undefined);
    };
    const timer = setTimeout(go, ms);
    addEventListener("online", go);
  });
}
