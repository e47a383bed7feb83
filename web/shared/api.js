/** What the service answered instead of what was asked for (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {any} body
   * @param {number} retryAfterSecs 0: it does not say
   */
  constructor(status, body, retryAfterSecs) {
    super(body?.detail ?? body?.title ?? `status ${status}`);
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
 * @property {boolean} [isSession] what begins or renews a session: the one kind of request that carries a cookie
 * @property {AbortSignal} [signal]
 */

/**
 * Asks the service.
 *
 * @param {string} service its origin
 * @param {string} path
 * @param {Asked} [asked]
 * @returns {Promise<any>} the answer; null where it has no body
 */
export async function ask(service, path, { method = "GET", body, token, headers = {}, isSession, signal } = {}) {
  /** @type {Record<string, string>} */
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (token) sent.Authorization = `Bearer ${token}`;
  if (isSession) sent["Rejoinder-Refresh"] = "cookie";
  /** @type {Response} */
  let response;
  try {
    response = await fetch(service + path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: isSession ? "include" : "omit",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, null, 0);
  }
  const text = await response.text().catch(() => {
    throw new Problem(0, null, 0);
  });
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    // a proxy's page instead of the service's answer
  }
  if (!response.ok) throw new Problem(response.status, answer, Number(response.headers.get("Retry-After")) || 0);
  return answer;
}

/**
 * @param {Record<string, string | number | null | undefined>} params absent ones are left out
 * @returns {string}
 */
export function query(params) {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
