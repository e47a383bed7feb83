// What stands in a reader's way, and how the discussion leads around it: on a page of another origin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { becomes, blog, fillSignIn, leave, replyOf, signIn } from "./blog.js";
import { checkAccess, screenshot } from "./browser.js";
import { PASSWORD } from "./service.js";
import { codeOf } from "./totp.js";

/** @type {Awaited<ReturnType<typeof blog>>} */
let it;
/** @type {import("./service.js").Person} */
let mona;
/** @type {string} */
let address;

before(async () => {
  // browsers of newcomers work; and as for the world outside, the service is reached by TLS
  it = await blog({ PROOF_OF_WORK: "on", PROOF_OF_WORK_COST: "100" });
  const { admin } = it.service;
  mona = admin;
  await it.tea.story("smaller-kettles");
  address = it.page("tea-times", "smaller-kettles");
});
after(() => it?.stop());

/** Signs up by the discussion's own dialog. @param {import("playwright-core").Page} page @param {string} username */
async function signUp(page, username) {
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("E-mail").fill(`${username}@example.org`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Later" }).click();
  await page.getByText(`Signed in as ${username}`).waitFor();
  return it.service.signIn(username);
}

/** @param {import("playwright-core").Page} page @param {string} text */
async function post(page, text) {
  const invitation = page.getByRole("button", { name: "What do you think?" });
  if (await invitation.isVisible()) await invitation.click();
  await page.getByLabel("Your reply", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Post", exact: true }).click();
}

/** @param {string} path */
async function storyId(path) {
  return (await it.service.ask(`/api/v1/sites/tea-times/stories/${path}`)).id;
}

test("where newcomers' browsers must work first, they do, and nobody need know", async () => {
  const page = await it.open(address);
  /** @type {string[]} */
  const work = [];
  page.on("request", (request) => {
    if (request.headers()["altcha"]) work.push(new URL(request.url()).pathname.split("/").at(-1) ?? "");
  });
  await signUp(page, "newcomer");
  await post(page, "The work is done.");
  await replyOf(page, "The work is done.").waitFor();
  assert.equal(await page.getByText("Nobody has replied yet.").count(), 0);
  assert.deepEqual(work, ["accounts", "replies"]);
  await leave(it.browser, page);
});

test("a warning is read before the reply goes, and who may not write is told until when", async () => {
  const page = await it.open(address);
  const person = await signUp(page, "hothead");
  const sanctions = `/api/v1/accounts/${person.id}/sanctions`;
  const warning = { kind: "warn", site: "tea-times", reason: "Insults", message: "Write of tea, please." };
  await mona.post(sanctions, warning);
  await post(page, "After a warning.");
  await page.getByRole("heading", { name: "A moderator has a warning for you" }).waitFor();
  await page.getByText("Write of tea, please.").waitFor();
  await checkAccess(page, "a warning");
  await page.getByRole("button", { name: "I have read it" }).click();
  await replyOf(page, "After a warning.").waitFor();

  const until = new Date(Date.now() + 86_400_000).toISOString();
  await mona.post(sanctions, {
    kind: "suspend",
    site: "tea-times",
    until,
    reason: "More of them",
    message: "A day off.",
  });
  await post(page, "After a suspension.");
  await page.locator(".wrong-note", { hasText: "You may not write here until" }).getByText("A day off.").waitFor();
  assert.equal(await page.getByLabel("Your reply", { exact: true }).inputValue(), "After a suspension.");
  await leave(it.browser, page);
});

test("where a discussion closes while somebody writes, his text stays", async () => {
  await it.tea.story("closing");
  const page = await it.open(it.page("tea-times", "closing"));
  await signUp(page, "slow-writer");
  await page.getByRole("button", { name: "What do you think?" }).click();
  const box = page.getByLabel("Your reply", { exact: true });
  await box.fill("Too late, as it seems.");
  for (const isAnew of [false, true]) {
    if (isAnew) await page.reload();
    else await it.service.admin.post(`/api/v1/stories/${await storyId("closing")}/close`, undefined);
    await page.getByText("This discussion is closed. You can still read it.").waitFor();
    await page.getByText("This discussion was closed meanwhile.").waitFor();
    assert.equal(await box.inputValue(), "Too late, as it seems.");
    if (!isAnew) assert.ok(await box.evaluate((text) => text.matches(":focus")), "one goes on typing");
  }
  await box.press("Escape");
  await box.waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: "What do you think?" }).isVisible(), false);
  await it.service.admin.post(`/api/v1/stories/${await storyId("closing")}/reopen`, undefined);
  await page.getByRole("button", { name: "What do you think?" }).click();
  await becomes(() => box.inputValue(), "Too late, as it seems.");
  assert.equal(await page.getByText("This discussion was closed meanwhile.").count(), 0);
  await leave(it.browser, page);
});

