// The discussion as it is read, on a page of another origin.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
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

let chance = 4711;

/** A word of no language; the same ones in each run, as a rule of the service may dislike one. */
const word = () => (chance = (chance * 48_271) % 2_147_483_647).toString(36);

/** Replies of this story, none like another. @param {{id: string}} of @param {number} number @param {{id: string}} [parent] */
async function fill(of, number, parent) {
  const made = [];
  for (let at = 1; at <= number; at++) {
    const words = Array.from({ length: 12 }, word);
    const text = `${at}: ${words.join(" ")}`;
    const reply = /** @type {any} */ (await readers[at % readers.length].reply(of, text, parent));
    // on a busy machine a rule may take longer than it is given: then what it looked at waits
    made.push(reply.state === "approved" ? reply : await it.service.admin.decide(reply, "approve"));
  }
  return made;
}

/** Five replies whose texts are of no language. */
async function languages() {
  const made = await it.tea.story("languages", { commentary: COMMENTARY });
  for (let at = 1; at <= 5; at++) await readers[at % 3].reply(made, `${"🫖".repeat(at)} ${at ** 9}`);
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

test("where another order cannot be had, the one that is shown stays pressed, and it may be asked for again", async () => {
  const page = await it.open(address);
  const [top] = await threads(page);
  const [newest, oldest] = ["Newest", "Oldest"].map((name) => page.getByRole("button", { name }));
  const headers = { "Access-Control-Allow-Origin": "*" };
  const problem = { code: "of_a_later_service", title: "No", status: 409 };
  for (const [answer, said] of /** @type {const} */ ([
    [null, "No connection. Please try again."],
    [problem, "That did not work. Please try again."],
  ])) {
    await page.route("**/replies?*", (route) =>
      answer ? route.fulfill({ status: 409, headers, json: answer }) : route.abort(),
    );
    await oldest.click();
    await page.getByText(said).waitFor();
    assert.equal(await newest.getAttribute("aria-pressed"), "true");
    assert.equal(await oldest.getAttribute("aria-pressed"), "false");
    assert.equal(await page.locator(".threads[aria-busy]").count(), 0);
    assert.equal((await threads(page))[0], top);
    await page.unroute("**/replies?*");
  }
  await oldest.click();
  await becomes(async () => (await threads(page))[2], top);
  assert.equal(await oldest.getAttribute("aria-pressed"), "true");
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

  // below one that is collapsed
  await page.locator(`#reply-${oldest.id} .toggle`).click();
  await linked.waitFor({ state: "hidden" });
  await page.evaluate(() => dispatchEvent(new HashChangeEvent("hashchange")));
  await linked.waitFor();

  // whose ancestors are not on the page either
  const deeper = await readers[0].reply(many, "Deeper than all others here.", last);
  const other = await it.open(`${it.page("tea-times", "many")}?#reply-${deeper.id}`);
  const chain = [oldest, last, deeper].map(({ id }) => `.node:has(> #reply-${id})`);
  await other.locator(chain.join(" > .below > ")).locator(`> article.linked:focus`).waitFor();

  // and those that are not there: taken away, of another story, of none
  await it.service.ask(`/api/v1/replies/${deeper.id}`, { method: "DELETE", token: readers[0].token });
  for (const id of [deeper.id, posted.first.id, "01234567-89ab-7def-8123-456789abcdef"]) {
    await other.goto("about:blank");
    await (await other.context().newCDPSession(other)).send("Network.clearBrowserCache");
    await other.goto(`${it.page("tea-times", "many")}?#reply-${id}`);
    await other.getByText("This reply is not here, or not any more.").waitFor();
    assert.equal(await other.locator(".linked").count(), 0);
  }
  await leave(it.browser, page, other);
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
  const first = await readers[0].reply(live, "The first one here.");
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
  await it.service.ask(`/api/v1/replies/${first.id}`, {
    method: "PATCH",
    token: readers[0].token,
    body: { body: "The first one here, *edited*.", version: first.version },
  });
  await replyOf(page, "The first one here, edited.").locator("span.edited").waitFor();
  // of two at once the second is told a second later
  for (const reader of [readers[1], readers[2]]) await reader.put(`/api/v1/replies/${first.id}/recommendation`);
  await replyOf(page, "The first one here, edited.").getByRole("button", { name: "Recommend 2" }).waitFor();
  await it.service.ask(`/api/v1/replies/${going.id}`, { method: "DELETE", token: readers[1].token });
  await page.getByText("This reply was removed.").waitFor();
  assert.equal(await page.getByText("One that will go.").count(), 0);
  await leave(it.browser, page);
});

test("what was missed is asked for until it is known, whatever the stream tells meanwhile", async () => {
  const missed = await it.tea.story("missed");
  await readers[0].reply(missed, "There from the beginning.");
  const page = await it.browser.page([it.url, it.service.url]);
  let asked = 0;
  /** @type {() => void} */
  let begin = () => undefined;
  const begun = new Promise((resolve) => (begin = () => resolve(null)));
  await page.route("**/events", async (route) => {
    await begun;
    await route.continue();
  });
  await page.route("**/events?since=*", (route) => (asked++ === 0 ? route.abort() : route.fallback()));
  await page.goto(it.page("tea-times", "missed"));
  await replyOf(page, "There from the beginning.").waitFor();
  await readers[1].reply(missed, "Before the stream began.");
  begin();
  await becomes(() => asked, 1);
  await readers[2].reply(missed, "After it began.");
  await page.getByRole("button", { name: "2 new replies" }).waitFor();
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

test("what came since the last visit is marked, and so are badges and what was featured", async () => {
  const { admin } = it.service;
  const visited = await it.tea.story("visited");
  const early = await readers[0].reply(visited, "Here when somebody came first.");
  const page = await it.browser.page([it.url, it.service.url]);
  // a telephone, whose pages end without a word, and whose clock is a day ahead
  await page.addInitScript(() => addEventListener("pagehide", (event) => event.stopImmediatePropagation(), true));
  await page.clock.setFixedTime(Date.now() + 86_400_000);
  await page.goto(it.page("tea-times", "visited"));
  await replyOf(page, "Here when").waitFor();
  assert.equal(await page.locator(".mark").count(), 0, "who was never here has seen nothing of it");
  await page.goto(`${it.url}/page.css`);
  await readers[1].reply(visited, "Written while he was away.");
  await admin.put("/api/v1/sites/tea-times/badges/taster", { label: "Tea taster" }, { "If-Match": "*" });
  await admin.put(`/api/v1/sites/tea-times/badges/taster/holders/${readers[0].id}`);
  const author = await it.tea.moderator("theodora");
  await author.reply(visited, "From the newsroom.");
  await admin.put(`/api/v1/replies/${early.id}/feature`, { label: "Your views" });
  // as after longer than pages are kept
  await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
  await page.goto(it.page("tea-times", "visited"));
  await replyOf(page, "Written while").getByText("New", { exact: true }).waitFor();
  await replyOf(page, "From the newsroom.").getByText("Moderator", { exact: true }).waitFor();
  const old = replyOf(page, "Here when");
  await old.getByText("Your views").waitFor();
  await old.getByText("Tea taster").waitFor();
  assert.equal(await old.getByText("New", { exact: true }).count(), 0);
  await page.locator("article.reply").first().focus();
  await page.keyboard.press("n");
  assert.ok(await page.locator("article.is-new:focus").count(), "`n` goes to a new one");

  // the exact time, for a pointer and for who has none
  const time = old.locator("a.time");
  const exact = (await time.getAttribute("title")) ?? "";
  assert.match(exact, /20\d\d at \d/);
  const shown = () => time.evaluate((link) => getComputedStyle(link, "::after").content);
  assert.equal(await shown(), "none");
  await page.keyboard.press("Tab");
  await time.focus();
  assert.ok((await shown()).includes("attr(title)") || (await shown()).includes(exact), await shown());
  await checkAccess(page, "marks");
  await screenshot(page, "embed-marks");
  await leave(it.browser, page);
});

test("what is featured is listed above, in its order, and leads to where it stands", async () => {
  const { admin } = it.service;
  const picked = await it.tea.story("picked");
  const top = await readers[0].reply(picked, "Which tea is it for?");
  const below = await readers[1].reply(picked, "For *black* tea.", top);
  const later = await readers[2].reply(picked, "Any tea, and soup.");
  const page = await it.open(it.page("tea-times", "picked"), { viewport: PHONE });
  await replyOf(page, "Any tea").waitFor();
  assert.equal(await page.locator(".picks").count(), 0);
  // it comes while one reads
  await admin.put(`/api/v1/replies/${later.id}/feature`, { label: "From the kitchen" });
  await page.getByRole("button", { name: "1 featured reply" }).waitFor();
  await admin.put(`/api/v1/replies/${below.id}/feature`, {});
  await page.getByRole("button", { name: "2 featured replies" }).click();
  const picks = page.locator(".pick");
  await picks.nth(1).waitFor();
  assert.deepEqual(
    (await picks.allInnerTexts()).map((text) => text.split("\n").filter(Boolean)),
    [
      ["carlos", "From the kitchen", "Any tea, and soup.", "Show in the discussion"],
      ["bela", "For black tea.", "Show in the discussion"],
    ],
  );
  await checkAccess(page, "featured replies");
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `embed-featured-${colorScheme}`);
  }
  for (let times = 0; times < 2; times++) {
    await picks.nth(1).getByRole("link").click();
    await page.locator(`article.linked:focus[id="reply-${below.id}"]`).waitFor();
  }
  // what is taken off goes from the list, and with the last one the list
  await it.service.ask(`/api/v1/replies/${later.id}`, { method: "DELETE", token: readers[2].token });
  await page.getByText("1 featured reply").waitFor();
  await page.locator(".picks-title").focus();
  await it.service.ask(`/api/v1/replies/${below.id}/feature`, { method: "DELETE", token: admin.token });
  await page.locator(".picks").waitFor({ state: "detached" });
  await page.locator(".title:focus").waitFor();

  // who opens it later finds it at once
  await admin.put(`/api/v1/replies/${below.id}/feature`, {});
  const other = await it.open(it.page("tea-times", "picked"));
  await other.getByText("1 featured reply").waitFor();
  await other.context().close();
  await leave(it.browser, page);
});

test("whatever happens, what one reads stays where it is, also where a browser does not see to it", async () => {
  const { admin } = it.service;
  for (const isAnchoring of [true, false]) {
    const name = isAnchoring ? "still" : "still-by-itself";
    const read = await it.tea.story(name);
    const made = await fill(read, 16);
    const newest = [...made].reverse();
    it.addStyle(
      "/still.css",
      `h1 { margin-block-end: 1500px } html { overflow-anchor: ${isAnchoring ? "auto" : "none"} }`,
    );
    const head = '<link rel="stylesheet" href="/still.css">';
    const element = `<rejoinder-discussion site="tea-times" story="${name}"></rejoinder-discussion>`;
    it.addPage(`/${name}`, element, { head });
    const page = await it.browser.page([it.url, it.service.url]);
    if (!isAnchoring) {
      await page.addInitScript(() => {
        const { supports } = CSS;
        CSS.supports = (/** @type {string[]} */ ...asked) =>
          asked[0] !== "overflow-anchor" && Reflect.apply(supports, CSS, asked);
      });
    }
    await page.goto(`${it.url}/${name}`);
    const middle = page.locator(`#reply-${newest[9].id}`);
    await middle.evaluate((article) => article.scrollIntoView({ block: "center" }));
    const place = async () => (await middle.boundingBox())?.y ?? NaN;
    const before = await place();
    assert.ok(before > 300 && before < 500, `it is in view: ${before}`);
    const isStill = async (/** @type {string} */ what) => {
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
      const moved = (await place()) - before;
      assert.ok(Math.abs(moved) < 1.5, `${what}, ${name}: moved by ${moved}`);
    };

    await readers[0].reply(read, `One that comes, under ${name}.`);
    await page.getByRole("button", { name: "1 new reply" }).waitFor();
    await isStill("one comes");
    // far above, and in view
    const tokenOf = (/** @type {number} */ at) => readers[(newest.length - at) % readers.length].token;
    for (const at of [1, 8]) {
      const [{ id }, token] = [newest[at], tokenOf(at)];
      await it.service.ask(`/api/v1/replies/${id}`, { method: "DELETE", token });
      await page.locator(`#reply-${id}`).getByText("This reply was removed.").waitFor();
      await isStill("one goes");
    }
    const { id, version } = newest[2];
    const edited = {
      body: Array.from({ length: 9 }, (_, at) => `It is longer now, ${name}: ${at}.`).join("\n\n"),
      version,
    };
    await it.service.ask(`/api/v1/replies/${id}`, { method: "PATCH", token: tokenOf(2), body: edited });
    await page.locator(`#reply-${id}`).getByText(`It is longer now, ${name}: 8.`).waitFor();
    await isStill("one grows");
    await admin.put(`/api/v1/replies/${newest[12].id}/feature`, {});
    const offer = page.getByRole("button", { name: "1 featured reply" });
    await offer.waitFor();
    await isStill("one is featured");
    await checkAccess(page, "two things are offered");
    await screenshot(page, `embed-${name}`);
    if (isAnchoring) {
      await offer.click();
      await page.locator(".pick").waitFor();
      await page.locator(".picks-title:focus").waitFor();
    } else {
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator(".picks").waitFor();
    }
    assert.equal(await offer.count(), 0);
    await leave(it.browser, page);
  }
});

test("where more happened than can be told, one is offered to see it anew, and what is typed stays", async () => {
  const reset = await it.tea.story("reset");
  await readers[0].reply(reset, "Here from the beginning.");
  const page = await it.browser.page([it.url, it.service.url]);
  const headers = { "Access-Control-Allow-Origin": "*", "Content-Type": "text/event-stream" };
  // as the service answers where a reader comes back with a `Last-Event-ID` that it keeps no more
  await page.route("**/events", (route) => route.fulfill({ headers, body: 'event: reset\ndata: {"version":3}\n\n' }));
  await page.goto(it.page("tea-times", "reset"));
  await page.getByRole("button", { name: "Much has changed. Show it anew" }).waitFor();
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("Typed meanwhile.");
  await page.unroute("**/events");
  await readers[1].reply(reset, "One of many that came.");
  await page.getByRole("button", { name: "Much has changed. Show it anew" }).click();
  await replyOf(page, "One of many that came.").waitFor();
  await becomes(() => page.getByLabel("Your reply", { exact: true }).inputValue(), "Typed meanwhile.");
  assert.equal(await page.getByRole("button", { name: "Much has changed" }).count(), 0);

  // and as it answers who asks for what came behind a version that it keeps no more
  await page.route("**/events?since=*", async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ headers, json: { ...answer, is_reset: true, events: [] }, contentType: "application/json" });
  });
  await page.reload();
  await page.getByRole("button", { name: "Much has changed. Show it anew" }).waitFor();
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

