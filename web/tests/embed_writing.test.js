// Writing in the discussion on a page of another origin: what readers do, and what becomes of it.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { becomes, blog, fillSignIn, leave, replyOf, signIn } from "./blog.js";
import { checkAccess, PHONE, screenshot } from "./browser.js";
import { PASSWORD } from "./service.js";

/** @type {Awaited<ReturnType<typeof blog>>} */
let it;
/** @type {import("./service.js").Person} */
let mona;
/** @type {import("./service.js").Person} */
let ann;
/** @type {import("./service.js").Person} */
let bela;
/** @type {{id: string}} */
let story;
/** @type {string} */
let address;

before(async () => {
  it = await blog();
  mona = await it.kettle.moderator("mona");
  ann = await it.service.reader("ann-reads");
  bela = await it.service.reader("bela");
  story = await it.kettle.story("smaller-kettles");
  address = it.page("kettle-news", "smaller-kettles");
});
after(() => it?.stop());

/** Somebody's own replies under the story that have this text. @param {import("./service.js").Person} person @param {string} text */
async function own(person, text) {
  const { items } = await person.get(`/api/v1/stories/${story.id}/mine?limit=100`);
  return items.filter((/** @type {any} */ item) => item.body.includes(text));
}

/** Has a moderator decide about what waits with this text. @param {string} text @param {string} action @param {object} [more] */
async function decide(text, action, more) {
  const { items } = await mona.get("/api/v1/moderation/replies?queue=pending&limit=100");
  const found = items.find((/** @type {any} */ item) => item.body.includes(text));
  assert.ok(found, `${text} waits`);
  await mona.decide(found, action, more);
}

/** A public reply. @param {import("./service.js").Person} person @param {string} text @param {{id: string}} [parent] */
async function published(person, text, parent) {
  const reply = await person.reply(story, text, parent);
  await mona.decide(reply, "approve");
  return reply;
}

/** The digits that were mailed there last. @param {string} email */
async function mailedDigits(email) {
  const folder = join(it.service.folder, "mail");
  for (let tries = 0; tries < 100; tries++) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort().reverse()) {
      const text = await readFile(join(folder, name), "utf8").catch(() => "");
      const digits = text.includes(email) && /\b(\d{4})[ \u00a0](\d{4})\b/.exec(text);
      if (digits) return digits[1] + digits[2];
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("digits are mailed");
}

/** Writes it into the box at the top. @param {import("playwright-core").Page} page @param {string} text */
async function write(page, text) {
  const invitation = page.getByRole("button", { name: "What do you think?" });
  if (await invitation.isVisible()) await invitation.click();
  await page.getByLabel("Your reply", { exact: true }).fill(text);
}

/** @param {import("playwright-core").Page} page */
const post = (page) => page.getByRole("button", { name: "Post", exact: true }).click();

test("who writes signs up on the way, and his reply waits, is approved, and shown without reloading", async () => {
  const page = await it.open(address, { viewport: PHONE });
  await write(page, "I have **three** of them.");
  await checkAccess(page, "the box");
  await post(page);
  await page.getByRole("dialog").getByRole("button", { name: "Sign up" }).click();
  await checkAccess(page, "signing up");
  await page.getByLabel("Username").fill("new-here");
  await page.getByLabel("E-mail").fill("new-here@example.org");
  await page.getByLabel("Password").fill("kettle");
  await page.getByRole("dialog").getByRole("button", { name: "Sign up" }).click();
  await page.locator(".field.wrong", { has: page.getByLabel("Password") }).waitFor();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("dialog").getByRole("button", { name: "Sign up" }).click();
  await page.getByText("We mailed eight digits to new-here@example.org.").waitFor();
  await screenshot(page, "embed-digits-phone");
  await page.getByLabel("The eight digits").fill(await mailedDigits("new-here@example.org"));
  await page.getByRole("button", { name: "Confirm", exact: true }).click();

  const reply = replyOf(page, "I have three of them.");
  await reply.getByText("Waits for a moderator. Only you see it.").waitFor();
  await page.getByText("Signed in as new-here").waitFor();
  assert.equal(await page.getByRole("button", { name: "Confirm your e-mail" }).count(), 0);
  await checkAccess(page, "a reply that waits");
  await screenshot(page, "embed-waits-phone");
  const other = await it.open(address);
  assert.equal(await other.getByText("I have three of them.").count(), 0, "nobody else sees it");

  await decide("I have **three**", "approve");
  await other.getByRole("button", { name: "1 new reply" }).click();
  await replyOf(other, "I have three of them.").waitFor();
  await reply.getByText("Waits for a moderator.").waitFor({ state: "hidden" });
  await page.getByRole("heading", { name: "1 reply" }).waitFor();
  assert.equal(await reply.count(), 1);
  await leave(it.browser, page, other);
});

