// The demo as its visitor meets it: he replies, sees it wait, approves it at the desk in the next tab, and sees it arrive.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, checkAccess, look, PHONE, screenshot } from "./browser.js";
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
  await look(page, "demo-front");
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

  // the next tab, by the blog's own link
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "The moderators’ desk" }).click({ modifiers: ["ControlOrMeta"] });
  const desk = await opened;
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
  // the blog's other links
  await page.getByRole("link", { name: "Mails" }).click();
  await page.getByRole("heading", { name: "Mails" }).waitFor();
  await look(page, "demo-mails");
  await page.goBack();
  await page.getByRole("link", { name: "API" }).click();
  await page.waitForURL(`${url}/docs/`, { waitUntil: "commit" });
  for (const each of [page, other]) await each.context().close();
  browser.check();
});

test("what is hostile in a mail is shown as text and runs nothing", async () => {
  const { url } = demo;
  const hostile = '</p><img src=x onerror="document.title=1"><script>document.title=2</script>';
  /** @param {string} path @param {unknown} [body] @param {string} [token] */
  const ask = async (path, body, token) => {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const sent = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/v1${path}`, sent);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const signedIn = async (/** @type {string} */ identifier) =>
    (await ask("/sessions", { identifier, password: demo.passwordOf(identifier) })).access_token;
  const signUp = { email: "nora@example.org", username: "nora", password: "seven wet umbrellas" };
  const [nora, ines] = [(await ask("/accounts", signUp)).access_token, await signedIn("ines-t")];
  const page = await browser.page([url]);
  /** Opens the mail with this subject, which is written a moment after what it tells of. @param {RegExp} subject */
  const open = async (subject) => {
    await page.goto(`${url}/mails`);
    const mail = page.getByRole("link", { name: subject }).first();
    for (let tries = 0; (await mail.count()) === 0; tries++) {
      assert.ok(tries < 150, `there is a mail ${subject}`);
      await page.waitForTimeout(100);
      await page.reload();
    }
    await mail.click();
  };
  // who confirms his address by the link that he is mailed is written to from then on
  await open(/confirm your e-mail address/);
  await page.locator('a[href*="/account/email#"]').click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("The address is confirmed.").waitFor();

  const site = (await ask("/sites")).items[0].key;
  const [story] = (await ask(`/sites/${site}/stories`)).items;
  const reply = await ask(`/stories/${story.id}/replies`, { body: `What a mail says of this: ${hostile}` }, nora);
  const returned = { action: "return", version: reply.version, message: `Please take this out: ${hostile}` };
  await ask(`/moderation/replies/${reply.id}/decisions`, returned, ines);

  await open(/Please change your reply/);
  await page.getByText(`Please take this out: ${hostile}`).waitFor();
  assert.match(await page.title(), /^Please change your reply/);
  // a mail stands in the page of whoever's mail program: landmarks are that page's
  await checkAccess(page, "a mail", { within: "body > div" });
  await page.context().close();
  browser.check();
});
