// A desk whose moderators need a second factor.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, checkAccess, screenshot } from "./browser.js";
import { PASSWORD, Service } from "./service.js";
import { codeOf } from "./totp.js";

/** @type {Service} */
let service;
/** @type {Browser} */
let browser;

before(async () => {
  // the role is granted while staff need none
  service = await Service.start();
  const site = await service.site("kettle-news");
  await site.moderator("mona");
  await service.end();
  service.variables = { ...service.variables, STAFF_2FA: "required" };
  await service.begin();
  browser = await Browser.start();
});
after(async () => {
  await browser?.stop();
  await service?.stop();
});

/** @param {import("playwright-core").Page} page */
async function giveName(page) {
  await page.goto(`${service.url}/desk`);
  await page.getByLabel("Username or e-mail").fill("mona");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
}

test("a moderator sets up the factor that is missing, and is asked for it from then on", async () => {
  const page = await browser.page([service.url]);
  await giveName(page);
  await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
  await checkAccess(page, "setting up");
  await screenshot(page, "desk-second-factor");
  const secret = await page.locator(".secret").innerText();
  await page.getByLabel("Code").fill(codeOf(secret.trim()));
  await page.keyboard.press("Enter");
  const recovery = await page.locator(".codes li").first().innerText();
  await checkAccess(page, "recovery codes");
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("navigation", { name: "Queues" }).waitFor();
  await page.context().close();

  const again = await browser.page([service.url]);
  await giveName(again);
  await again.getByLabel("Code of your device").waitFor();
  await checkAccess(again, "one more step");
  await again.getByLabel("Code of your device").fill("not one");
  await again.keyboard.press("Enter");
  await again.getByText("That code is not good").waitFor();
  await again.getByLabel("Code of your device").fill(recovery);
  await again.keyboard.press("Enter");
  await again.getByRole("navigation", { name: "Queues" }).waitFor();
  await again.context().close();
  assert.ok(recovery);
  browser.check();
});
