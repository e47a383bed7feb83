// The service's own pages in a browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, checkAccess, look } from "./browser.js";
import { Service } from "./service.js";

/** @type {Service} */
let service;
/** @type {Browser} */
let browser;

before(async () => {
  service = await Service.start();
  browser = await Browser.start();
});
after(async () => {
  await browser?.stop();
  await service?.stop();
});

test("the welcome page runs nothing that its policy forbids and can be used by anyone", async () => {
  const page = await browser.page([service.url]);
  await page.goto(service.url);
  assert.equal(await page.title(), "Rejoinder");
  await look(page, "welcome");
  browser.check();
});

test("the API's documents show their operations without an error", async () => {
  const page = await browser.page([service.url]);
  await page.goto(`${service.url}/docs/`);
  await page.getByText("Posting, editing, withdrawing").first().click();
  await page.getByText("/api/v1/replies/preview").first().waitFor();
  browser.check();
});

test("the pages that mailed links open run nothing that their policies forbid and can be used by anyone", async () => {
  const page = await browser.page([service.url]);
  for (const path of ["/account/email", "/account/email-back", "/account/password"]) {
    await page.goto(`${service.url}${path}#token=none`);
    await checkAccess(page, path);
  }
  browser.check();
});