test("a reply is edited while it waits, and one that is public withdrawn", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await write(page, "Tea is for morning.");
  await page.keyboard.press("Control+Enter");
  const waiting = replyOf(page, "Tea is for morning.");
  await waiting.getByText("Waits for a moderator.").waitFor();
  await waiting.getByRole("button", { name: "Edit" }).click();
  const box = page.getByLabel("Edit", { exact: true }).and(page.locator("textarea"));
  assert.equal(await box.inputValue(), "Tea is for morning.");
  await box.fill("Tea is for the *morning*.");
  await checkAccess(page, "editing");
  await page.getByRole("button", { name: "Save" }).click();
  const edited = replyOf(page, "Tea is for the morning.");
  await edited.getByText("Waits for a moderator.").waitFor();
  assert.equal((await own(ann, "Tea is for the *morning*.")).length, 1);

  await decide("Tea is for the", "approve");
  await edited.getByText("Waits for a moderator.").waitFor({ state: "hidden" });
  await edited.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog").getByText("It cannot be brought back.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await page.getByText("You withdrew this reply.").waitFor();
  await edited.waitFor({ state: "detached" });
  assert.equal(
    (await own(ann, "Tea is for")).filter((/** @type {any} */ { state }) => state !== "withdrawn").length,
    0,
  );
  await leave(it.browser, page);
});

test("an answer stands below what it answers, after a preview", async () => {
  const parent = await published(bela, "What do you drink out of it?");
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await page.locator(`#reply-${parent.id}`).getByRole("button", { name: "Reply" }).click();
  await page.getByLabel("Your reply to bela").fill("Out of a kettle? > Nothing.\n\n> What do you drink");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator(".preview blockquote", { hasText: "What do you drink" }).waitFor();
  await page.getByRole("button", { name: "Keep writing" }).click();
  await post(page);
  const answer = page.locator(`.node:has(> #reply-${parent.id}) > .below article`);
  await answer.getByText("Waits for a moderator.").waitFor();
  assert.equal(await answer.evaluate((article) => article.matches(":focus")), true, "the focus is on it");
  await leave(it.browser, page);
});

test("a refused reply says so to its author, with the reasons and a way to appeal", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await write(page, "Who buys such a thing is a fool.");
  await post(page);
  await replyOf(page, "is a fool").getByText("Waits for a moderator.").waitFor();
  await decide("is a fool", "reject", { reason: "abuse", message: "Write of kettles, not of people." });
  // nobody is told of what stays unseen: one sees it when one looks again
  await page.reload();
  const reply = replyOf(page, "is a fool");
  await reply.getByText("Not posted.").waitFor();
  await reply.getByText("Write of kettles, not of people.").waitFor();
  await reply.getByRole("button", { name: "Why?" }).click();
  await page.getByText("It was taken for abuse.").waitFor();
  await checkAccess(page, "why");
  await page.getByLabel("Appeal").fill("I meant myself.");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await reply.getByRole("button", { name: "Why?" }).click();
  await becomes(() => page.getByLabel("Appeal").inputValue(), "I meant myself.");
  await page.getByRole("dialog").getByRole("button", { name: "Appeal" }).click();
  await page.getByText("Your appeal is with the moderators.").waitFor();
  await leave(it.browser, page);
});

test("a recommendation counts at once, and is taken back where the service cannot take it", async () => {
  const reply = await published(bela, "Enamel is what lasts.");
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  const button = page.locator(`#reply-${reply.id}`).locator(".recommend");
  const count = async () => (await it.service.ask(`/api/v1/replies/${reply.id}`)).recommendations;
  /** @type {(answer?: any) => void} */
  let answer = () => undefined;
  const isAnswered = new Promise((resolve) => (answer = resolve));
  await page.route("**/recommendation", async (route) => {
    await isAnswered;
    await route.fallback();
  });
  await button.click();
  await page.locator(`#reply-${reply.id}`).getByRole("button", { name: "Recommended by you 1" }).waitFor();
  assert.equal(await count(), 0, "it is shown before the service has heard of it");
  answer();
  await becomes(count, 1);
  await page.unroute("**/recommendation");
  await button.click();
  await becomes(count, 0);
  await becomes(() => button.getAttribute("aria-pressed"), "false");

  await page.route("**/recommendation", (route) =>
    route.request().method() === "PUT" ? route.abort() : route.fallback(),
  );
  await button.click();
  await page.getByText("No connection. Please try again.").waitFor();
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  assert.equal(await button.innerText(), "Recommend");
  await page.unroute("**/recommendation");
  await button.click();
  await becomes(count, 1);
  await page.reload();
  await becomes(() => button.getAttribute("aria-pressed"), "true");
  await leave(it.browser, page);
});

