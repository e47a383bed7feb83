// The demo as its visitor meets it: he replies, sees it wait, approves it at the desk in the next tab, and sees it arrive.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser, checkAccess, PHONE, screenshot } from "./browser.js";
import { BINARY, freePort } from "./service.js";

/** @type {Browser} */
let browser;
/** @type {import("node:child_process").ChildProcess} */
let demo;
/** @type {string} */
let folder;
/** @type {string} */
let url;
/** By username. @type {Map<string, string>} */
let passwords;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "rejoinder-demo-"));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH ?? "", DATA_DIR: folder, LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: url };
  demo = spawn(BINARY, ["demo"], { cwd: folder, env, stdio: "ignore" });
  for (let tries = 0; ; tries++) {
    if (
      await fetch(`${url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break;
    assert.ok(tries < 600 && demo.exitCode === null, "the demo is served");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const lines = (await readFile(join(folder, "demo-accounts.txt"), "utf8")).trim().split("\n");
  passwords = new Map(lines.map((line) => /** @type {[string, string]} */ (line.split(" "))));
  browser = await Browser.start();
});

after(async () => {
  await browser?.stop();
  if (demo.exitCode === null) {
    demo.kill("SIGTERM");
    await once(demo, "exit");
  }
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} username */
const passwordOf = (username) => passwords.get(username) ?? assert.fail(`${username} has a password`);

test("a visitor's reply waits, is approved at the desk, and arrives without reloading", async () => {
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
  await page.getByLabel("Password", { exact: true }).fill(passwordOf("ruth-bakes"));
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
  await desk.getByLabel("Password").fill(passwordOf("ines-t"));
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