test("it is there whether the element or the script comes first, and whoever made it", async () => {
  const element = '<rejoinder-discussion site="tea-times" story="smaller-kettles"></rejoinder-discussion>';
  const policy = it.policy.replace("script-src", "script-src 'self'").replace("rejoinder", "rejoinder page");
  // the element stands there, is moved and has a property before anybody knows what it is
  it.addScript(
    "/early.js",
    `const late = document.createElement("rejoinder-discussion");
     Object.assign(late, { ssoToken: () => null }).setAttribute("story", "other");
     late.setAttribute("site", "tea-times");
     document.querySelector("main").append(late, document.querySelector("#first"));
     const module = document.createElement("script");
     module.type = "module";
     const types = trustedTypes.createPolicy("page", { createScriptURL: (url) => url });
     module.src = types.createScriptURL("${it.service.url}/embed.js");
     setTimeout(() => document.head.append(module), 100);`,
  );
  it.addPage("/early", element.replace(" ", ' id="first" '), {
    policy,
    script: '<script defer src="/early.js"></script>',
  });
  const page = await it.open(`${it.url}/early`);
  await page.locator("#first").getByText("Who needs a kettle").waitFor();
  await page.locator("rejoinder-discussion:not(#first)").getByText("Under another story.").waitFor();
  assert.equal(
    await page.getByRole("button", { name: "Sign in" }).count(),
    1,
    "where the page does that, none is offered",
  );

  // a page whose script renders on, as those that are routed at the client do
  await page.evaluate(() => {
    const main = document.querySelector("main");
    const made = document.createElement("rejoinder-discussion");
    for (const [name, value] of Object.entries({ site: "tea-times", story: "many", sort: "oldest" }))
      made.setAttribute(name, value);
    main?.replaceChildren(made);
  });
  await page.getByRole("heading", { name: "46 replies" }).waitFor();
  assert.equal(await page.locator("rejoinder-discussion").count(), 1);
  await leave(it.browser, page);
});

