// The discussion as it is read, on a page of another origin.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { becomes, blog, leave, replyOf } from "./blog.js";
import { checkAccess, PHONE, screenshot } from "./browser.js";

/** @type {Awaited<ReturnType<typeof blog>>} */
let it;
/** @type {import("./service.js").Person[]} */
let readers;
/** @type {{id: string}} */
let story;
/** The first of its threads: an answer, an answer to that, a reply taken back with an answer below. @type {Record<string, any>} */
let posted;
/** @type {string} */
let address;

const COMMENTARY = { label: "KC's View", author_name: "KC", body: "Watch the price of copper." };

before(async () => {
  it = await blog();
  readers = [];
  for (const name of ["ann-reads", "bela", "carlos"]) readers.push(await it.service.reader(name));
  story = await it.tea.story("smaller-kettles", { commentary: COMMENTARY });
  const [ann, bela, carlos] = readers;
  posted = {};
  posted.first = await ann.reply(story, "My kettle has whistled for *thirty* years.");
  posted.answer = await bela.reply(story, "Mine for forty, and it is of copper.", posted.first);
  posted.deeper = await carlos.reply(story, "Copper is what it should be of.", posted.answer);
  posted.second = await bela.reply(story, "Who needs a kettle of half a litre?");
  posted.taken = await carlos.reply(story, "A text that its author takes back.");
  posted.below = await ann.reply(story, "An answer that stays below it.", posted.taken);
  await it.service.ask(`/api/v1/replies/${posted.taken.id}`, { method: "DELETE", token: carlos.token });
  for (const person of [bela, carlos]) await person.put(`/api/v1/replies/${posted.first.id}/recommendation`);
  address = it.page("tea-times", "smaller-kettles");
});
after(() => it?.stop());

/** The first words of each thread, as they stand. @param {import("playwright-core").Page} page */
const threads = (page) => page.locator(".threads > .node > article > .body").allInnerTexts();

/** Replies of this story, none like another. @param {{id: string}} of @param {number} number @param {{id: string}} [parent] */
async function fill(of, number, parent) {
  const made = [];
  for (let at = 1; at <= number; at++) {
    const words = Array.from({ length: 12 }, () => Math.random().toString(36).slice(2, 8));
    const text = `${at}: ${words.join(" ")}`;
    made.push(await readers[at % readers.length].reply(of, text, parent));
  }
  return made;
}

test("threads are shown with their number, in each order, and what was taken back by its place alone", async () => {
  const page = await it.open(address);
  await page.getByRole("heading", { name: "5 answers to KC's View" }).waitFor();
  const [taken, second, first] = await threads(page);
  assert.equal(taken, "This reply is not shown.");
  assert.equal(second, "Who needs a kettle of half a litre?");
  assert.equal(first, "My kettle has whistled for thirty years.");
  assert.equal(await page.locator("article em").innerText(), "thirty");
  assert.equal(await page.getByText("A text that its author takes back.").count(), 0);
  await replyOf(page, "An answer that stays below it.").waitFor();
  await replyOf(page, "Copper is what it should be of.").waitFor();
  const recommend = replyOf(page, "My kettle").getByRole("button", { name: "Recommend 2" });
  assert.equal(await recommend.getAttribute("aria-pressed"), "false");

  await page.getByRole("button", { name: "Oldest" }).click();
  await becomes(async () => (await threads(page))[0], first);
  await page.getByRole("button", { name: "Newest" }).click();
  await becomes(async () => (await threads(page))[0], taken);
  await page.getByRole("button", { name: "Top" }).click();
  await becomes(async () => (await threads(page))[0], first);
  assert.equal(await page.getByRole("button", { name: "Top" }).getAttribute("aria-pressed"), "true");
  await leave(it.browser, page);
});

