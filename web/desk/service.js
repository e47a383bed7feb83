// The service, as somebody signed in asks it.

import { ask, Problem, query } from "../shared/api.js";

export { Problem, query };

/** @typedef {import("../shared/api.js").Asked} Asked */

/** The desk is served by the service itself. */
const SERVICE = "";
/** What begins or renews a session carries the refresh token in a cookie of the desk's own. */
const isSession = "desk";
/** So often it is asked for a session that this browser may have, before somebody is asked for the password. */
const RESUME_TRIES_MAX = 4;
/** So long before it ends a token is renewed. */
const EARLY_MS = 30_000;

/** All desks of this browser renew by one cookie, which is good for once: one after the other. */
const RENEWAL = "rejoinder-desk-renewal";
/** Others wait no longer than that for an answer which does not come. */
const RENEWAL_MAX_MS = 20_000;

/** New tokens, by the cookie that no script reads. */
function refreshed() {
  const renew = () => {
    const signal = AbortSignal.timeout(RENEWAL_MAX_MS);
    return ask(SERVICE, "/api/v1/sessions/refresh", { method: "POST", body: {}, isSession, signal });
  };
  return navigator.locks ? navigator.locks.request(RENEWAL, renew) : renew();
}

/** @param {unknown} problem Whether it says nothing about the session: nobody answered, or nobody had time. */
const isPassing = (problem) =>
  !(problem instanceof Problem) || problem.isPassing || problem.status === 429 || problem.status === 500;

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
    return new Session(await ask(SERVICE, "/api/v1/sessions", { method: "POST", body, isSession }));
  }

  /** The session that this browser still has; null if it has none. Waits for a service that is away. */
  static async resume() {
    for (let tries = 0; ; tries++) {
      try {
        return new Session(await refreshed());
      } catch (problem) {
        if (!isPassing(problem) || tries >= RESUME_TRIES_MAX) return null;
        await new Promise((resolve) => setTimeout(resolve, 500 * (tries + 1)));
      }
    }
  }

  async renew() {
    this.renewal ??= this.#renew().finally(() => (this.renewal = null));
    await this.renewal;
  }

  async #renew() {
    try {
      const tokens = await refreshed();
      // somebody else signed in at another desk of this browser: nothing is done in his name
      if (tokens.account_id === this.accountId) return this.take(tokens);
      await this.signInAgain();
    } catch (problem) {
      if (isPassing(problem)) throw problem;
      await this.signInAgain();
    }
  }

  /**
   * What the service answers to who is signed in; renews what has ended, and lets who has to prove himself do so.
   *
   * @param {string} path
   * @param {Asked} [asked]
   */
  async ask(path, asked) {
    if (Date.now() > this.endsAt - EARLY_MS) await this.renew();
    for (let tries = 0; ; tries++) {
      const token = this.token;
      try {
        return await ask(SERVICE, path, { ...asked, token });
      } catch (problem) {
        if (!(problem instanceof Problem) || tries > 1) throw problem;
        if (problem.code === "unauthenticated") await (token === this.token ? this.renew() : null);
        else if (problem.code !== "proof_needed" || !(await this.prove())) throw problem;
      }
    }
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
    // as what carries a cookie, so that the browser forgets it
    await this.ask("/api/v1/sessions/current", { method: "DELETE", isSession }).catch(() => {});
  }
}
