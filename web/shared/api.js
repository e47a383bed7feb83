/** What the service answered instead of what was asked for (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status 0: there was no answer
   * @param {any} body
   * @param {number} retryAfterSecs 0: it does not say
   */
  constructor(status, body, retryAfterSecs) {
    super(body?.detail ?? body?.errors?.[0]?.detail ?? body?.title ?? `status ${status}`);
    this.status = status;
    /** The code out of the service's closed table; `unreachable` where there was no answer. @type {string} */
    this.code = body?.code ?? (status ? "internal" : "unreachable");
    /** @type {{pointer: string, detail: string}[]} */
    this.errors = body?.errors ?? [];
    this.body = body ?? {};
    this.retryAfterSecs = retryAfterSecs;
  }

  /** Whether the same may be tried again by itself: nobody answered, or nobody had time. */
  get isPassing() {
    return this.status === 0 || this.status === 408 || this.status >= 502;
  }
}

/**
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {unknown} [body] sent as JSON
 * @property {string | null} [token]
 * @property {Record<string, string>} [headers]
 * @property {boolean | "desk"} [isSession] what begins or renews a session: the one kind of request that carries a cookie
 * @property {boolean} [isStream] the answer is read by who asked
 * @property {AbortSignal} [signal]
 * @property {boolean} [keepalive]
 * @property {RequestCache} [cache]
 */

/**
 * Asks the service.
 *
 * @param {string} service its origin
 * @param {string} path
 * @param {Asked} [asked]
 * @returns {Promise<any>} the answer; null where it has no body
 */
export async function ask(service, path, { method = "GET", body, token, headers, isSession, isStream, ...how } = {}) {
  /** @type {Record<string, string>} */
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (token) sent.Authorization = `Bearer ${token}`;
  if (isSession) sent["Rejoinder-Refresh"] = isSession === true ? "cookie" : isSession;
  const lost = () => new Problem(0, null, 0);
  const response = await fetch(service + path, {
    method,
    headers: sent,
    body: JSON.stringify(body),
    credentials: isSession ? "include" : "omit",
    ...how,
  }).catch((error) => {
    throw how.signal?.aborted ? error : lost();
  });
  if (isStream && response.ok) return response;
  const text = await response.text().catch(() => {
    throw lost();
  });
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // nothing, or a proxy's page instead of the service's answer
  }
  if (!response.ok) throw new Problem(response.status, answer, Number(response.headers.get("Retry-After")) || 0);
  return answer;
}

/**
 * @param {Record<string, string | number | boolean | null | undefined>} params absent and empty ones are left out
 * @returns {string}
 */
export function query(params) {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
