// The provider of OpenID Connect that the service's own tests talk to (tests/oidc), as a process of its own.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const ROOT = new URL("../../", import.meta.url).pathname;

/**
 * Starts one that leads people back to this service.
 *
 * @param {import("./service.js").Service} service
 */
export async function startProvider(service) {
  await promisify(execFile)(`${ROOT}scripts/prepare-oidc`);
  const ways = { callback: `${service.url}/api/v1/oidc/callback` };
  const script = `${ROOT}target/oidc-provider/provider.mjs`;
  const child = spawn("node", [script, JSON.stringify(ways)], { stdio: ["ignore", "pipe", "ignore"] });
  /** @type {string} */
  const url = await new Promise((found, missed) => {
    child.once("exit", () => missed(new Error("the provider ended")));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.includes('"issuer"')) found(JSON.parse(line).issuer);
    });
  });
  return {
    url,
    secret: "what the provider gave",

    /** Who it takes a page's reader for from now on; `nobody` goes away again. @param {import("playwright-core").Page} page @param {string} person */
    async nextIs(page, person) {
      await page.context().clearCookies({ domain: "127.0.0.1", name: /^_/ });
      // the first request of the way there: what it is given along goes all the way
      const beginning = "**/api/v1/sites/*/oidc/*";
      await page.unroute(beginning);
      await page.route(beginning, (route) =>
        route.continue({ headers: { ...route.request().headers(), "x-person": person } }),
      );
    },

    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
