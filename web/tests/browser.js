// Chromium, whose pages fail the test by whatever nobody would see: errors in scripts, reports of a policy, requests to others.

import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const SCREENSHOTS = new URL("../../target/screenshots/", import.meta.url).pathname;
// the one without windows works half as long for the same pages
const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];

export const PHONE = { width: 360, height: 740 };
/** A desktop's window at 200 %. */
const ENLARGED = { width: 640, height: 400 };
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
    const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
    assert.ok(executablePath, `Chromium is not here: none of ${PLACES.join(", ")}; or CHROMIUM=its-program`);
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
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
      });
    });
    context.setDefaultTimeout(30_000);
    // also those that it opens
    context.on("page", (page) => this.#watch(page, origins));
    return context.newPage();
  }

  /**
   * @param {import("playwright-core").Page} page
   * @param {string[]} origins
   */
  #watch(page, origins) {
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
  }

  /** Fails if a page did what none may do. */
  check() {
    assert.deepEqual(this.faults.splice(0), []);
  }
}

/** What axe looks at. */
const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
/** What differs between the colour schemes. */
const COLOR_RULES = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/**
 * Fails if axe finds anything, in either colour scheme. It runs as the page's debugger does, whatever the page's policy forbids.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} what
 * @param {{within?: string}} [how] `within`: the selector of a part
 */
export async function checkAccess(page, what, { within } = {}) {
  // colours of the reader's own are not the page's to choose
  if (await page.evaluate(() => matchMedia("(forced-colors: active)").matches))
    return runAxe(page, what, within, { ...RULES, rules: { "color-contrast": { enabled: false } } });
  await runAxe(page, what, within, RULES);
  const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const [present, other] = isDark ? /** @type {const} */ (["dark", "light"]) : /** @type {const} */ (["light", "dark"]);
  await page.emulateMedia({ colorScheme: other });
  await runAxe(page, `${what}, ${other}`, within, COLOR_RULES);
  await page.emulateMedia({ colorScheme: present });
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} what
 * @param {string | undefined} within
 * @param {object} rules
 */
async function runAxe(page, what, within, rules) {
  const session = await page.context().newCDPSession(page);
  const run = async (/** @type {string} */ expression) => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
    return result.value;
  };
  if ((await run("typeof axe")) === "undefined") await run(`${await readFile(AXE, "utf8")}; null`);
  const options = { resultTypes: ["violations"], ...rules };
  const part = within ? `document.querySelector(${JSON.stringify(within)})` : "document";
  const found = await run(`axe.run(${part}, ${JSON.stringify(options)})
    .then((found) => JSON.stringify(found.violations
      .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => [html, failureSummary]) }))))`);
  await session.detach();
  assert.deepEqual(JSON.parse(found), [], what);
}

/**
 * Keeps what is seen, to be looked at, in target/screenshots: where SCREENSHOTS is set, as making them takes time.
 *
 * @param {{screenshot(options: {path: `${string}.png`}): Promise<unknown>}} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  if (!process.env.SCREENSHOTS) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}

/**
 * Looks at a view in both colour schemes, enlarged, and on a telephone: nothing may be wider than the page.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function look(page, name) {
  await checkAccess(page, name);
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const size = page.viewportSize();
  for (const viewport of [ENLARGED, PHONE]) {
    await page.setViewportSize(viewport);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= viewport.width, `${name}: ${width} wide`);
  }
  await screenshot(page, `${name}-phone`);
  if (size) await page.setViewportSize(size);
}
