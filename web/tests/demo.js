// The demo as a process of its own, with a folder of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, freePort } from "./service.js";

/** Starts it. */
export async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), "rejoinder-demo-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH ?? "", DATA_DIR: folder, LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: url };
  const demo = spawn(BINARY, ["demo"], { cwd: folder, env, stdio: "ignore" });
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  for (let tries = 0; !(await isReady()); tries++) {
    assert.ok(tries < 600 && demo.exitCode === null, "the demo is served");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const lines = (await readFile(join(folder, "demo-accounts.txt"), "utf8")).trim().split("\n");
  const passwords = new Map(lines.map((line) => /** @type {[string, string]} */ (line.split(" "))));
  return {
    url,
    /** @param {string} username */
    passwordOf: (username) => passwords.get(username) ?? assert.fail(`${username} has a password`),
    async stop() {
      if (demo.exitCode === null) {
        demo.kill("SIGTERM");
        await once(demo, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