test("a thread collapses by its button and by a key, and opens again", async () => {
  const page = await it.open(address);
  const below = replyOf(page, "Mine for forty");
  await page.getByRole("button", { name: "Collapse ann-reads, with 2 replies below" }).click();
  await below.waitFor({ state: "hidden" });
  const expand = page.getByRole("button", { name: "Expand ann-reads, with 2 replies below" });
  assert.equal(await expand.getAttribute("aria-expanded"), "false");
  await page.keyboard.press("x");
  await below.waitFor();
  await replyOf(page, "My kettle").focus();
  for (const key of ["j", "j", "p"]) await page.keyboard.press(key);
  const focused = await page.evaluate(
    () => document.querySelector("rejoinder-discussion")?.shadowRoot?.activeElement?.id,
  );
  assert.equal(focused, `reply-${posted.answer.id}`, "two on, and one up");
  await leave(it.browser, page);
});

test("a reply's address opens and marks it, wherever it stands", async () => {
  const many = await it.tea.story("many");
  const [oldest] = await fill(many, 32);
  const below = await fill(many, 14, oldest);
  const page = await it.open(`${it.page("tea-times", "many")}#reply-${oldest.id}`);
  await page.getByRole("heading", { name: "46 replies" }).waitFor();
  const linked = page.locator(".linked");
  await linked.waitFor();
  assert.equal(await linked.getAttribute("id"), `reply-${oldest.id}`);
  assert.ok(await linked.evaluate((article) => article.matches(":focus")), "the focus is there");
  const { y, height } = (await linked.boundingBox()) ?? assert.fail("it is shown");
  assert.ok(y >= 0 && y + height <= 850, "it is in view");

  // one that is not on the page yet, by a link on it
  const last = below[below.length - 1];
  await page.evaluate((id) => (location.hash = `reply-${id}`), last.id);
  await becomes(() => linked.getAttribute("id"), `reply-${last.id}`);
  await leave(it.browser, page);
});

test("more threads, and more of a thread, come when they are asked for", async () => {
  const page = await it.open(it.page("tea-times", "many", 'sort="oldest"'));
  const articles = page.locator("article.reply");
  await becomes(() => articles.count(), 30 + 12);
  await page.getByRole("button", { name: "Show 2 more replies" }).click();
  await becomes(() => articles.count(), 30 + 14);
  await page.getByRole("button", { name: "Show more", exact: true }).click();
  await becomes(() => articles.count(), 32 + 14);
  assert.equal(await page.getByRole("button", { name: "Show more", exact: true }).count(), 0);
  const ids = await articles.evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, "each once");
  await leave(it.browser, page);
});

test("what comes while one reads waits behind a button, and what goes leaves its place", async () => {
  const live = await it.tea.story("live");
  await readers[0].reply(live, "The first one here.");
  const going = await readers[1].reply(live, "One that will go.");
  const page = await it.open(it.page("tea-times", "live"));
  await page.getByRole("heading", { name: "2 replies" }).waitFor();
  await page.waitForLoadState("load");
  await readers[2].reply(live, "One that comes.");
  await page.getByRole("button", { name: "1 new reply" }).waitFor();
  assert.equal(await page.getByText("One that comes.").count(), 0, "nothing moves by itself");
  await page.getByRole("heading", { name: "3 replies" }).waitFor();
  await page.getByRole("button", { name: "1 new reply" }).click();
  await replyOf(page, "One that comes.").getByText("New", { exact: true }).waitFor();
  await it.service.ask(`/api/v1/replies/${going.id}`, { method: "DELETE", token: readers[1].token });
  await page.getByText("This reply was removed.").waitFor();
  assert.equal(await page.getByText("One that will go.").count(), 0);
  await leave(it.browser, page);
});

test("a closed discussion can be read, one that is not there says so, and so does an empty one", async () => {
  const closed = await it.tea.story("closed");
  await readers[0].reply(closed, "Before it was closed.");
  await it.service.admin.post(`/api/v1/stories/${closed.id}/close`, undefined);
  await it.tea.story("empty");
  const page = await it.open(it.page("tea-times", "closed"));
  await page.getByText("This discussion is closed.").waitFor();
  await replyOf(page, "Before it was closed.").waitFor();
  assert.equal(await page.getByRole("button", { name: "What do you think?" }).isVisible(), false);
  assert.equal(await page.getByRole("button", { name: "Reply", exact: true }).isVisible(), false);
  await page.goto(it.page("tea-times", "empty"));
  await page.getByText("Nobody has replied yet.").waitFor();
  await page.goto(it.page("tea-times", "nowhere"));
  await page.getByText("There is no discussion here yet.").waitFor();
  await leave(it.browser, page);
});

