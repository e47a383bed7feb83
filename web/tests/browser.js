// Chromium, whose pages fail the test by whatever nobody would see: errors in scripts, reports of a policy, requests to others.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const SCREENSHOTS = new URL("../../target/screenshots/", import.meta.url).pathname;
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1360, height: 850 };

export class Browser {
  /** @param {import("playwright-core").Browser} chromium */
  constructor(chromium) {
    this.chromium = chromium;
    /** What pages did that none may do. @type {string[]} */
    this.faults = [];
  }

  static async start() {
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    return new Browser(await chromium.launch({ executablePath, args: [...FLAGS, "--disable-sync", ...root] }));
  }

  async stop() {
    await this.chromium.close();
  }

  /**
   * A page of somebody with a browser of his own.
   *
   * @param {string[]} origins those that it may ask
   * @param {import("playwright-core").BrowserContextOptions} options
   */
  async page(origins, options = {}) {
    const context = await this.chromium.newContext({
      viewport: DESKTOP,
      locale: "en",
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => this.faults.push(`error: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      // an answer that says no, or none: the page's to handle
      if (message.text().startsWith("Failed to load resource") && message.location().url.includes("/api/")) return;
      this.faults.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && !origins.includes(origin)) this.faults.push(`request to ${request.url()}`);
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
      });
    });
    return page;
  }

  /** Fails if a page did what none may do. */
  check() {
    assert.deepEqual(this.faults.splice(0), []);
  }
}

/**
 * Fails if axe finds anything serious. It runs as the page's debugger does, whatever the page's policy forbids.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} what
 */
export async function checkAccess(page, what) {
  const session = await page.context().newCDPSession(page);
  const expression = `${await readFile(AXE, "utf8")};
    axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
      .then((found) => JSON.stringify(found.violations.filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => [html, failureSummary]) }))))`;
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
  assert.deepEqual(JSON.parse(result.value), [], what);
}

/**
 * Keeps what is seen, to be looked at, in target/screenshots.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}