test("the page's own style reaches its colours, its corners and its parts, and nothing else", async () => {
  const css = `
    rejoinder-discussion { --rejoinder-accent: rgb(122, 31, 43); --rejoinder-on-accent: rgb(255, 250, 240); --rejoinder-radius: 2px;
      --rejoinder-text: rgb(20, 20, 60); --rejoinder-line: rgb(200, 0, 200); --rejoinder-quiet: rgb(70, 70, 70) }
    rejoinder-discussion::part(title) { font-family: monospace; text-transform: uppercase }
    rejoinder-discussion::part(disc) { display: none }
    rejoinder-discussion::part(mark) { letter-spacing: 3px }
    button, article, h2 { background: red !important; color: red !important; display: none !important }`;
  it.addStyle("/own.css", css);
  it.addPage("/own", '<rejoinder-discussion site="tea-times" story="visited"></rejoinder-discussion>', {
    head: '<link rel="stylesheet" href="/own.css">',
  });
  const page = await it.open(`${it.url}/own`);
  /** @param {string} selector @param {string} name */
  const style = (selector, name) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
  assert.equal(await style(".title", "font-family"), "monospace");
  assert.equal(await style(".title", "color"), "rgb(20, 20, 60)");
  assert.equal(await style(".title", "display"), "block", "what is within is not the page's to style");
  assert.equal(await style(".disc", "display"), "none");
  assert.equal(await style(".mark.staff", "background-color"), "rgb(122, 31, 43)");
  assert.equal(await style(".mark.staff", "color"), "rgb(255, 250, 240)");
  assert.equal(await style(".mark", "letter-spacing"), "3px");
  assert.equal(await style(".invitation", "border-radius"), "2px");
  assert.equal(await style(".invitation", "border-top-color"), "rgb(200, 0, 200)");
  assert.equal(await style(".time", "color"), "rgb(70, 70, 70)");
  assert.equal(await style(".discussion", "font-family"), "Georgia, serif", "the page's font is its own");
  const parts = await page.evaluate(() => {
    const root = document.querySelector("rejoinder-discussion")?.shadowRoot;
    return [...new Set([...(root?.querySelectorAll("[part]") ?? [])].flatMap((element) => [...element.part]))];
  });
  const guide = await readFile(new URL("../../docs/EMBED.md", import.meta.url), "utf8");
  const drawn = /Parts, for `::part\(\)`:\n\n(.*?)\n\n[^ ]/s.exec(guide)?.[1] ?? "";
  for (const part of parts) assert.match(drawn, new RegExp(`\\b${part}\\b`), `docs/EMBED.md names the part ${part}`);
  await leave(it.browser, page);
});