test("where attributes change, the old discussion goes and the new one comes", async () => {
  await it.tea.story("other");
  await readers[0].post(`/api/v1/stories/${(await it.tea.story("other")).id}/replies`, {
    body: "Under another story.",
  });
  const page = await it.open(address);
  await replyOf(page, "Who needs a kettle").waitFor();
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.locator("rejoinder-discussion").evaluate((element) => element.setAttribute("story", "other"));
  await replyOf(page, "Under another story.").waitFor();
  assert.equal(await page.getByText("Who needs a kettle").count(), 0);
  assert.equal(await page.locator("article.reply").count(), 1);

  // what becomes of the old story is none of this one's business
  await readers[1].reply(story, "Something else about small kettles, later.");
  await readers[1].reply(await it.tea.story("other"), "News under the other story.");
  await page.getByRole("button", { name: "1 new reply" }).waitFor();
  await page.getByRole("heading", { name: "2 replies" }).waitFor();
  // several that change in one go are one change
  asked.length = 0;
  await page.locator("rejoinder-discussion").evaluate((element) => {
    element.setAttribute("sort", "oldest");
    element.setAttribute("lang", "de");
  });
  await page.getByRole("heading", { name: "2 Antworten" }).waitFor();
  assert.equal(asked.filter((path) => path.endsWith("/discussion")).length, 1);
  // away and back again
  await page.locator("rejoinder-discussion").evaluate((element) => {
    const parent = element.parentElement;
    element.remove();
    parent?.append(element);
  });
  await page.getByRole("heading", { name: "2 Antworten" }).waitFor();
  await leave(it.browser, page);
});

test("two discussions on a page each have their own, and neither the other's", async () => {
  const left = '<rejoinder-discussion site="tea-times" story="smaller-kettles"></rejoinder-discussion>';
  const right = '<rejoinder-discussion site="tea-times" story="other" sort="oldest"></rejoinder-discussion>';
  it.addPage("/two", left + right);
  const page = await it.open(`${it.url}/two`);
  const [one, two] = [page.locator("rejoinder-discussion").first(), page.locator("rejoinder-discussion").last()];
  await one.getByText("Who needs a kettle").waitFor();
  await two.getByText("Under another story.").waitFor();
  assert.equal(await two.getByText("Who needs a kettle").count(), 0);
  await one.getByRole("button", { name: "Top" }).click();
  assert.equal(await two.getByRole("button", { name: "Oldest" }).getAttribute("aria-pressed"), "true");
  await leave(it.browser, page);
});

test("it is accessible in the light and in the dark, on a desk and on a telephone", async () => {
  for (const [name, options] of Object.entries({ desktop: {}, phone: { viewport: PHONE } })) {
    const page = await it.open(address, options);
    await replyOf(page, "My kettle").waitFor();
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme });
      await checkAccess(page, `${name}, ${colorScheme}`);
      await screenshot(page, `embed-${name}-${colorScheme}`);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(width <= 0, `${name}: nothing stands out at the side`);
    await leave(it.browser, page);
  }
});

test("deep threads and long words stay within 360 pixels", async () => {
  const deep = await it.tea.story("deep");
  let parent;
  for (let depth = 0; depth < 14; depth++) {
    const text = `Depth ${depth} of ${depth * 31 + 5}: ${"Donaudampfschifffahrt".repeat(6)}${depth}`;
    parent = await readers[depth % 3].reply(deep, `${text}\n\n    ${"code ".repeat(40)}${depth}`, parent);
  }
  const page = await it.open(it.page("tea-times", "deep"), { viewport: PHONE });
  await page.getByText("Depth 12 of").waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, "nothing stands out at the side");
  const least = await page
    .locator("article.reply")
    .evaluateAll((all) => Math.min(...all.map((one) => one.clientWidth)));
  assert.ok(least > 200, `the deepest has ${least} pixels`);
  await page.getByText("Depth 12 of").scrollIntoViewIfNeeded();
  await screenshot(page, "embed-deep-phone");
  await leave(it.browser, page);
});

