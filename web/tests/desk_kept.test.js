// Decisions at the desk that do not get through at once: none is lost, none hidden, none sent in another's name.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { deskWorld } from "./desk_world.js";
import { PASSWORD } from "./service.js";

/** @type {Awaited<ReturnType<typeof deskWorld>>} */
let it;
/** @type {import("./service.js").Person} */
let mona;

before(async () => {
  it = await deskWorld();
  ({ mona } = it);
});
after(() => it?.stop());
beforeEach(() => it.clear());

/** After so long it is told that something is under way. */
const LONG_MS = 2_500;

/**
 * Another desk in the browser of this one.
 *
 * @param {import("playwright-core").Page} page
 */
async function another(page) {
  const opened = await page.context().newPage();
  opened.on("dialog", (dialog) => dialog.accept());
  await opened.goto(`${it.service.url}/desk`);
  return opened;
}

/** @param {import("playwright-core").Page} page @param {string} username */
async function signIn(page, username) {
  await page.getByLabel("Username or e-mail").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Queues" }).waitFor();
}

test("what takes long is told, and survives a reload, with its reply out of the list", async () => {
  await it.post(3);
  const page = await it.deskOf("mona");
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator(".rows .row").nth(2).waitFor();
  await page.locator(".item h1").waitFor();
  // neither an answer nor a failure
  await page.route("**/decisions", () => {});
  await page.clock.install();
  for (const key of ["a", "s"]) await page.keyboard.press(key);
  await page.clock.fastForward(LONG_MS);
  await page.getByText("2 decisions are kept here").waitFor();
  const left = await page.locator(".rows .row .row-text").textContent();
  for (let times = 0; times < 2; times++) {
    await page.reload();
    await page.locator(".rows .row").first().waitFor();
    await page.getByText("2 decisions are kept here").waitFor();
    assert.deepEqual(await page.locator(".rows .row .row-text").allTextContents(), [left]);
  }
  assert.equal(await it.waiting(), 3);
  // a row says how long it has waited, however long it is looked at
  const time = page.locator(".rows time").first();
  assert.equal(await time.textContent(), "now");
  await page.clock.fastForward(61_000);
  await time.getByText(/^\d min\. ago$/).waitFor();
  await page.unroute("**/decisions");
  await page.reload();
  await it.waitingBecomes(1);
  await page.locator(".unsent").waitFor({ state: "hidden" });
  // nothing of it stays behind
  await page.waitForFunction(() => localStorage.length === 0);
  const { items } = await mona.get("/api/v1/moderation/replies?queue=spam&limit=100");
  assert.equal(items.length, 1);
  await page.context().close();
  it.browser.check();
});

test("who closes the tab leaves his decisions to his other desk, or the next, and to nobody else’s", async () => {
  await it.post(3);
  const first = await it.deskOf("mona");
  await first.locator(".item h1").waitFor();
  const second = await another(first);
  await second.locator(".item h1").waitFor();
  const away = (/** @type {import("playwright-core").Page} */ page) =>
    page.route("**/decisions", (route) => route.abort());
  await away(first);
  await first.keyboard.press("a");
  await first.getByText("1 decision is kept here").waitFor();
  assert.equal(await second.locator(".unsent").isVisible(), false);
  await first.close();
  // an open one takes them over
  await it.waitingBecomes(2);

  await away(second);
  // what was taken over left its place to the next
  await second.locator(".item h1").waitFor();
  await second.keyboard.press("s");
  await second.getByText("1 decision is kept here").waitFor();
  await second.getByRole("button", { name: "Sign out" }).click();
  // until she is signed out it is still tried
  await second.getByLabel("Password").waitFor();
  await second.unroute("**/decisions");
  await signIn(second, "milo");
  await second.locator(".rows .row").nth(1).waitFor();
  assert.equal(await it.waiting(), 2);
  await second.getByRole("button", { name: "Sign out" }).click();
  await signIn(second, "mona");
  await it.waitingBecomes(1);
  const { items: log } = await mona.get("/api/v1/sites/kettle-news/log?action=spam&limit=1");
  assert.equal(log[0].actor_id, mona.id);
  await second.context().close();
  it.browser.check();
});

