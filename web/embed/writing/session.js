import { ask, Problem } from "../../shared/api.js";
import { remember, remembered } from "../visit.js";

/** An access token is renewed when it lives this much longer at most. */
const EARLY_MS = 20_000;

/** @typedef {import("../reading.js").Schemas["MeView"]} Me */

/** One for each service, whatever number of discussions a page has. @type {Map<string, Session>} */
const sessions = new Map();

/** @param {string} service */
export function sessionOf(service) {
  const session = sessions.get(service) ?? new Session(service);
  sessions.set(service, session);
  return session;
}

/**
 * Who is signed in. The access token stands in memory alone; the refresh token is a cookie of the service that no script reads.
 * Told by `change` events.
 */
export class Session extends EventTarget {
  /** @type {string | null} */
  #token = null;
  #endsAt = 0;
  /** @type {Promise<boolean> | null} */
  #renewing = null;
  /** How to sign on again by the page's word. @type {(() => Promise<boolean>) | null} */
  #again = null;
  /** @type {Promise<boolean>} */
  #line = Promise.resolve(false);
  /** @type {unknown} */
  #usedToken = null;
  /** @type {Me | null} */
  me = null;

  /** @param {string} service */
  constructor(service) {
    super();
    this.service = service;
    this.flag = `rejoinder:signed-in:${service}`;
    addEventListener("storage", (event) => {
      if (event.key === this.flag || event.key === null) this.#follow(remembered(this.flag));
    });
  }

  get isSignedIn() {
    return this.me !== null;
  }

  /**
   * Goes on as whom one was before, or as whom the page says.
   *
   * @param {string} site
   * @param {any} ssoToken a token, a function that gets one, or nothing
   */
  resume(site, ssoToken) {
    // several discussions of a page begin at once
    this.#line = this.#line.catch(() => false).then(() => this.#resume(site, ssoToken));
    return this.#line;
  }

  /** @param {string} site @param {any} ssoToken */
  async #resume(site, ssoToken) {
    if (ssoToken) {
      this.#again = () => this.#signOn(site, ssoToken);
      if (!this.isSignedIn || typeof ssoToken === "string") await this.#again();
    }
    if (!this.isSignedIn && remembered(this.flag)) await this.#renew();
    return this.isSignedIn;
  }

  /** @param {string} site @param {any} given */
  async #signOn(site, given) {
    const token = typeof given === "function" ? await given() : given;
    if (!token || token === this.#usedToken) return false;
    this.#usedToken = token;
    await this.#begin(`/api/v1/sites/${encodeURIComponent(site)}/sso`, { token });
    return true;
  }

  /** @param {{identifier: string, password: string, code?: string}} credentials */
  signIn(credentials) {
    return this.#begin("/api/v1/sessions", credentials);
  }

  /** @param {{username: string, email: string, password: string}} account @param {Record<string, string>} headers */
  signUp(account, headers) {
    return this.#begin("/api/v1/accounts", account, headers);
  }

  /** By what one came back with from a provider. @param {{code: string, verifier: string}} shown */
  signInByCode(shown) {
    return this.#begin("/api/v1/sessions/oidc", shown);
  }

  /** What somebody did on another page of this website: signed out, or in as somebody else. @param {string | null} account */
  #follow(account) {
    if (!this.me || account === this.me.id) return;
    this.#token = null;
    this.me = null;
    if (account) this.#renew().catch(() => null);
    else this.dispatchEvent(new Event("change"));
  }

  async signOut() {
    // with the cookie's header, so that the browser forgets it
    await this.call("/api/v1/sessions/current", { method: "DELETE", isSession: true }).catch(() => null);
    this.#forget();
  }

  /** Reads anew who one is. */
  async look() {
    this.me = await this.call("/api/v1/me");
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Asks as who is signed in; a token that is over is renewed first.
   *
   * @param {string} path
   * @param {import("../../shared/api.js").Asked} [asked]
   * @returns {Promise<any>}
   */
  async call(path, asked = {}) {
    if (!this.#token || Date.now() > this.#endsAt) await this.#renew();
    try {
      return await ask(this.service, path, { ...asked, token: this.#token });
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== "unauthenticated" || !(await this.#renew(true)))
        throw problem;
      return ask(this.service, path, { ...asked, token: this.#token });
    }
  }

  /** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] */
  async #begin(path, body, headers) {
    this.#take(await ask(this.service, path, { method: "POST", body, headers, isSession: true }));
    await this.look();
  }

  /** @param {import("../reading.js").Schemas["TokensView"]} tokens */
  #take(tokens) {
    this.#token = tokens.access_token;
    this.#endsAt = Date.now() + tokens.expires_in * 1_000 - EARLY_MS;
    // who it is, so that other pages see that it is somebody else
    remember(this.flag, tokens.account_id);
  }

  /**
   * True if one is signed in then. Several that ask at once wait for one answer, and pages of one website for each other, since
   * a refresh token is good for once.
   */
  #renew(isCertain = false) {
    if (isCertain) this.#token = null;
    this.#renewing ??= this.#renewNow().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #renewNow() {
    if (!remembered(this.flag)) return false;
    const renew = () => ask(this.service, "/api/v1/sessions/refresh", { method: "POST", body: {}, isSession: true });
    try {
      this.#take(await (navigator.locks ? navigator.locks.request(this.flag, renew) : renew()));
    } catch (problem) {
      // a lost connection ends no session
      if (!(problem instanceof Problem) || problem.isPassing || problem.status === 429) throw problem;
      this.#forget();
      return (await this.#again?.().catch(() => false)) ?? false;
    }
    if (!this.me) await this.look();
    return true;
  }

  #forget() {
    this.#token = null;
    this.me = null;
    remember(this.flag, null);
    this.dispatchEvent(new Event("change"));
  }
}
