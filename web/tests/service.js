// The service under test: a process of its own on a free port, with a folder and a database of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";

export const PASSWORD = "seven wet umbrellas";

const ROOT = new URL("../../", import.meta.url).pathname;
export const BINARY = process.env.REJOINDER_BINARY ?? join(ROOT, "target/debug/rejoinder");
/** How long a start may take on a machine with much else to do. */
const PATIENCE_MS = 60_000;

/** What limits how fast and how often: a test is faster than any reader. */
const LIMITS_OFF = {
  SIGN_IN_FAILURES_PER_IDENTIFIER: "0",
  SIGN_IN_FAILURES_PER_ADDRESS: "0",
  SIGN_UPS_PER_ADDRESS: "0",
  ACCOUNT_MAILS_PER_HOUR: "0",
  NOTICES_PER_HOUR: "0",
  REPLIES_PER_MINUTE: "0",
  PROOF_OF_WORK: "off",
  PACE_DEAR: "off",
  PACE_POSTING: "off",
  PACE_REPORTING: "off",
  PACE_RECOMMENDING: "off",
  PACE_SIGNING_IN: "off",
  PACE_OTHER: "off",
};

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/**
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {unknown} [body]
 * @property {string} [token]
 * @property {Record<string, string>} [headers]
 */

export class Service {
  /**
   * @param {string} folder
   * @param {number} port
   * @param {Record<string, string>} variables
   */
  constructor(folder, port, variables) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    /** @type {Record<string, string>} */
    this.variables = {
      PATH: process.env.PATH ?? "",
      DATA_DIR: folder,
      LISTEN: `127.0.0.1:${port}`,
      PUBLIC_URL: this.url,
      ...LIMITS_OFF,
      ...variables,
    };
    this.log = "";
    /** @type {import("node:child_process").ChildProcess | undefined} */
    this.process = undefined;
    /** @type {Person | undefined} */
    this.boss = undefined;
  }

  /** Starts one, whose admin is `boss`. */
  static async start(variables = {}) {
    const folder = await mkdtemp(join(tmpdir(), "rejoinder-web-"));
    const service = new Service(folder, await freePort(), variables);
    try {
      await service.run(["migrate"]);
      await service.run(["admin", "create", "--email", "boss@example.org", "--username", "boss"], PASSWORD);
      await service.begin();
      service.boss = await service.signIn("boss");
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /**
   * Runs a command to its end.
   *
   * @param {string[]} args
   * @param {string} input
   */
  async run(args, input = "") {
    const child = spawn(BINARY, args, { cwd: this.folder, env: this.variables });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.stdin.end(input);
    const [code] = await once(child, "close");
    assert.equal(code, 0, `${args.join(" ")}: ${output}`);
    return output;
  }

  /** Begins to serve. */
  async begin() {
    const child = spawn(BINARY, ["serve"], {
      cwd: this.folder,
      env: this.variables,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    child.stdout.on("data", (text) => (this.log += text));
    child.stderr.on("data", (text) => (this.log += text));
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const isReady = await fetch(`${this.url}/readyz`)
        .then((answer) => answer.ok)
        .catch(() => false);
      if (isReady) return;
      assert.equal(child.exitCode, null, `the service ended:\n${this.log}`);
      assert.ok(Date.now() < end, `the service is not ready:\n${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends serving; the data stays. */
  async end() {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await closed;
    clearTimeout(late);
  }

  /** Ends it and takes its folder away. */
  async stop() {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * What it answers.
   *
   * @param {string} path
   * @param {Asked} asked
   */
  async ask(path, { method = "GET", body, token, headers = {} } = {}) {
    const sent = { ...headers };
    if (body !== undefined) sent["Content-Type"] = "application/json";
    if (token) sent.Authorization = `Bearer ${token}`;
    const answer = await fetch(this.url + path, {
      method,
      headers: sent,
      body: body === undefined ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** @param {string} username */
  async signIn(username) {
    const body = { identifier: username, password: PASSWORD };
    return new Person(this, username, await this.ask("/api/v1/sessions", { method: "POST", body }));
  }

  /** @param {string} username */
  async reader(username) {
    const body = { email: `${username}@example.org`, username, password: PASSWORD };
    return new Person(this, username, await this.ask("/api/v1/accounts", { method: "POST", body }));
  }

  /**
   * A site where replies wait for a moderator, and whoever signed up may write.
   *
   * @param {string} key
   * @param {object} settings
   */
  async site(key, settings = {}) {
    const body = { key, name: "Kettle News", moderation_mode: "pre", unproven_accounts: "allow", ...settings };
    await this.admin.post("/api/v1/sites", body);
    return new Site(this, key);
  }

  get admin() {
    assert.ok(this.boss);
    return this.boss;
  }
}

/** Somebody signed in. */
export class Person {
  /**
   * @param {Service} service
   * @param {string} username
   * @param {{account_id: string, access_token: string}} tokens
   */
  constructor(service, username, tokens) {
    this.service = service;
    this.username = username;
    this.id = tokens.account_id;
    this.token = tokens.access_token;
  }

  /** @param {string} path */
  get(path) {
    return this.service.ask(path, { token: this.token });
  }

  /**
   * @param {string} path
   * @param {unknown} body
   */
  post(path, body) {
    return this.service.ask(path, { method: "POST", body, token: this.token });
  }

  /**
   * @param {string} path
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   */
  put(path, body, headers) {
    return this.service.ask(path, { method: "PUT", body, token: this.token, headers });
  }

  /**
   * Posts a reply.
   *
   * @param {{id: string}} story
   * @param {string} text
   * @param {{id: string}} [parent]
   */
  reply(story, text, parent) {
    return this.post(`/api/v1/stories/${story.id}/replies`, { body: text, parent_id: parent?.id ?? null });
  }

  /**
   * Decides about a reply.
   *
   * @param {{id: string, version: number}} reply
   * @param {string} action
   * @param {object} more
   */
  decide(reply, action, more = {}) {
    return this.post(`/api/v1/moderation/replies/${reply.id}/decisions`, { action, version: reply.version, ...more });
  }
}

export class Site {
  /**
   * @param {Service} service
   * @param {string} key
   */
  constructor(service, key) {
    this.service = service;
    this.key = key;
  }

  /**
   * @param {string} externalId
   * @param {object} fields
   * @returns {Promise<{id: string, headline: string}>}
   */
  story(externalId, fields = {}) {
    const body = { headline: `About ${externalId}`, ...fields };
    return this.service.admin.put(`/api/v1/sites/${this.key}/stories/${externalId}`, body);
  }

  /** @param {string} username */
  async moderator(username) {
    const person = await this.service.reader(username);
    await this.service.admin.put(`/api/v1/sites/${this.key}/roles/${person.id}/moderator`);
    return person;
  }

  /** Whether replies wait for a moderator from now on. @param {"pre" | "post"} mode */
  moderated(mode) {
    const body = { moderation_mode: mode };
    const { token } = this.service.admin;
    return this.service.ask(`/api/v1/sites/${this.key}`, {
      method: "PATCH",
      token,
      body,
      headers: { "If-Match": "*" },
    });
  }

  /** @param {object} policy */
  policy(policy) {
    return this.service.admin.put(`/api/v1/sites/${this.key}/policy`, policy, { "If-Match": "*" });
  }
}