test("it is accessible in the light and in the dark, on a desk and on a telephone", async () => {
  for (const [name, options] of Object.entries({ desktop: {}, phone: { viewport: PHONE } })) {
    const page = await it.open(address, options);
    await replyOf(page, "My kettle").waitFor();
    await checkAccess(page, name);
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme });
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

test("it speaks the page's language or its own, and in words of the page's where there are some", async () => {
  await languages();
  /** @type {Record<string, [title: string, order: string, answer: RegExp]>} */
  const said = {
    de: ["5 Antworten auf KC's View", "Älteste", /^Antworten$/],
    fr: ["5 réponses à KC's View", "Anciennes", /^Répondre$/],
    es: ["5 respuestas a KC's View", "Antiguas", /^Responder$/],
  };
  for (const [lang, [title, order, answer]] of Object.entries(said)) {
    const page = await it.open(it.page("tea-times", "languages", "", { lang }));
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByRole("button", { name: order, exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: answer }).count(), 5);
    assert.equal(await page.locator(".discussion").getAttribute("lang"), lang);
    const text = await page.locator(".discussion").innerText();
    assert.doesNotMatch(text, /\b(Reply|Recommend|Newest|Sign in|ago)\b/, `${lang}: nothing is left in English`);
    await leave(it.browser, page);
  }

  const page = await it.open(it.page("tea-times", "languages"));
  const discussion = page.locator("rejoinder-discussion");
  for (const [lang, [title]] of Object.entries(said)) {
    await discussion.evaluate((element, wished) => element.setAttribute("lang", wished), lang);
    await page.getByRole("heading", { name: title }).waitFor();
  }
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByRole("dialog").getByLabel("Contraseña").waitFor();
  assert.doesNotMatch(await page.getByRole("dialog").innerText(), /\b(Password|Sign|Close|Forgotten)\b/);
  await page.keyboard.press("Escape");

  it.addScript("/words.nl.json", JSON.stringify({ "answers-to": { one: "?", other: "{n} reacties op {label}" } }));
  await discussion.evaluate((element) => {
    element.setAttribute("words", "/words.nl.json");
    element.setAttribute("lang", "nl");
  });
  // the policy of this page lets it load from the service alone
  await page.getByRole("heading", { name: "5 answers to KC's View" }).waitFor();
  it.browser.faults = it.browser.faults.filter(
    (fault) => !fault.includes("/words.nl.json") && !/connect-src/.test(fault),
  );
  const own = it.policy.replace("connect-src", "connect-src 'self'");
  const element =
    '<rejoinder-discussion site="tea-times" story="languages" lang="nl" words="/words.nl.json"></rejoinder-discussion>';
  it.addPage("/words", element, { policy: own });
  await page.goto(`${it.url}/words`);
  await page.getByRole("heading", { name: "5 reacties op KC's View" }).waitFor();
  // what it leaves out is said in English
  await page.getByRole("button", { name: "Oldest" }).waitFor();
  // and in German where that is known
  await page.locator("rejoinder-discussion").evaluate((element) => element.setAttribute("lang", "de"));
  await page.getByRole("heading", { name: "5 reacties op KC's View" }).waitFor();
  await page.getByRole("button", { name: "Älteste" }).waitFor();
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("dialog").getByLabel("Passwort").waitFor();
  await leave(it.browser, page);
});

