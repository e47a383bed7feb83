// The desk by a keyboard and nothing else: no pointer, and no element that the test gives the focus to.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { checkAccess, DESKTOP } from "./browser.js";
import { checkDialog, Keyboard } from "./desk_access.js";
import { deskWorld } from "./desk_world.js";

/** @type {Awaited<ReturnType<typeof deskWorld>>} */
let it;
/** @type {import("playwright-core").Page} The admin's desk. */
let page;
/** @type {Keyboard} */
let keys;

before(async () => {
  it = await deskWorld();
  const [first] = await it.post(3);
  await it.mona.decide(first, "approve");
  await it.mona.put(`/api/v1/replies/${first.id}/feature`, {});
  page = await it.browser.page([it.service.url]);
  keys = new Keyboard(page);
});
after(() => it?.stop());
beforeEach(() => keys.check());

test("the queue is reached and worked on", async () => {
  await keys.signIn(it.service.url, "boss");
  await page.locator(".item h1").waitFor();
  await keys.to("Skip to the content");
  await keys.press("Enter");
  await keys.isInside("the reply");
  for (const button of ["Reject", "Return", "Note"]) await keys.lookInto(button);
  await keys.to("Approve", "Shift+Tab");
  await keys.press("Space");
  await it.waitingBecomes(1);
  await keys.isInside("the next reply");
  await keys.to("Undo");
  await keys.press("Enter");
  await it.waitingBecomes(2);
  await keys.isInside("what came back");
  await keys.to(/^Select .* reply$/, "Shift+Tab");
  await keys.press("Space");
  await page.locator(".selection").getByText("1 selected").waitFor();
  assert.match((await keys.look("a row"))?.name ?? "", /^Select /, "the focus is where it was");
  await keys.press("s");
  await keys.said("1 reply is marked as spam.");
  await checkDialog(page, "many");
  await keys.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.match((await keys.look("a row"))?.name ?? "", /^Select /, "the focus is back");
  // a reason by its key leads on to the next reply, and to nothing else
  await keys.press("Escape", "r");
  await checkDialog(page, "reject");
  const before = await page.locator(".item h1").elementHandle();
  await keys.press("o");
  await page.locator("dialog").waitFor({ state: "detached" });
  await it.waitingBecomes(1);
  await page.locator(".item h1").waitFor();
  const at = await page.evaluate((was) => {
    const heading = document.querySelector(".item h1");
    return { isOther: heading !== was, isAt: document.activeElement === heading };
  }, before);
  assert.deepEqual(at, { isOther: true, isAt: true });
  await keys.press("?");
  await checkDialog(page, "help");
  // who dictates, or types by accident, switches them off
  await keys.to("Single keys do this");
  await keys.press("Space", "Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await keys.press("?");
  await keys.to("Help", "Shift+Tab");
  await keys.press("Enter");
  await checkDialog(page, "help by its button");
  assert.equal(await page.locator("dialog").count(), 1, "the key opened none");
  await keys.to("Single keys do this");
  await keys.press("Space", "Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await keys.press("?");
  await checkDialog(page, "help by its key again");
  await keys.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  keys.check();
  it.browser.check();
});

test("enlarged to 200 % the queue is worked on in the list, and in the reply", async () => {
  await page.setViewportSize({ width: 640, height: 400 });
  for (const text of ["The first of them.", "The second of them, which is long. ".repeat(30), "The third one."])
    await it.readers[1].reply(it.story, text);
  await it.waitingBecomes(4);
  await page.reload();
  await page.locator(".rows .row").nth(3).waitFor();
  const row = () => page.evaluate(() => document.activeElement?.matches('.row[aria-current="true"] > button'));
  await keys.to("Skip to the content");
  await keys.press("Enter");
  await keys.isInside("the list");
  await keys.press("a");
  await it.waitingBecomes(3);
  await page.waitForFunction(() => document.activeElement?.matches('.row[aria-current="true"] > button'));
  await keys.look("the next row");
  await keys.press("r", "o");
  await it.waitingBecomes(2);
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.matches('.row[aria-current="true"] > button'));
  await keys.look("the row after it");
  await keys.press("Enter");
  await keys.isInside("a reply");
  for (const button of ["Reject", "Return", "Note"]) await keys.lookInto(button);
  await keys.to("Next");
  await keys.walk("a reply");
  await keys.to("All replies", "Shift+Tab");
  await keys.press("Enter");
  assert.ok(await row(), "back at its row");
  await keys.press("Enter", "a");
  await it.waitingBecomes(1);
  await keys.isInside("the next reply");
  await page.setViewportSize(DESKTOP);
  keys.check();
  it.browser.check();
});

test("a site is run", async () => {
  await keys.turnTo("Site");
  await keys.to("Tagline");
  await keys.type("Steam and copper");
  await keys.to(/^Every reply waits/);
  await keys.press("ArrowDown", "ArrowUp", "Enter");
  await keys.said("Saved. It holds from now on.");
  await keys.isInside("what was saved");
  assert.ok((await keys.walk("settings")) > 15);

  await keys.turnPage("Stories");
  await keys.to(/^Kettles get smaller/);
  await keys.press("Enter");
  await keys.said("Featured replies");
  await keys.isInside("a story");
  await keys.to("Close it");
  await keys.press("Enter");
  await keys.said("takes no replies any more");
  await keys.isInside("a closed story");
  await keys.to("Reopen it");
  await keys.press("Space");
  await keys.said("takes replies again");
  await keys.walk("a story");

  await keys.turnPage("Roles");
  await keys.lookInto("Take away: mona, moderator");
  await keys.to("Name or account id");
  await keys.type("ann-reads");
  await keys.press("Enter");
  await keys.said("Make author");
  await keys.to("Make author: ann-reads");
  await keys.press("Enter");
  await keys.said("ann-reads is an author now.");
  await keys.isInside("a role that was given");
  await keys.walk("roles");

  await keys.turnPage("Badges");
  await keys.lookInto("Change: Verified");
  await keys.to("Make a badge", "Shift+Tab");
  await keys.press("Enter");
  await checkDialog(page, "a new badge");
  await keys.type("Smith");
  await keys.press("Enter");
  await keys.said("The badge “Smith” is there.");
  await keys.isInside("a badge that was made");
  await keys.lookInto("Delete: Smith");
  await keys.to("Who has it: Smith", "Shift+Tab");
  await keys.press("Enter");
  await keys.said("Nobody has it yet.");
  await keys.isInside("a badge");
  await keys.to("Name or account id");
  await keys.type("bela");
  await keys.press("Enter");
  await keys.said("Give it");
  await keys.to("Give it: bela");
  await keys.press("Enter");
  await keys.said("bela has it now.");
  await keys.lookInto("Take back: bela");
  await keys.walk("a badge");

  await keys.turnPage("Keys");
  await keys.to("Make a key");
  await keys.press("Enter");
  await checkDialog(page, "a new key");
  await keys.type("The blog");
  await keys.to(/^Read numbers/);
  await keys.press("Space", "Enter");
  await keys.said("It is shown this once.");
  await checkDialog(page, "a secret");
  await keys.to("I have kept it");
  await keys.press("Enter");
  await keys.said("The key is there.");
  await keys.isInside("a key that was made");
  await keys.lookInto("New secret: The blog");
  await keys.lookInto("Revoke: The blog");
  await keys.walk("keys");

  await keys.turnPage("Sign-on");
  await keys.to("Register an issuer");
  await keys.press("Enter");
  await keys.said("A new issuer");
  await keys.isInside("a new issuer");
  await keys.to("Its name in addresses");
  await keys.type("blog");
  await keys.press("Tab");
  await keys.type("https://blog.example");
  await keys.press("Enter");
  await keys.said("It is shown this once.");
  await checkDialog(page, "an issuer’s secret");
  await keys.press("Escape");
  await keys.said("changed now");
  await keys.isInside("issuers");
  await keys.lookInto("Delete: blog");
  await keys.walk("sign-on");

  for (const label of ["Outside check", "New site"]) {
    await keys.turnPage(label);
    assert.ok((await keys.walk(label)) > 5);
  }
  keys.check();
  it.browser.check();
});

test("rules are tried and looked after", async () => {
  await keys.turnTo("Rules");
  await keys.to("Words that hold a reply, one a line");
  await keys.type("\ncopper");
  await keys.to("A text to try");
  await keys.type("What does the copper cost?");
  await keys.to("Try this text");
  await keys.press("Enter");
  await keys.said("It would be held.");
  await keys.to("Try on the last 1,000 replies");
  await keys.press("Space");
  await page.getByRole("img", { name: "What this policy would do" }).waitFor();
  assert.equal((await keys.look("a simulation"))?.name, "Try on the last 1,000 replies", "the focus stays");
  await keys.to("As a table");
  await keys.press("Enter");
  await keys.to("What the rules would do");
  await keys.to("Switch it on");
  await keys.press("Enter");
  await keys.said("The rules hold from now on.");
  await keys.isInside("rules that hold");
  assert.ok((await keys.walk("rules")) > 40);

  for (const label of ["Lists", "Refusals and sanctions"]) {
    await keys.turnPage(label);
    assert.ok((await keys.walk(label)) > 5);
  }
  await keys.turnPage("Versions and runs");
  await keys.lookInto("What it changed: version 2");
  await keys.lookInto("Restore version 1");
  await keys.to("Run them again", "Shift+Tab");
  await keys.press("Enter");
  await keys.said("0 replies are public now");
  await keys.isInside("a run");
  await keys.walk("versions");
  await keys.turnPage("Classifier");
  await keys.walk("classifier");
  keys.check();
  it.browser.check();
});

test("log and numbers are read", async () => {
  await keys.turnTo("Log");
  await keys.to("What was done");
  await keys.type("changed the rules");
  await page.locator(".log > li").first().waitFor();
  assert.equal((await keys.look("the log"))?.name, "What was done");
  await page.locator(".log").getByText("gave a badge").waitFor({ state: "detached" });
  await keys.to("Details");
  await keys.press("Enter");
  await keys.walk("log");
  await keys.turnPage("Verify");
  await keys.to(/^Check it now/);
  await keys.press("Enter");
  await keys.said(/The log holds/);
  await keys.isInside("what was found");
  await keys.walk("the chain");

  await keys.turnPage("Of no site");
  await keys.walk("the log of no site");

  await keys.turnTo("Numbers");
  await keys.to("Which days");
  const before = await page.locator(".tiles").elementHandle();
  await keys.press("ArrowDown");
  await page.waitForFunction((old) => !old?.isConnected && document.querySelector(".tiles"), before);
  await keys.isInside("other days");
  assert.equal((await keys.look("other days"))?.name, "Which days", "the focus stays");
  await page.getByRole("img").first().waitFor();
  await keys.to("As a table");
  await keys.press("Space");
  await keys.to("Replies a day");
  await keys.walk("statistics");
  await keys.turnPage("Transparency report");
  await keys.walk("the report");
  keys.check();
  it.browser.check();
});

test("who has colours of his own sees where he is", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  await keys.turnTo("Site");
  await checkAccess(page, "settings in forced colours");
  await keys.walk("settings");
  await keys.turnTo("Queues");
  await checkAccess(page, "queues in forced colours");
  // that of several one is chosen is not told by a ground that is not there
  for (const several of [".tabs a", ".queues li button"]) {
    const grounds = await page
      .locator(several)
      .evaluateAll((all) => all.map((one) => [one.ariaCurrent !== null, getComputedStyle(one).backgroundColor]));
    const [chosen, ...others] = grounds.sort(([is]) => (is ? -1 : 1)).map(([, ground]) => ground);
    assert.ok(others.length > 1 && !others.includes(chosen), several);
  }
  await page.emulateMedia({ forcedColors: null });
  keys.check();
});