test("a second factor is asked for, and where it was wrong, again", async () => {
  const careful = await it.service.signIn("newcomer");
  const { secret } = await careful.post("/api/v1/me/second-factor", { password: PASSWORD });
  const { recovery_codes: codes } = await careful.post("/api/v1/me/second-factor/confirm", { code: codeOf(secret) });
  const page = await it.open(address);
  await page.getByRole("button", { name: "Sign in" }).click();
  await fillSignIn(page, "newcomer");
  await page.getByRole("heading", { name: "Your second factor" }).waitFor();
  await checkAccess(page, "a second factor");
  await page.getByLabel("Code").fill("000000");
  await page.keyboard.press("Enter");
  await page.getByText("This code is wrong, or was used before.").waitFor();
  await page.getByLabel("Code").fill(codes[0]);
  await page.keyboard.press("Enter");
  await page.getByText("Signed in as newcomer").waitFor();
  await leave(it.browser, page);
});

test("a service that does not answer is said, and asked again", async () => {
  const page = await it.browser.page([it.url, it.service.url]);
  await page.route("**/discussion?*", (route) => route.abort());
  await page.goto(address);
  await page.getByText("No connection. Please try again.").waitFor();
  await checkAccess(page, "no connection");
  await page.unroute("**/discussion?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".title").waitFor();

  // a proxy's page, with a status of its own
  await page.route("**/discussion?*", (route) =>
    route.fulfill({
      status: 502,
      body: "<html>bad gateway</html>",
      contentType: "text/html",
      headers: { "Access-Control-Allow-Origin": "*" },
    }),
  );
  await page.reload();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await page.unroute("**/discussion?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".title").waitFor();
  await leave(it.browser, page);
});

test("the service may be away for a while: what happened meanwhile is shown when it is back", async () => {
  const page = await it.open(address);
  await signUp(page, "patient");
  const other = await it.open(address);
  const before = await page.locator("article.reply").count();
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("Posted while it was away.");
  const place = () => other.locator(".threads").evaluate((threads) => threads.getBoundingClientRect().y);
  const stood = await place();
  await it.service.end();
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.getByText("No connection. Your text is kept").waitFor();
  await other.getByText("No connection. What is new comes when it is back.").waitFor();
  assert.equal(await place(), stood, "what one reads does not move");
  await checkAccess(other, "no connection while reading");
  await screenshot(other, "embed-lost");
  await it.service.begin();
  await page.getByRole("button", { name: "Try now" }).click();
  await replyOf(page, "Posted while it was away.").waitFor();
  assert.equal(await page.locator("article.reply").count(), before + 1);
  await page.getByText("Signed in as patient").waitFor();
  // and whoever only reads hears of all that came, once
  await other.getByText("No connection. What is new comes when it is back.").waitFor({ state: "hidden" });
  await other.getByRole("button", { name: "1 new reply" }).click();
  await replyOf(other, "Posted while it was away.").waitFor();
  assert.equal(await other.locator("article.reply").count(), before + 1);
  await leave(it.browser, other);
  await leave(it.browser, page);
});

test("on a page of another site the session stands in a cookie of that site alone", async () => {
  // over TLS, as far as the service knows: a browser takes such cookies from one's own machine as well
  await it.service.end();
  const variables = it.service.variables;
  it.service.variables = { ...variables, PUBLIC_URL: "https://comments.example" };
  await it.service.begin();
  // tokens name the address of the service
  it.service.boss = await it.service.signIn("boss");
  const there = it.url.replace("127.0.0.1", "localhost");
  await it.service.ask("/api/v1/sites/tea-times", {
    method: "PATCH",
    token: it.service.admin.token,
    body: { allowed_origins: [there] },
    headers: { "If-Match": "*" },
  });
  const page = await it.browser.page([there, it.service.url]);
  await page.goto(address.replace("127.0.0.1", "localhost"));
  await signIn(page, "patient");
  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes("rejoinder"));
  assert.equal(cookies.length, 1);
  const [{ name, httpOnly, secure, sameSite }] = cookies;
  assert.ok(name.startsWith("__Host-") && httpOnly && secure);
  assert.equal(sameSite, "None");
  await page.reload();
  await page.getByText("Signed in as patient").waitFor();
  await leave(it.browser, page);
  await it.service.end();
  it.service.variables = variables;
  await it.service.begin();
  it.service.boss = await it.service.signIn("boss");
});

test("storage that a browser forbids takes nothing but drafts and the session's memory", async () => {
  await it.service.ask("/api/v1/sites/tea-times", {
    method: "PATCH",
    token: it.service.admin.token,
    body: { allowed_origins: [it.url] },
    headers: { "If-Match": "*" },
  });
  const page = await it.browser.page([it.url, it.service.url]);
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await page.goto(address);
  await page.getByRole("button", { name: "Sign in" }).click();
  await fillSignIn(page, "patient");
  await page.getByText("Signed in as patient").waitFor();
  await post(page, "Without any storage.");
  await replyOf(page, "Without any storage.").waitFor();
  await leave(it.browser, page);
});