test("who is signed out signs in on the way to recommend, which takes nothing back, and the page hears of it", async () => {
  const reply = await published(bela, "Copper is what cools slowly.");
  const before = await published(bela, "Iron is what rusts.");
  await ann.put(`/api/v1/replies/${before.id}/recommendation`);
  const page = await it.open(address);
  await page.evaluate(() => {
    /** @type {any[]} */
    const heard = [];
    Object.assign(window, { heard });
    for (const name of ["recommended", "session"]) {
      document.addEventListener(`rejoinder:${name}`, (event) => heard.push([name, /** @type {any} */ (event).detail]));
    }
  });
  const pressed = (/** @type {{id: string}} */ { id }) =>
    page.locator(`#reply-${id} .recommend`).getAttribute("aria-pressed");
  await page.locator(`#reply-${reply.id} .recommend`).click();
  await page.getByLabel("E-mail or username").waitFor();
  assert.equal(await pressed(reply), "false");
  await page.keyboard.press("Escape");
  await page.locator(`#reply-${reply.id} .recommend`).click();
  await fillSignIn(page, "ann-reads");
  await becomes(() => pressed(reply), "true");
  await becomes(async () => (await it.service.ask(`/api/v1/replies/${reply.id}`)).recommendations, 1);
  await becomes(() => pressed(before), "true");
  await page.getByRole("button", { name: "Sign out" }).click();
  await becomes(() => pressed(reply), "false");
  // one that was recommended before stays so
  await page.locator(`#reply-${before.id} .recommend`).click();
  await fillSignIn(page, "ann-reads");
  await becomes(() => pressed(before), "true");
  assert.equal((await it.service.ask(`/api/v1/replies/${before.id}`)).recommendations, 1);
  const heard = await page.evaluate(() => /** @type {any} */ (window).heard);
  const session = (/** @type {string | null} */ account) => ["session", { account }];
  assert.deepEqual(heard, [
    session(ann.id),
    ["recommended", { id: reply.id, is_recommended: true }],
    session(null),
    session(ann.id),
  ]);
  await leave(it.browser, page);
});

/** A story with more threads than are shown at first. @type {{id: string} | undefined} */
let long;
/** The oldest of them, by ann and by bela, with an answer. @type {Record<string, {id: string, version: number}>} */
const early = {};

async function longStory() {
  if (long) return long;
  long = await it.tea.story("long");
  early.own = await ann.reply(long, "The oldest of all, and one's own.");
  early.other = await bela.reply(long, "The second, which ann recommends.");
  await ann.put(`/api/v1/replies/${early.other.id}/recommendation`);
  early.under = await bela.reply(long, "An answer to the second.", early.other);
  for (let at = 0; at < 30; at++) await bela.reply(long, `${at}: ${`${(at + 3) ** 9} `.repeat(8)}`);
  return long;
}

