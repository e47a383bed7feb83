// An admin's desk, with what tests of it do again and again.

import { readFile } from "node:fs/promises";
import { deskWorld } from "./desk_world.js";

export const SITE = "/api/v1/sites/kettle-news";

/**
 * A site whose admin, boss, is at his desk.
 *
 * @param {Record<string, string>} [variables] of the service
 */
export async function adminDesk(variables) {
  const it = await deskWorld(variables);
  const boss = await it.deskOf("boss", { permissions: ["clipboard-read", "clipboard-write"], acceptDownloads: true });
  /** @param {string} name @param {import("playwright-core").Page} [page] */
  const press = (name, page = boss) => page.getByRole("button", { name, exact: true }).click();
  return {
    ...it,
    boss,
    press,

    /** @param {object} body */
    patchSite: (body) => it.service.ask(SITE, { method: "PATCH", body, token: it.service.admin.token }),

    /** What the file is called and holds that this button saves. @param {string} name */
    async downloaded(name) {
      const [file] = await Promise.all([boss.waitForEvent("download"), press(name)]);
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
    },
  };
}

/**
 * Another page of the desk.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} address behind the `#`
 */
export async function go(page, address) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, address);
  await page.locator("main.other").getByText("Reading…").waitFor({ state: "detached" });
}

/** What the focus is on, in words. @param {import("playwright-core").Page} page */
export const focused = (page) => page.evaluate(() => document.activeElement?.textContent);

/** What one test left open stands in no other's way. @param {import("playwright-core").Page} page */
export const closeDialogs = (page) =>
  page.evaluate(() => document.querySelectorAll("dialog").forEach((dialog) => dialog.close()));
