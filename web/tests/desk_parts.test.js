// The desk's parts beside the queues.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkAccess, PHONE, screenshot } from "./browser.js";
import { world } from "./world.js";

/** @type {Awaited<ReturnType<typeof world>>} */
let it;
/** @type {import("./service.js").Person} */
let ann;
/** @type {import("./service.js").Person} */
let mona;

before(async () => {
  it = await world();
  ann = await it.service.reader("ann-reads");
  mona = await it.site.moderator("mona");
  await it.site.moderator("milo");
});
after(() => it?.stop());

/**
 * A part in both colour schemes, of whoever it is.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
async function look(page, name) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    await checkAccess(page, `${name}, ${colorScheme}`);
    await screenshot(page, `desk-${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const size = page.viewportSize();
  await page.setViewportSize(PHONE);
  await screenshot(page, `desk-${name}-phone`);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `${name}: ${width} wide`);
  if (size) await page.setViewportSize(size);
}

test("an appeal is decided by somebody else, with reasons", async () => {
  const posted = await ann.reply(it.story, "The copper is the story, and you left it out.");
  await mona.decide(posted, "reject", { reason: "off_topic", message: "This is about kettles." });
  await ann.post(`/api/v1/replies/${posted.id}/appeal`, { text: "Kettles are made of copper." });
  const page = await it.deskOf("milo");
  await page.getByRole("link", { name: "Appeals" }).click();
  await page.getByText("Kettles are made of copper.").waitFor();
  await look(page, "appeals");
  await page.getByRole("button", { name: "Make it public" }).click();
  await page.getByText("the author is owed reasons").waitFor();
  await page.getByLabel("Your reasons, for the author").fill("Read again: it is about what they are made of.");
  await page.getByRole("button", { name: "Make it public" }).click();
  await page.getByText("Granted: the reply is public.").waitFor();
  await page.context().close();
  it.browser.check();
});

test("somebody is slowed down, and let go again", async () => {
  const page = await it.deskOf("mona");
  await page.getByRole("link", { name: "People" }).click();
  await page.getByLabel("Name").fill("ann-reads");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "ann-reads" }).click();
  await page.getByRole("heading", { name: "Sanctions" }).waitFor();
  await page.getByRole("button", { name: "Sanction", exact: true }).click();
  await page.getByLabel("What", { exact: true }).selectOption("slow");
  await checkAccess(page, "sanction");
  await screenshot(page, "desk-sanction");
  await page.getByLabel("Why, for colleagues").fill("The third insult this week.");
  await page.getByRole("button", { name: "Impose it" }).click();
  await page.getByText("The third insult this week.").waitFor();
  await look(page, "people");
  await page.getByRole("button", { name: "Lift" }).click();
  await page.getByText(", lifted").waitFor();
  await page.context().close();
  it.browser.check();
});

test("the log tells what was done and by whom", async () => {
  const page = await it.deskOf("mona");
  await page.getByRole("link", { name: "Log" }).click();
  await page.getByRole("cell", { name: "appeal granted" }).waitFor();
  await look(page, "log");
  await page.context().close();
  it.browser.check();
});

test("rules are tried on a text and on former replies before they are switched on", async () => {
  const page = await it.deskOf("boss");
  await page.getByRole("link", { name: "Rules" }).click();
  await page.getByLabel("Words that hold a reply, one a line").fill("casino\ncopper");
  await page.getByLabel("A text to try").fill("What does the copper cost?");
  await page.getByRole("button", { name: "Try this text" }).click();
  await page.locator("mark", { hasText: "copper" }).waitFor();
  await page.getByRole("button", { name: "Try on the last 1,000 replies" }).click();
  await page.getByText("that they approved would wait").waitFor();
  await look(page, "rules");
  await page.getByRole("button", { name: "Switch it on" }).click();
  await page.getByText("Version 2.").waitFor();
  await page.context().close();
  it.browser.check();
});

test("numbers are shown as a picture and as a table", async () => {
  const page = await it.deskOf("mona");
  await page.getByRole("link", { name: "Numbers" }).click();
  await page.getByText("replies came").waitFor();
  await page.getByText("As a table").click();
  await look(page, "numbers");
  await page.context().close();
  it.browser.check();
});