test("what is one's own is so too where it comes onto the page later, and what waits has its place", async () => {
  const story = await longStory();
  const { own: oldest, other, under } = early;
  await it.tea.moderated("pre");
  const waiting = await ann.reply(story, "One's own that waits, deep below.", under);
  await it.tea.moderated("post");
  const page = await it.open(it.page("tea-times", "long"));
  // as where the connection is lost on the way
  await page.route(`**/api/v1/replies/${under.id}`, (route) => route.abort());
  await signIn(page, "ann-reads");
  const shown = (/** @type {{id: string}} */ { id }) => page.locator(`#reply-${id}`);
  await page.getByRole("button", { name: "Show more", exact: true }).click();
  await shown(oldest).getByText("You", { exact: true }).waitFor();
  await shown(oldest).getByRole("button", { name: "Edit" }).waitFor();
  await shown(oldest).getByRole("button", { name: "More" }).click();
  await page.locator(".menu").getByRole("button", { name: "Withdraw" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Report" }).count(), 0);
  await shown(other).getByRole("button", { name: "Recommended by you 1" }).waitFor();
  const place = page.locator(`.node:has(> #reply-${under.id}) > .below > .node > #reply-${waiting.id}`);
  await place.getByText("Waits for a moderator.").waitFor();

  // over a reload, and in another order, it is there with what it answers
  await page.unroute(`**/api/v1/replies/${under.id}`);
  await page.reload();
  await place.getByText("Waits for a moderator.").waitFor();
  await shown(other).getByRole("button", { name: "Recommended by you 1" }).waitFor();
  await page.getByRole("button", { name: "Top" }).click();
  await becomes(() => page.locator(".threads[aria-busy]").count(), 0);
  await place.getByText("Waits for a moderator.").waitFor();
  await leave(it.browser, page);
});

test("a report reaches the moderators, and its author muted is not seen", async () => {
  const reply = await published(bela, "Everybody knows who pays the author.");
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  const shown = page.locator(`#reply-${reply.id}`);
  await shown.getByRole("button", { name: "More" }).click();
  await checkAccess(page, "the menu");
  await page.getByRole("button", { name: "Report" }).click();
  await page.getByLabel("False or misleading").check();
  await page.getByLabel("In your words").fill("He invents that.");
  await checkAccess(page, "reporting");
  await screenshot(page, "embed-report");
  await page.getByRole("dialog").getByRole("button", { name: "Report" }).click();
  await page.getByText("Thank you. A moderator will look at it.").waitFor();
  const { items } = await mona.get("/api/v1/moderation/replies?queue=reported");
  assert.deepEqual(
    items.map((/** @type {any} */ { id }) => id),
    [reply.id],
  );

  await shown.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Mute bela" }).click();
  await shown.getByText("A reply by somebody whom you mute.").waitFor();
  await page.reload();
  await shown.getByText("A reply by somebody whom you mute.").waitFor();
  await shown.getByRole("button", { name: "Show it" }).click();
  await shown.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Unmute bela" }).click();
  await page.getByText("You see the replies of bela again.").waitFor();
  await leave(it.browser, page);
});

test("what is typed is there after a reload, and after signing in", async () => {
  const parent = await published(bela, "And what of the whistle?");
  const page = await it.open(address);
  await write(page, "A draft at the top.");
  await page.locator(`#reply-${parent.id}`).getByRole("button", { name: "Reply" }).click();
  await page.getByLabel("Your reply to bela").fill("A draft below.");
  await page.reload();
  const [top, below] = [page.getByLabel("Your reply", { exact: true }), page.getByLabel("Your reply to bela")];
  await becomes(() => top.inputValue(), "A draft at the top.");
  await becomes(() => below.inputValue(), "A draft below.");
  await signIn(page, "ann-reads");
  assert.equal(await top.inputValue(), "A draft at the top.");
  assert.equal(await below.inputValue(), "A draft below.");
  await below.press("Control+Enter");
  await replyOf(page, "A draft below.").getByText("Waits for a moderator.").waitFor();
  assert.equal(await top.inputValue(), "A draft at the top.");
  // put away and opened again, and then for good
  await top.press("Escape");
  await page.getByText("Your draft is kept on this device.").waitFor();
  // what comes onto the page meanwhile does not open it again
  await published(bela, "Something else that comes meanwhile.");
  await page.getByRole("button", { name: "1 new reply" }).click();
  await replyOf(page, "Something else that comes meanwhile.").waitFor();
  assert.equal(await top.count(), 0);
  await page.getByRole("button", { name: "What do you think?" }).click();
  await becomes(() => top.inputValue(), "A draft at the top.");
  await top.fill("A draft at the top, which has become longer.");
  const sure = page.getByRole("dialog");
  await page.getByRole("button", { name: "Discard" }).click();
  await sure.getByText("Discard what you wrote?").waitFor();
  await sure.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await top.inputValue(), "A draft at the top, which has become longer.");
  await page.getByRole("button", { name: "Discard" }).click();
  await sure.getByRole("button", { name: "Discard" }).click();
  await top.waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("Signed in as ann-reads").waitFor();
  assert.equal(await top.count(), 0);
  await leave(it.browser, page);
});

test("a draft is brought back with what it answers, and where that is gone, to be copied", async () => {
  const story = await longStory();
  const going = await bela.reply(story, "To be answered, and then gone.", early.other);
  const page = await it.open(it.page("tea-times", "long"));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Show more", exact: true }).click();
  for (const [parent, text] of /** @type {const} */ ([
    [early.under, "A draft deep below."],
    [going, "A draft below what goes."],
  ])) {
    await page.locator(`#reply-${parent.id}`).getByRole("button", { name: "Reply" }).click();
    await page.locator(`#reply-${parent.id} textarea`).fill(text);
  }
  await it.service.ask(`/api/v1/replies/${going.id}`, { method: "DELETE", token: bela.token });
  await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
  await page.reload();
  const deep = page.locator(`#reply-${early.under.id} textarea`);
  await becomes(() => deep.inputValue(), "A draft deep below.");
  const left = page.locator(".left");
  await left.getByText("The reply that you answer is not public any more.").waitFor();
  assert.equal(await left.getByLabel("Your reply").inputValue(), "A draft below what goes.");
  await checkAccess(page, "a draft that is left");
  await screenshot(page, "embed-draft-left");
  await left.getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "A draft below what goes.");
  // what comes onto the page later does not take the caret out of a text
  await deep.evaluate((text) => /** @type {HTMLTextAreaElement} */ (text).setSelectionRange(3, 3));
  await page.getByRole("button", { name: "Show more", exact: true }).click();
  await page.locator(`#reply-${early.own.id}`).waitFor();
  assert.equal(await deep.evaluate((text) => /** @type {HTMLTextAreaElement} */ (text).selectionStart), 3);
  await left.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await left.waitFor({ state: "detached" });
  await page.reload();
  await becomes(() => deep.inputValue(), "A draft deep below.");
  assert.equal(await left.count(), 0);
  await leave(it.browser, page);
});

