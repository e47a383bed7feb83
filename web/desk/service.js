// The service, as somebody signed in asks it.

/** What the service answered instead of what was asked for (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status 0: there was no answer
   * @param {any} body
   * @param {number} retryAfterSecs
   */
  constructor(status, body, retryAfterSecs = 0) {
    super(body?.detail ?? body?.errors?.[0]?.detail ?? body?.title ?? `status ${status}`);
    this.status = status;
    /** @type {string} */
    this.code = body?.code ?? (status ? "internal" : "unreachable");
    this.body = body ?? {};
    this.retryAfterSecs = retryAfterSecs;
  }

  /** Whether the same may be asked again by itself: nobody answered, or nobody had time. */
  get isPassing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {unknown} [body] sent as JSON
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * @param {string} path
 * @param {Asked & {token?: string}} asked
 * @returns {Promise<Response>} one that is good
 */
async function send(path, { method = "GET", body, headers = {}, signal, token }) {
  /** @type {Record<string, string>} */
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (token) sent.Authorization = `Bearer ${token}`;
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? body : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, null);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Problem(answer.status, told, Number(answer.headers.get("Retry-After")) || 0);
}

/** @param {Response} answer */
async function read(answer) {
  const text = await answer.text().catch(() => {
    throw new Problem(0, null);
  });
  return text ? JSON.parse(text) : null;
}

/** The header by which the service keeps the refresh token in a cookie of the desk's own. */
const KEPT_BY_COOKIE = { "Rejoinder-Refresh": "desk" };
/** So long before it ends a token is renewed. */
const EARLY_MS = 30_000;

/** New tokens, by the cookie that no script reads. */
async function refreshed() {
  return read(await send("/api/v1/sessions/refresh", { method: "POST", body: {}, headers: KEPT_BY_COOKIE }));
}

/** Somebody's session. The access token is in memory alone. */
export class Session {
  /** @param {any} tokens */
  constructor(tokens) {
    /** @type {string} */
    this.accountId = "";
    /** @type {string} */
    this.token = "";
    this.endsAt = 0;
    this.take(tokens);
    /** @type {any} */
    this.me = null;
    /** One renewal at a time. @type {Promise<void> | null} */
    this.renewal = null;
    /** Asks for the password or a code, and says whether it was shown. @type {() => Promise<boolean>} */
    this.prove = async () => false;
    /** Asks to sign in again, as the session has ended. @type {() => Promise<void>} */
    this.signInAgain = async () => {};
  }

  /** @param {any} tokens */
  take(tokens) {
    this.accountId = tokens.account_id;
    this.token = tokens.access_token;
    this.endsAt = Date.now() + tokens.expires_in * 1_000;
  }

  /**
   * @param {string} identifier
   * @param {string} password
   * @param {string} [code]
   */
  static async begin(identifier, password, code) {
    const body = { identifier, password, ...(code ? { code } : {}) };
    return new Session(await read(await send("/api/v1/sessions", { method: "POST", body, headers: KEPT_BY_COOKIE })));
  }

  /** The session that this browser still has; null if it has none. */
  static async resume() {
    try {
      return new Session(await refreshed());
    } catch {
      return null;
    }
  }

  async renew() {
    this.renewal ??= this.#renew().finally(() => (this.renewal = null));
    await this.renewal;
  }

  async #renew() {
    try {
      this.take(await refreshed());
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.isPassing) throw problem;
      await this.signInAgain();
    }
  }

  /**
   * Asks as who is signed in; renews what has ended, and lets who has to prove himself do so.
   *
   * @param {string} path
   * @param {Asked} asked
   * @returns {Promise<Response>}
   */
  async open(path, asked = {}) {
    if (Date.now() > this.endsAt - EARLY_MS) await this.renew();
    for (let tries = 0; ; tries++) {
      const token = this.token;
      try {
        return await send(path, { ...asked, token });
      } catch (problem) {
        if (!(problem instanceof Problem) || tries > 1) throw problem;
        if (problem.code === "unauthenticated") await (token === this.token ? this.renew() : null);
        else if (problem.code !== "proof_needed" || !(await this.prove())) throw problem;
      }
    }
  }

  /**
   * What the service answers.
   *
   * @param {string} path
   * @param {Asked} [asked]
   */
  async ask(path, asked) {
    return read(await this.open(path, asked));
  }

  /** @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
  post(path, body, headers) {
    return this.ask(path, { method: "POST", body, headers });
  }

  /** @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
  put(path, body, headers) {
    return this.ask(path, { method: "PUT", body, headers });
  }

  /** @param {string} path @param {Record<string, string>} [headers] */
  delete(path, headers) {
    return this.ask(path, { method: "DELETE", headers });
  }

  async end() {
    await this.delete("/api/v1/sessions/current").catch(() => {});
  }
}

/**
 * @param {Record<string, string | number | boolean | null | undefined>} params absent ones are left out
 */
export function query(params) {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
