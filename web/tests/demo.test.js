// The demo as its visitor meets it: he replies, sees it wait, approves it at the desk in the next tab, and sees it arrive.

import { after, before, test } from "node:test";
import { Browser, checkAccess, PHONE, screenshot } from "./browser.js";
import { startDemo } from "./demo.js";

/** @type {Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;

before(async () => {
  demo = await startDemo();
  browser = await Browser.start();
});

after(async () => {
  await browser?.stop();
  await demo?.stop();
});

test("a visitor's reply waits, is approved at the desk, and arrives without reloading", async () => {
  const { url } = demo;
  const page = await browser.page([url]);
  await page.goto(url);
  await page.getByText("16 replies").first().waitFor();
  await checkAccess(page, "the blog's front page");
  await page.locator(".stories h2 a").first().click();
  await page.getByRole("heading", { name: "16 answers to KC's View" }).waitFor();
  await checkAccess(page, "a story with its discussion");
  await screenshot(page, "demo-story");

  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByRole("textbox").first().fill("Small talk is what I go there *for*.");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.getByLabel("E-mail or username").fill("ruth-bakes");
  await page.getByLabel("Password", { exact: true }).fill(demo.passwordOf("ruth-bakes"));
  await page.keyboard.press("Enter");
  await page.getByText("waits for a moderator").first().waitFor();
  await screenshot(page, "demo-waits");

  // somebody else's browser, before and after
  const other = await browser.page([url], { viewport: PHONE, colorScheme: "dark" });
  await other.goto(page.url());
  await other.getByRole("heading", { name: "16 answers to KC's View" }).waitFor();
  await checkAccess(other, "a story on a telephone in the dark");
  await screenshot(other, "demo-story-phone-dark");

  const desk = await browser.page([url]);
  await desk.goto(`${url}/desk`);
  await desk.getByLabel("Username or e-mail").fill("ines-t");
  await desk.getByLabel("Password").fill(demo.passwordOf("ines-t"));
  await desk.keyboard.press("Enter");
  await desk.getByText("Small talk is what I go there").first().click();
  await screenshot(desk, "demo-desk");
  await desk.keyboard.press("a");

  await other.getByRole("button", { name: "1 new reply" }).click();
  await other.getByText("Small talk is what I go there").waitFor();
  await page.getByRole("heading", { name: "17 answers to KC's View" }).waitFor();
  await page.getByText("waits for a moderator").first().waitFor({ state: "hidden" });
  for (const each of [page, other, desk]) await each.context().close();
  browser.check();
});