test("two windows keep what is typed in each, and neither takes away the other's", async () => {
  const page = await it.open(address);
  const other = await page.context().newPage();
  await other.goto(address);
  const top = (/** @type {import("playwright-core").Page} */ window) =>
    window.locator(".box:not(.left)").getByLabel("Your reply", { exact: true });
  const left = page.locator(".left").getByLabel("Your reply");
  for (const window of [page, other]) {
    await window.getByRole("button", { name: "What do you think?" }).click();
    await top(window).waitFor();
  }
  // storage is shared between windows in a while; nobody is that quick
  const type = async (/** @type {import("playwright-core").Page} */ window, /** @type {string} */ text) => {
    await top(window).fill(text);
    const isKept = (/** @type {string} */ text) => JSON.stringify(localStorage).includes(text);
    for (const one of [page, other]) await one.waitForFunction(isKept, text);
  };
  await type(page, "Typed in the one window.");
  await type(other, "Typed in the other window.");
  await type(page, "Typed in the one window, and more.");
  await page.reload();
  await becomes(() => top(page).inputValue(), "Typed in the one window, and more.");
  await page.locator(".left").getByText("You typed this in another window.").waitFor();
  assert.equal(await left.inputValue(), "Typed in the other window.");
  await screenshot(page, "embed-draft-other");
  // who discards here what is still typed there takes away nothing
  await type(other, "Typed in the other window, and more.");
  await page.locator(".left").getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await left.waitFor({ state: "detached" });
  // nor does who posts his own
  await signIn(page, "ann-reads");
  await top(page).press("Control+Enter");
  await replyOf(page, "Typed in the one window, and more.").getByText("Waits for a moderator.").waitFor();
  await page.reload();
  await becomes(() => top(page).inputValue(), "Typed in the other window, and more.");
  assert.equal(await left.count(), 0);
  await other.close();
  await leave(it.browser, page);
});

test("what is typed into a report is kept over signing in, a lost connection and closing, and sent once", async () => {
  const reply = await published(bela, "Whoever boils water twice is a liar.");
  const page = await it.open(address);
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/reports", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  const dialog = page.getByRole("dialog");
  const text = page.getByLabel("In your words");
  const begin = async () => {
    await page.locator(`#reply-${reply.id}`).getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: "Report" }).click();
  };
  const isBack = async () => {
    await becomes(() => text.inputValue(), "It is about people.");
    assert.ok(await page.getByLabel("Insulting or hateful").isChecked());
  };
  await begin();
  await page.getByLabel("Insulting or hateful").check();
  await text.fill("It is about people.");
  await page.keyboard.press("Escape");
  await page.getByText("Your draft is kept on this device.").waitFor();
  await page.reload();
  await begin();
  await isBack();
  await dialog.getByRole("button", { name: "Close" }).click();
  await begin();
  await isBack();
  // who goes away from signing in is back at what he typed
  await dialog.getByRole("button", { name: "Report" }).click();
  await page.getByLabel("E-mail or username").waitFor();
  await page.keyboard.press("Escape");
  await isBack();
  await dialog.getByRole("button", { name: "Report" }).click();
  await fillSignIn(page, "ann-reads");
  await dialog.getByText("No connection. Please try again.").waitFor();
  await isBack();
  await checkAccess(page, "a report that did not get through");
  await dialog.getByRole("button", { name: "Report" }).click();
  await page.getByText("Thank you. A moderator will look at it.").waitFor();
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1], "the same request");
  await begin();
  assert.equal(await text.inputValue(), "");
  await leave(it.browser, page);
});

