// The demo in Firefox: a visitor replies, it is approved at the desk, and arrives. What Chromium's tests look at is not looked at
// again; this tells whether another engine runs it at all.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { screenshot } from "./browser.js";
import { startDemo } from "./demo.js";

const PLACES = [process.env.FIREFOX ?? "", "/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** @type {import("puppeteer-core").Browser} */
let firefox;
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
/** What pages did that none may do. @type {string[]} */
const faults = [];

before(async () => {
  const executablePath = PLACES.find((place) => existsSync(place));
  assert.ok(executablePath, "Firefox is not here: on Debian, apt-get install firefox-esr; or FIREFOX=its-program");
  demo = await startDemo();
  firefox = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
});
after(async () => {
  await firefox?.close();
  await demo?.stop();
});

/** Somebody's page, with a session of his own. @param {string} address */
async function open(address) {
  const context = await firefox.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.evaluateOnNewDocument(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} forbids ${blockedURI}`);
    });
  });
  await page.goto(address);
  return page;
}

/** Waits until the discussion, or else the page, says this. @param {import("puppeteer-core").Page} page @param {string} text */
const shown = (page, text) =>
  page.waitForFunction(
    (wanted) => {
      const root = document.querySelector("rejoinder-discussion")?.shadowRoot ?? document.body;
      return root.textContent?.includes(wanted);
    },
    { polling: 100 },
    text,
  );

test("Firefox shows the discussion and the desk: a reply is posted, approved, and arrives", async () => {
  const page = await open(demo.url);
  await page.locator(".stories h2 a").click();
  await shown(page, "16 answers to KC's View");
  // changes below a shadow root wake no waiting of the library's own
  const within = async (/** @type {string} */ selector) => {
    const find = (/** @type {string} */ wanted) =>
      document.querySelector("rejoinder-discussion")?.shadowRoot?.querySelector(wanted);
    const found = await page.waitForFunction(find, { polling: 100 }, selector);
    return /** @type {import("puppeteer-core").ElementHandle<HTMLElement>} */ (found.asElement());
  };
  /** @param {string} selector */
  const press = async (selector) => (await within(selector)).evaluate((button) => button.click());
  await press(".invitation");
  await (await within("textarea")).type("Small talk, from another engine.");
  await press(".box .go");
  await (await within("input[name=identifier]")).type("ruth-bakes");
  await page.keyboard.press("Tab");
  await page.keyboard.type(demo.passwordOf("ruth-bakes"));
  await page.keyboard.press("Enter");
  await shown(page, "Waits for a moderator. Only you see it.");
  await shown(page, "Signed in as Ruth");
  await screenshot(page, "firefox-story");

  const desk = await open(`${demo.url}/desk`);
  // a page that is not in front is not drawn
  await desk.bringToFront();
  await (await desk.waitForSelector("input"))?.type("ines-t");
  await (await desk.waitForSelector("input[type=password]"))?.type(demo.passwordOf("ines-t"));
  await desk.keyboard.press("Enter");
  await shown(desk, "Small talk, from another engine.");
  await desk.locator("::-p-text(Small talk, from another)").click();
  await screenshot(desk, "firefox-desk");
  await desk.keyboard.press("a");

  await page.bringToFront();
  await shown(page, "17 answers to KC's View");
  await within(".mark.own");
  // a session lasts over a reload here too
  await page.reload();
  await shown(page, "Signed in as Ruth");
  assert.deepEqual(faults, []);
});