test("in Arabic it stands from right to left", async () => {
  const page = await it.open(it.page("tea-times", "smaller-kettles", "", { lang: "ar" }), { viewport: PHONE });
  const discussion = page.locator(".discussion");
  assert.equal(await discussion.getAttribute("dir"), "rtl");
  await replyOf(page, "My kettle").waitFor();
  const [parent, child] = [replyOf(page, "My kettle"), replyOf(page, "Mine for forty")];
  const [outer, inner] = [await parent.boundingBox(), await child.boundingBox()];
  assert.ok(outer && inner && inner.x + inner.width < outer.x + outer.width, "answers are set in from the right");
  assert.equal(await page.getByText("Recommend").count(), 0, "nothing is left in English");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  await checkAccess(page, "Arabic");
  await screenshot(page, "embed-arabic-phone");
  await leave(it.browser, page);
});

test("all counts of a page are asked for in one request, and what is not known stays", async () => {
  const counts = ["smaller-kettles", "many", "empty", "nowhere"].map(
    (key) => `<p><rejoinder-count site="tea-times" story="${key}">Discuss</rejoinder-count></p>`,
  );
  it.addPage("/list", counts.join(""));
  const page = await it.browser.page([it.url, it.service.url]);
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/") && request.method() !== "OPTIONS") asked.push(pathname);
  });
  await page.goto(`${it.url}/list`);
  await page.getByText("46 replies").waitFor();
  const texts = await page.locator("rejoinder-count").allInnerTexts();
  const now = (await it.service.ask("/api/v1/sites/tea-times/stories/smaller-kettles")).replies;
  assert.deepEqual(texts, [`${now} replies`, "46 replies", "0 replies", "Discuss"]);
  assert.deepEqual(asked, ["/api/v1/counts"]);
  await checkAccess(page, "a list with counts");
  await leave(it.browser, page);
});

test("one request to the service shows the discussion, and pages hear that it is there", async () => {
  it.addScript("/hears.js", "addEventListener('rejoinder:ready', ({ detail }) => (window.heard = detail));");
  const head = '<script src="/hears.js"></script>';
  const policy = it.policy.replace("script-src", "script-src 'self'");
  const element = '<rejoinder-discussion site="tea-times" story="smaller-kettles"></rejoinder-discussion>';
  it.addPage("/hears", element, { head, policy });
  const page = await it.browser.page([it.url, it.service.url]);
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${it.url}/hears`);
  await replyOf(page, "My kettle").waitFor();
  const api = asked.filter((path) => path.startsWith("/api/") && !path.endsWith("/events"));
  assert.deepEqual(api, ["/api/v1/sites/tea-times/stories/smaller-kettles/discussion"]);
  assert.ok(!asked.some((path) => path.includes("/writing/")), "what only writing needs is not loaded");
  const heard = await page.evaluate(() => /** @type {any} */ (window).heard);
  assert.equal(heard.story, story.id);
  await leave(it.browser, page);
});

test("what a first view loads is at most 20 KB", async () => {
  const web = new URL("../", import.meta.url);
  /** @type {Map<string, string>} */
  const modules = new Map();
  /** @param {URL} url */
  async function read(url) {
    if (modules.has(url.href)) return;
    const text = await readFile(url, "utf8");
    modules.set(url.href, text);
    for (const [, path] of text.matchAll(/^(?:import|export|\}) (?:[^"]* from )?"(\.[^"]+)";$/gm))
      await read(new URL(path, url));
  }
  await read(new URL("embed/main.js", web));
  const names = [...modules.keys()].map((href) => href.slice(web.href.length)).sort();
  const entry = await (await fetch(`${it.service.url}/embed.js`)).text();
  const told = [...entry.matchAll(/^import "\.\/assets\/[^/]+\/([^"]+)";$/gm)].map(([, path]) => path).sort();
  assert.deepEqual(names, told, "the service names what is imported");

  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
  let size = 0;
  for (const text of modules.values()) size += brotliCompressSync(text, { params }).length;
  assert.ok(size <= 20 * 1024, `${size} bytes`);
});