test("a reply posted without a connection goes by itself when it is back, once", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await write(page, "Written in a tunnel.");
  await page.context().setOffline(true);
  await post(page);
  await page.getByText("No connection. Your text is kept, and sent as soon as there is one.").waitFor();
  await screenshot(page, "embed-offline");
  await page.context().setOffline(false);
  await replyOf(page, "Written in a tunnel.").getByText("Waits for a moderator.").waitFor();
  assert.equal((await own(ann, "Written in a tunnel.")).length, 1);
  assert.equal(await replyOf(page, "Written in a tunnel.").count(), 1);
  await leave(it.browser, page);
});

test("where the answer is lost, the same request goes again, and there is one copy", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await write(page, "Sent, and nobody answered.");
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/replies", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await post(page);
  await page.getByText("No connection. Your text is kept").waitFor();
  // even over a reload
  await page.reload();
  await becomes(() => page.getByLabel("Your reply", { exact: true }).inputValue(), "Sent, and nobody answered.");
  await page.getByText("Signed in as ann-reads").waitFor();
  await post(page);
  await page.getByText("Your reply waits for a moderator.").waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal((await own(ann, "Sent, and nobody answered.")).length, 1);
  assert.equal(await replyOf(page, "Sent, and nobody answered.").count(), 1);
  await leave(it.browser, page);
});

test("a wrong password is told, and a forgotten one set anew by mail", async () => {
  const forgetful = await it.service.reader("forgetful");
  const code = await mailedDigits("forgetful@example.org");
  await forgetful.post("/api/v1/me/email/confirmation", { code });
  const page = await it.open(address);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("E-mail or username").fill("forgetful");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.keyboard.press("Enter");
  await page.getByText("Name and password do not fit together.").waitFor();
  await checkAccess(page, "a wrong password");
  await page.getByRole("button", { name: "Forgotten your password?" }).click();
  await page.getByLabel("E-mail").fill("forgetful@example.org");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("If forgetful@example.org has an account here").waitFor();
  await becomes(async () => (await mailedDigits("forgetful@example.org")) !== code, true);
  await page.getByLabel("The eight digits").fill(await mailedDigits("forgetful@example.org"));
  await page.getByRole("textbox", { name: "New password" }).fill(`${PASSWORD} and a hat`);
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("Your password is set. Sign in with it.").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(`${PASSWORD} and a hat`);
  await page.keyboard.press("Enter");
  await page.getByText("Signed in as forgetful").waitFor();
  await leave(it.browser, page);
});

test("somebody signed in on one of two discussions is so on both", async () => {
  await it.kettle.story("other");
  const elements = ["smaller-kettles", "other"].map(
    (key) => `<rejoinder-discussion site="kettle-news" story="${key}"></rejoinder-discussion>`,
  );
  it.addPage("/two", elements.join(""));
  const page = await it.open(`${it.url}/two`);
  const [one, two] = [page.locator("rejoinder-discussion").first(), page.locator("rejoinder-discussion").last()];
  // both have what writing needs
  await two.getByRole("button", { name: "What do you think?" }).click();
  await two.getByLabel("Your reply", { exact: true }).fill("Under the other one.");
  await one.getByRole("button", { name: "Sign in" }).click();
  await fillSignIn(page, "ann-reads");
  await one.getByText("Signed in as ann-reads").waitFor();
  await two.getByText("Signed in as ann-reads").waitFor();
  await two.getByRole("button", { name: "Post", exact: true }).click();
  await two.locator("article").getByText("Waits for a moderator.").waitFor();
  assert.equal(await one.getByText("Under the other one.").count(), 0);
  await page.reload();
  for (const each of [one, two]) await each.getByText("Signed in as ann-reads").waitFor();
  await one.getByRole("button", { name: "Sign out" }).click();
  await two.getByRole("button", { name: "Sign in" }).waitFor();
  await leave(it.browser, page);
});

test("another order keeps what is typed, what is one's own, and what waits", async () => {
  const parent = await published(bela, "Does anybody still use a trivet?");
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await page.locator(`#reply-${parent.id}`).getByRole("button", { name: "Reply" }).click();
  await page.getByLabel("Your reply to bela").fill("Typed before the order changed.");
  for (const order of ["Oldest", "Top", "Newest"]) {
    await page.getByRole("button", { name: order }).click();
    await becomes(() => page.locator(".threads[aria-busy]").count(), 0);
    await page.locator(`#reply-${parent.id}`).waitFor();
    await becomes(() => page.getByLabel("Your reply to bela").inputValue(), "Typed before the order changed.");
    await replyOf(page, "Written in a tunnel.").getByText("Waits for a moderator.").waitFor();
  }
  const ids = await page.locator("article.reply").evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, "each once");
  await leave(it.browser, page);
});