test("what stands in the way of an answer did not decide", async () => {
  await it.post(1);
  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  let times = 0;
  await page.route("**/decisions", (route) => {
    times++;
    // a page of somebody between, then an answer that comes through though it is not heard
    if (times === 1)
      return route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Sign in to the network</h1>" });
    if (times === 2) return route.fetch().then(() => route.abort());
    return route.continue();
  });
  await page.keyboard.press("s");
  await page.getByText("1 decision is kept here").waitFor();
  await it.waitingBecomes(0);
  await page.locator(".unsent").waitFor({ state: "hidden" });
  assert.equal(times, 3);
  assert.equal(await page.locator(".conflict").count(), 0);
  it.browser.check();
});

test("a refusal stands there, over a reload, until somebody says what becomes of it", async () => {
  await it.post(2);
  const page = await it.seatOf("mona");
  await page.locator(".rows .row").nth(1).waitFor();
  await page.locator(".item h1").waitFor();
  await page.route("**/decisions", (route) =>
    route.fulfill({ status: 403, contentType: "application/problem+json", body: '{"code":"forbidden","status":403}' }),
  );
  await page.keyboard.press("a");
  await page.locator(".conflict").getByText("You may not do that.").waitFor();
  await page.reload();
  await page.unroute("**/decisions");
  await page.locator(".conflict").getByText("You may not do that.").waitFor();
  // it waits, so it stands in the list
  await page.locator(".rows .row").nth(1).waitFor();
  await page.locator(".conflict").getByRole("button", { name: "Try again" }).click();
  await it.waitingBecomes(1);
  await page.locator(".conflict").waitFor({ state: "detached" });
  it.browser.check();
});

test("of what was refused each is looked at, let be or left so by itself", async () => {
  await it.post(3);
  const page = await it.seatOf("mona");
  await page.locator(".rows .row").nth(2).waitFor();
  await page.locator(".item h1").waitFor();
  const body = '{"code":"forbidden","status":403}';
  await page.route("**/decisions", (route) =>
    route.fulfill({ status: 403, contentType: "application/problem+json", body }),
  );
  const conflicts = page.locator(".conflict");
  const button = (/** @type {number} */ at, /** @type {string} */ name) =>
    conflicts.nth(at).getByRole("button", { name });
  await page.keyboard.press("a");
  await conflicts.getByText("You may not do that.").waitFor();
  // the first stays what it is, with the focus, when others come beside it
  await button(0, "Let it be").focus();
  await page.evaluate(() => {
    const left = { times: 0 };
    document.activeElement?.addEventListener("blur", () => left.times++);
    Object.assign(window, { left });
  });
  await it.readers[3].reply(it.story, "Nobody asks the kettle.");
  await page.getByRole("button", { name: /new repl(y|ies): show/ }).waitFor();
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).left.times), 0, "the focus never left it");
  const first = await conflicts.first().elementHandle();
  await page.keyboard.press("s");
  await conflicts.nth(1).waitFor();
  assert.ok(await first?.evaluate((one) => one.isConnected), "it is not read out again");
  await page.unroute("**/decisions");

  // without a connection it stays there, and says so
  const second = await conflicts.nth(1).locator("b").textContent();
  await page.getByRole("link", { name: "Search" }).click();
  await page.route("**/api/v1/moderation/replies/*", (route) => route.abort(), { times: 1 });
  await button(1, "Look at it").click();
  await conflicts.nth(1).getByText("The service cannot be reached.").waitFor();
  await button(1, "Look at it").click();
  await page.locator(".item h1", { hasText: String(second) }).waitFor();
  assert.equal(await conflicts.count(), 1);
  await button(0, "Let it be").click();
  await conflicts.waitFor({ state: "detached" });
  await page.locator(".rows .row").nth(3).waitFor();
  await it.waitingBecomes(4);

  // somebody was quicker, which she sees after she decided
  const looked = async () => {
    const { items } = await mona.get("/api/v1/moderation/replies?queue=pending&limit=100");
    const name = await page.locator(".item h1 bdi").first().textContent();
    return items.find((/** @type {any} */ { author }) => author.display_name === name);
  };
  const quicker = await looked();
  await page.route("**/moderation/replies/*/decisions", async (route) => {
    await it.milo.decide(quicker, "approve");
    await route.continue();
  });
  await page.keyboard.press("s");
  await conflicts.getByText("Somebody was quicker").waitFor();
  await button(0, "Leave it so").click();
  await conflicts.waitFor({ state: "detached" });
  await page.unroute("**/moderation/replies/*/decisions");
  assert.equal((await mona.get(`/api/v1/moderation/replies/${quicker.id}`)).state, "approved");

  // and here before
  await page.locator(".item h1").waitFor();
  await it.milo.decide(await looked(), "reject", { reason: "other" });
  await page.locator(".standing").getByText("milo: rejected.").waitFor();
  const again = page.getByRole("button", { name: "Look again" });
  await page.route("**/api/v1/moderation/replies/*", (route) => route.abort(), { times: 1 });
  await again.click();
  await page.getByRole("dialog").getByText("The service cannot be reached.").waitFor();
  await page.keyboard.press("Escape");
  await again.click();
  await page.locator(".item-head .badge.is-rejected").waitFor();
  it.browser.check();
});