test("all counts of a page are asked for in one request, and what is not known stays", async () => {
  const byAddress = await it.tea.story("by-address", { urls: [`${it.url}/stories/4712`] });
  await readers[0].reply(byAddress, "Found by its address.");
  const counts = ["smaller-kettles", "many", "empty", "nowhere"].map(
    (key) => `<p><rejoinder-count site="tea-times" story="${key}">Discuss</rejoinder-count></p>`,
  );
  counts.push('<p><rejoinder-count site="tea-times" url="/stories/4712">Discuss</rejoinder-count></p>');
  counts.push('<p><rejoinder-count site="tea-times" url="/stories/4713">Discuss</rejoinder-count></p>');
  for (let at = 0; at < 44; at++)
    counts.push(`<p><rejoinder-count site="tea-times" story="no-${at}"></rejoinder-count></p>`);
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
  const texts = (await page.locator("rejoinder-count").allInnerTexts()).filter((text) => text);
  const now = (await it.service.ask("/api/v1/sites/tea-times/stories/smaller-kettles")).replies;
  assert.deepEqual(texts, [`${now} replies`, "46 replies", "0 replies", "Discuss", "1 reply", "Discuss"]);
  assert.deepEqual(asked, ["/api/v1/counts"]);
  await checkAccess(page, "a list with counts");
  await leave(it.browser, page);
});

test("counts that the parser makes one by one are asked for together", async () => {
  const html = new Readable({ read: () => undefined });
  const server = createServer((request, response) => {
    if (request.url !== "/") return void response.writeHead(204).end();
    html.pipe(response.writeHead(200, { "Content-Type": "text/html" }));
    html.push(`<!doctype html><script type="module" async src="${it.service.url}/embed.js"></script><main>`);
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const url = `http://127.0.0.1:${port}`;
    const page = await it.browser.page([url, it.service.url]);
    let asked = 0;
    page.on("request", (request) => (asked += request.method() === "POST" ? 1 : 0));
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => customElements.get("rejoinder-count"));
    for (let at = 0; at < 3; at++) {
      html.push(`<rejoinder-count site="tea-times" story="smaller-kettles">…</rejoinder-count>\n${" ".repeat(2_000)}`);
      await becomes(() => page.locator("rejoinder-count").count(), at + 1);
    }
    html.push("</main>");
    html.push(null);
    await becomes(() => page.getByText(/^\d+ replies$/).count(), 3);
    assert.equal(asked, 1);
    await leave(it.browser, page);
  } finally {
    server.closeAllConnections();
    server.close();
  }
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