test("the dialog takes the focus, is left by Escape, and gives it back", async () => {
  const page = await it.open(address);
  const button = page.getByRole("button", { name: "Sign in" });
  await button.focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.getByLabel("E-mail or username").evaluate((input) => input.matches(":focus")));
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await button.evaluate((element) => element.matches(":focus")));
  await leave(it.browser, page);
});

test("what is posted where nothing waits is public at once, once, and the page hears of it", async () => {
  await it.tea.story("at-once");
  const page = await it.open(it.page("tea-times", "at-once"));
  await signIn(page, "mona");
  await page.evaluate(() => {
    /** @type {any[]} */
    const heard = [];
    /** @type {number[]} */
    const counts = [];
    Object.assign(window, { heard, counts });
    for (const name of ["posted", "withdrawn", "recommended"]) {
      document.addEventListener(`rejoinder:${name}`, (event) => heard.push([name, /** @type {any} */ (event).detail]));
    }
    document.addEventListener("rejoinder:count", (event) => counts.push(/** @type {any} */ (event).detail.replies));
  });
  await write(page, "Public at once.");
  // as slowly as somebody who types
  await page.waitForTimeout(3_500);
  await post(page);
  await page.getByRole("heading", { name: "1 reply" }).waitFor();
  const reply = replyOf(page, "Public at once.");
  await reply.getByText("You", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "1 new reply" }).count(), 0);
  assert.equal(await reply.count(), 1);
  await reply.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Edit", { exact: true }).and(page.locator("textarea")).fill("Public, and edited.");
  await page.getByRole("button", { name: "Save" }).click();
  await replyOf(page, "Public, and edited.").getByText("edited", { exact: true }).waitFor();
  const other = await it.open(it.page("tea-times", "at-once"));
  await replyOf(other, "Public, and edited.").waitFor();
  await replyOf(page, "Public, and edited.").getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog").getByText("It cannot be brought back.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await other.getByText("This reply was removed.").waitFor();
  await page.getByRole("heading", { name: "0 replies" }).waitFor();
  const heard = await page.evaluate(() => /** @type {any} */ (window).heard);
  assert.deepEqual(
    heard.map((/** @type {any} */ [name, { state }]) => `${name} ${state ?? ""}`.trim()),
    ["posted approved", "withdrawn"],
  );
  const counts = await page.evaluate(() => /** @type {any} */ (window).counts);
  assert.deepEqual([...new Set(counts)], [1, 0]);
  await leave(it.browser, page, other);
});

test("where the same reply is edited on two pages, who comes later sees the other text and decides", async () => {
  const posted = await ann.reply(story, "Written once.");
  const [one, two] = [await it.open(address), await it.open(address)];
  for (const page of [one, two]) {
    await signIn(page, "ann-reads");
    await page.locator(`#reply-${posted.id}`).getByRole("button", { name: "Edit" }).click();
  }
  /** @param {import("playwright-core").Page} page */
  const box = (page) => page.getByLabel("Edit", { exact: true }).and(page.locator("textarea"));
  await box(one).fill("Written *twice*.");
  await one.getByRole("button", { name: "Save" }).click();
  await replyOf(one, "Written twice.").waitFor();
  await box(two).fill("Written otherwise.");
  // also over a reload: the text knows which one it was made of
  await two.reload();
  await becomes(() => box(two).inputValue(), "Written otherwise.");
  await two.getByRole("button", { name: "Save" }).click();
  await two.getByRole("alert").getByText("This was changed meanwhile, to what stands below.").waitFor();
  await two.locator(".preview em", { hasText: "twice" }).waitFor();
  assert.ok(await box(two).evaluate((text) => text.matches(":focus")), "the focus is where one writes");
  await checkAccess(two, "a conflict");
  await screenshot(two, "embed-conflict");
  assert.equal((await own(ann, "Written *twice*.")).length, 1, "nothing is put away unseen");
  await two.getByRole("button", { name: "Save" }).click();
  await replyOf(two, "Written otherwise.").getByText("Waits for a moderator.").waitFor();
  assert.equal((await own(ann, "Written otherwise.")).length, 1);
  await leave(it.browser, one, two);
});