test("what is undone before it is sent, or refused, comes to nothing", async () => {
  await it.post(2);
  const page = await it.seatOf("mona");
  await page.locator(".rows .row").nth(1).waitFor();
  await page.locator(".item h1").waitFor();
  await page.context().setOffline(true);
  // featured, which is two decisions, and undone
  await page.keyboard.press("f");
  await page.getByText("2 decisions are kept here").waitFor();
  await page.keyboard.press("u");
  await page.context().setOffline(false);
  await page.locator(".unsent").waitFor({ state: "hidden" });
  await page.locator(".rows .row").nth(1).waitFor();
  await it.waitingBecomes(2);
  assert.equal(await page.locator(".conflict").count(), 0);

  // an already public one that is featured by mistake stays public
  const { items } = await mona.get("/api/v1/moderation/replies?queue=pending");
  await mona.decide(
    items.find((/** @type {any} */ { body }) => body.includes("whistled")),
    "approve",
  );
  await page.reload();
  await page.locator(".rows .row").first().waitFor();
  await page.locator(".item h1").waitFor();
  await page.keyboard.press("/");
  await page.getByLabel("Words").fill("whistled");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Open" }).first().click();
  await page.locator(".item .badge.is-approved").waitFor();
  const answered = () => page.waitForResponse((answer) => answer.url().endsWith("/feature"));
  let answer = answered();
  await page.keyboard.press("f");
  assert.equal((await answer).request().method(), "PUT");
  answer = answered();
  await page.keyboard.press("u");
  assert.equal((await answer).request().method(), "DELETE");
  assert.equal(await it.waiting(), 1);
  it.browser.check();
});

test("a key right behind a closing dialog does what it says", async () => {
  await it.post(1);
  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByRole("heading", { name: "Keys" }).waitFor();
  await page.evaluate(() => {
    document.querySelector("dialog")?.close();
    const press = new KeyboardEvent("keydown", { key: "r", bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(press);
  });
  await page.getByRole("dialog").getByRole("heading", { name: "Reject: why?" }).waitFor();
  await page.keyboard.press("o");
  await it.waitingBecomes(0);
  it.browser.check();
});
