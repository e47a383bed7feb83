// The pages for browsers without script: read, gone through, and written on, with script switched off.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, checkAccess, DESKTOP, PHONE, screenshot } from "./browser.js";
import { servePages } from "./pages.js";
import { PASSWORD, Service } from "./service.js";

/** @type {Service} */
let service;
/** @type {Browser} */
let browser;
/** @type {{id: string, headline: string}} */
let story;
/** @type {import("./service.js").Person} */
let mona;
const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> [x](javascript:alert(1))';

before(async () => {
  // a browser shows a page of two seconds ago without asking: here it asks each time
  service = await Service.start({ PAGES_MAX_AGE_SECS: "0" });
  browser = await Browser.start();
  const site = await service.site("kettle-news");
  story = await site.story("smaller-kettles", {
    headline: "Kettles get smaller, and so do the people who make them",
    commentary: { label: "KC's View", author_name: "KC", body: "A merger of three is not a competition of *two*." },
  });
  mona = await site.moderator("mona");
  const [ann, bob] = [await service.reader("ann"), await service.reader("bob")];
  let parent = await mona.reply(story, "My kettle has whistled for *thirty* years, and I would not swap it.");
  for (let depth = 2; depth <= 8; depth++) {
    parent = await mona.reply(story, `Nobody gets rich by tea, says number ${depth}.`, parent);
  }
  await mona.reply(story, `As somebody who sells these: ${HOSTILE}`);
  for (const [writer, text] of /** @type {const} */ ([
    [ann, "Is the chart adjusted for inflation?"],
    [bob, "The link to the study is broken."],
  ])) {
    await mona.decide(await writer.reply(story, text), "approve");
  }
});
after(async () => {
  await browser?.stop();
  await service?.stop();
});

const address = () => `${service.url}/embed/kettle-news/smaller-kettles`;

/** A page of somebody who has switched script off. */
const plainly = (options = {}) => browser.page([service.url], { javaScriptEnabled: false, ...options });

test("anyone can use the pages, in both colour schemes, and on a phone", async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const page = await browser.page([service.url], { colorScheme, viewport: PHONE });
    for (const [name, url] of [
      ["threads", address()],
      ["write", `${address()}/reply`],
      ["arabic", `${address()}?lang=ar`],
      ["missing", `${service.url}/embed/kettle-news/none`],
    ]) {
      await page.goto(url);
      if (colorScheme === "light") await checkAccess(page, name);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
      await screenshot(page, `plain-${name}-${colorScheme}`);
      // a page that is not there is no fault of the page
      browser.faults = browser.faults.filter((fault) => !fault.includes("/embed/kettle-news/none"));
    }
    await page.setViewportSize(DESKTOP);
    await page.goto(address());
    await screenshot(page, `plain-desktop-${colorScheme}`);
    assert.equal(await page.title(), `${story.headline} · Kettle News`, "no script of a reply has run");
    await page.context().close();
  }
  browser.check();
});

test("somebody without script reads, answers, signs in on the way, and sees it once it is approved", async () => {
  const page = await plainly();
  await page.goto(address());
  await page.getByRole("heading", { name: "KC's View · Replies: 11" }).waitFor();
  assert.equal(await page.locator("ol ol ol ol ol ol ol ol li").count(), 1, "eight levels");
  await page
    .getByRole("listitem")
    .filter({ hasText: "adjusted for inflation" })
    .getByRole("link", { name: "Reply" })
    .click();
  await page.getByRole("heading", { name: "In answer to ann" }).waitFor();
  await page.getByLabel("Write a reply").fill("It is, says the *footnote*.");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { name: "As it will be shown" }).waitFor();
  assert.equal(await page.locator("article em").textContent(), "footnote");
  await page.getByLabel("Username or e-mail").fill("bob");
  await page.getByLabel("Password").fill("not that");
  await page.getByRole("button", { name: "Post" }).click();
  await page.getByRole("status").filter({ hasText: "No active account" }).waitFor();
  assert.equal(await page.getByLabel("Write a reply").inputValue(), "It is, says the *footnote*.");
  await page.getByLabel("Username or e-mail").fill("bob");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Post" }).click();
  await page.getByRole("status").filter({ hasText: "waits for a moderator" }).waitFor();
  // a reload asks to send it again, and posts nothing twice
  await page.reload();
  const { items } = await mona.get("/api/v1/moderation/replies?queue=pending");
  assert.equal(items.length, 1);
  await mona.decide(items[0], "approve");
  await page.getByRole("link", { name: "Back to the discussion" }).click();
  await page.getByRole("heading", { name: "Replies: 12" }).waitFor();
  await page.getByText("It is, says the footnote.").waitFor();

  // the next one takes no password; signing out does what it says
  await page.getByLabel("Write a reply").fill("One more.");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("You are signed in as bob.").waitFor();
  await screenshot(page, "plain-preview");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("status").filter({ hasText: "You are signed out." }).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("Password").waitFor();
  browser.check();
});

test("a front end's page holds the discussion, and what is written there is posted here", async () => {
  const answer = await fetch(`${address()}?fragment=true`);
  const part = await answer.text();
  const text = `<!doctype html><html lang="en"><title>Blog</title><link rel="icon" href="data:,"><h1>Blog</h1>${part}`;
  const blog = await servePages({ "/story": text });
  try {
    const page = await browser.page([service.url, blog.url], { javaScriptEnabled: false });
    await page.goto(`${blog.url}/story`);
    await page.getByRole("heading", { name: "KC's View" }).waitFor();
    await page.getByLabel("Write a reply").fill("From the blog's page.");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.waitForURL(`${address()}/preview`);
    await page.getByText("From the blog's page.").first().waitFor();
    browser.check();
  } finally {
    await blog.stop();
  }
});