test("an edit whose answer is lost is done, and nobody is told that somebody else changed it", async () => {
  const posted = await ann.reply(story, "Before the edit.");
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  let sent = 0;
  await page.route(`**/replies/${posted.id}`, async (route) => {
    if (route.request().method() !== "PATCH" || sent++) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await page.locator(`#reply-${posted.id}`).getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Edit", { exact: true }).and(page.locator("textarea")).fill("After the *edit*.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Try now" }).click();
  await replyOf(page, "After the edit.").getByText("Waits for a moderator.").waitFor();
  assert.equal(sent, 2);
  assert.equal(await page.getByText("This was changed meanwhile").count(), 0);
  await leave(it.browser, page);
});

test("the time in which a reply may be edited is told, and when it is over what was typed stays", async () => {
  const quick = await it.service.site("quick-news", {
    allowed_origins: [it.url],
    moderation_mode: "post",
    edit_window_secs: 10,
  });
  await quick.story("timed");
  const page = await it.open(it.page("quick-news", "timed"));
  await signIn(page, "bela");
  await write(page, "To be changed in time.");
  await post(page);
  const reply = page.locator("article.reply");
  const edit = reply.getByRole("button", { name: "Edit" });
  assert.match(await edit.innerText(), /^Edit \(0:(0[1-9]|10) left\)$/);
  await edit.click();
  const box = page.getByLabel("Edit", { exact: true }).and(page.locator("textarea"));
  await box.fill("Changed too late.");
  await reply.getByText(/^0:(0[1-9]|10) left$/).waitFor();
  await reply.getByRole("alert").getByText("The time to edit this reply is over.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await reply.getByRole("alert").getByText("The time to edit this reply is over.").waitFor();
  assert.equal(await box.inputValue(), "Changed too late.");
  await page.getByRole("button", { name: "Cancel" }).click();
  await replyOf(page, "To be changed in time.").waitFor();
  assert.equal(await edit.isVisible(), false);
  await becomes(() => reply.evaluate((article) => article.matches(":focus")), true);
  await leave(it.browser, page);
});

test("a reply that a moderator gives back says why, is changed, and waits again", async () => {
  const posted = await ann.reply(story, "Everybody at the maker's is a crook.");
  await mona.decide(posted, "return", { message: "Say who, and what he did." });
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  const reply = page.locator(`#reply-${posted.id}`);
  await reply.getByText("A moderator asks you to change this, then it can be posted.").waitFor();
  await reply.getByText("Say who, and what he did.").waitFor();
  await checkAccess(page, "a reply given back");
  await reply.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Edit", { exact: true }).and(page.locator("textarea")).fill("The maker sold old stock as new.");
  await page.getByRole("button", { name: "Save" }).click();
  await replyOf(page, "The maker sold old stock as new.").getByText("Waits for a moderator.").waitFor();
  await leave(it.browser, page);
});

test("who says that a reply is illegal gives notice, with an account or without", async () => {
  const reply = await published(bela, "I know where the maker lives, and we should all go there.");
  const page = await it.open(address, { viewport: PHONE });
  /** @type {any[]} */
  const sent = [];
  page.on("request", (request) => {
    if (/notices$/.test(request.url()) && request.method() === "POST")
      sent.push([request.url(), request.postDataJSON()]);
  });
  const shown = page.locator(`#reply-${reply.id}`);
  const dialog = page.getByRole("dialog");
  const begin = async () => {
    await shown.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: "Report" }).click();
    await page.getByRole("radio", { name: "Against the law" }).check();
    await page.getByLabel("Which law does it break?").selectOption("threats");
    await page
      .getByLabel("Why is it against the law?")
      .fill("It calls for going to somebody's house, to threaten him.");
  };
  await begin();
  await page.getByLabel("Your name").fill("Gustav Guest");
  await page.getByLabel("E-mail").fill("gustav@example.org");
  // nobody gives notice by mistake
  await dialog.getByRole("button", { name: "Report" }).click();
  const faith = page.getByLabel("I believe in good faith");
  assert.ok(await faith.evaluate((box) => box.matches(":focus")), "what is missing has the focus");
  assert.deepEqual(sent, []);
  await faith.check();
  await checkAccess(page, "giving notice");
  await screenshot(page, "embed-notice-phone");
  await dialog.getByRole("button", { name: "Report" }).click();
  await page.getByText("Thank you. Follow the link that we mail you").waitFor();

  await signIn(page, "ann-reads");
  await begin();
  assert.equal(await page.getByLabel("Your name").isVisible(), false, "who is signed in is known");
  await faith.check();
  await dialog.getByRole("button", { name: "Report" }).click();
  await page.getByText("Thank you. A moderator will look at it.").waitFor();
  assert.deepEqual(
    sent.map((/** @type {any} */ [url, { ground, email }]) => [new URL(url).pathname.split("/").at(-1), ground, email]),
    [
      ["guest-notices", "threats", "gustav@example.org"],
      ["notices", "threats", undefined],
    ],
  );
  const { items } = await mona.get("/api/v1/moderation/notices");
  assert.equal(items.length, 1, "the guest's is there when he has followed the link");
  await leave(it.browser, page);
});
