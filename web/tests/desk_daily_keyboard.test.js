// What moderators do every day beside deciding about one reply, by a keyboard and nothing else.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { checkDialog, Keyboard } from "./desk_access.js";
import { deskWorld } from "./desk_world.js";

/** @type {Awaited<ReturnType<typeof deskWorld>>} */
let it;
/** @type {import("playwright-core").Page} mona's desk. */
let page;
/** @type {Keyboard} */
let keys;

before(async () => {
  it = await deskWorld();
  const { mona, milo, readers } = it;
  const [kettle, , copper, idiot, margin] = await it.post(6);
  await mona.decide(kettle, "approve");
  await readers[2].post(`/api/v1/replies/${kettle.id}/reports`, { reason: "abuse", text: "He shouts at all of us." });
  const { version } = await mona.decide(copper, "approve");
  await readers[1].post(`/api/v1/replies/${copper.id}/notices`, {
    ground: "defamation",
    version,
    is_in_good_faith: true,
    explanation: "It says of me that I took bribes, which the court found to be untrue.",
    law: "Criminal Code, section 186",
  });
  await milo.decide(idiot, "reject", { reason: "abuse", message: "Be kind." });
  await readers[3].post(`/api/v1/replies/${idiot.id}/appeal`, { text: "I said so of myself." });
  await milo.post(`/api/v1/moderation/replies/${margin.id}/notes`, { text: "Do you know her, @mona?" });
  page = await it.browser.page([it.service.url]);
  keys = new Keyboard(page);
  await keys.signIn(it.service.url, "mona");
  await page.locator(".item h1").waitFor();
});
after(() => it?.stop());
beforeEach(() => keys.check());

/** The queue is shown again, with this reply. @param {string} words */
async function isOpened(words) {
  await page.locator(".item .reply .text", { hasText: words }).first().waitFor();
  await keys.isInside(`the reply “${words}”`);
}

test("words lead to a reply", async () => {
  await keys.press("/");
  await page.locator("form.search").waitFor();
  assert.equal((await keys.look("search"))?.name, "Words");
  await keys.type("whistled");
  await keys.press("Enter");
  await keys.said("1 reply found.");
  await keys.walk("what was found");
  await keys.to("Open", "Shift+Tab");
  await keys.press("Enter");
  await isOpened("My kettle has whistled");
  keys.check();
  it.browser.check();
});

test("many are tried, decided about and put back", async () => {
  await keys.turnTo("Many");
  await keys.to("With these words");
  await keys.type("casino");
  await keys.to("All that this takes is");
  await keys.type("m");
  await keys.to("Try it");
  await keys.press("Enter");
  await keys.said("1 reply is marked as spam.");
  await checkDialog(page, "what would come of it");
  await keys.press("Enter");
  await keys.said("1 reply: marked as spam.");
  await checkDialog(page, "what came of it");
  await keys.to("Undo");
  await keys.press("Space");
  await keys.said("1 reply is as before.");
  await keys.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal((await keys.look("many"))?.name, "Try it", "the focus is back where it was");
  await keys.walk("many");
  keys.check();
  it.browser.check();
});

test("a case is read and decided about", async () => {
  await keys.turnTo("Cases");
  await keys.to("Where they stand");
  await keys.press("ArrowDown");
  await keys.said("There is none.");
  await keys.press("ArrowUp");
  await keys.said("The whole case");
  assert.equal((await keys.look("cases"))?.name, "Where they stand", "the focus stays");
  await keys.to("The whole case");
  await keys.press("Enter");
  await keys.said("He shouts at all of us.");
  await keys.isInside("a case");
  await keys.walk("a case");
  await keys.to("Decide about it", "Shift+Tab");
  await keys.press("Enter");
  await isOpened("My kettle has whistled");
  keys.check();
  it.browser.check();
});

test("a notice is answered with reasons", async () => {
  await keys.turnTo("Notices");
  await keys.to("Decision");
  await keys.press("ArrowDown");
  await keys.said("The reply is not public any more.");
  await keys.to("What that rests on");
  await keys.to("Which law, or which of the terms");
  await keys.type("Section 186");
  await keys.to(/^The facts and the reasons/);
  await keys.type("Nothing that anybody could prove stands behind it.");
  await keys.to("Decide");
  await keys.press("Enter");
  await keys.said("Removed. Whoever gave notice is written");
  await keys.isInside("a notice that is decided");
  await keys.walk("notices");
  keys.check();
  it.browser.check();
});

test("an appeal is decided, with reasons", async () => {
  await keys.turnTo("Appeals");
  await keys.to("Make it public");
  await keys.press("Enter");
  await keys.said("the author is owed reasons");
  assert.equal((await keys.look("an appeal"))?.name, "Your reasons, for the author", "one is led to what is missing");
  await keys.type("Read again: it is about the author himself.");
  await keys.to("Make it public");
  await keys.press("Space");
  await keys.said("Granted: the reply is public.");
  await keys.isInside("an appeal that is decided");
  await keys.walk("appeals");
  keys.check();
  it.browser.check();
});

test("a mention is read, and leads to what it is about", async () => {
  await keys.turnTo("Mentions");
  await keys.to("I have read it");
  await keys.press("Enter");
  await page.getByRole("link", { name: "Mentions", exact: true }).waitFor();
  await keys.isInside("a mention that was read");
  await keys.to("Only those that you have not read", "Shift+Tab");
  await keys.press("Space");
  await keys.said("Nobody has mentioned you.");
  assert.equal((await keys.look("mentions"))?.name, "Only those that you have not read", "the focus stays");
  await keys.press("Space");
  await keys.said("Do you know her, @mona?");
  await keys.walk("mentions");
  await keys.to("The reply", "Shift+Tab");
  await keys.press("Enter");
  await isOpened("the margin is four per cent");
  keys.check();
  it.browser.check();
});

test("somebody is found, slowed down, let go again, written about, and given a badge", async () => {
  await keys.turnTo("People");
  assert.equal((await keys.look("people"))?.name, "Name");
  await keys.type("ann-reads");
  await keys.press("Enter");
  await page.locator(".found a").waitFor();
  await keys.to(/^ann-reads/);
  await keys.press("Enter");
  await keys.said("None so far.");
  await keys.isInside("somebody");

  await keys.to("Sanction");
  await keys.press("Enter");
  await checkDialog(page, "a sanction");
  await keys.to("What");
  await keys.type("Slow");
  await keys.to("Why, for colleagues");
  await keys.type("The third insult this week.");
  await keys.to("Impose it");
  await keys.press("Enter");
  await keys.said("The third insult this week.");
  await keys.isInside("a sanction that holds");
  await keys.lookInto("Lift");
  await keys.press("Enter");
  await keys.to("Lift it");
  await keys.press("Enter");
  await keys.said(", lifted");
  await keys.isInside("a sanction that was lifted");

  await keys.to("Note");
  await keys.press("Enter");
  await checkDialog(page, "a note");
  await keys.to("Note");
  await keys.type("Has calmed down since.");
  await keys.to("Keep the note");
  await keys.press("Enter");
  await keys.said("Has calmed down since.");
  await keys.isInside("a note that is kept");
  await keys.lookInto("Delete");

  await keys.to("Badges");
  await keys.press("Enter");
  await keys.to(/^Verified$/i);
  await keys.press("Space");
  await keys.said("Given.");
  assert.match((await keys.look("a badge"))?.name ?? "", /^Verified$/i, "the focus stays");
  assert.ok((await keys.walk("somebody")) > 0);
  keys.check();
  it.browser.check();
});
