// The moderators' desk, as moderators use it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { becomes } from "./blog.js";
import { checkAccess, look, PHONE, screenshot } from "./browser.js";
import { checkDialog } from "./desk_access.js";
import { faint, listenTo, moving, small } from "./desk_seen.js";
import { deskWorld, LOOKS_MAX } from "./desk_world.js";
import { PASSWORD } from "./service.js";

/** @type {Awaited<ReturnType<typeof deskWorld>>} */
let it;
/** @type {import("./service.js").Person[]} */
let readers;
/** @type {import("./service.js").Person} */
let mona;
/** @type {import("./service.js").Person} */
let milo;

before(async () => {
  it = await deskWorld();
  ({ readers, mona, milo } = it);
});
after(() => it?.stop());
beforeEach(() => it.clear());

test("who signs in with a wrong password is told so", async () => {
  const page = await it.browser.page([it.service.url]);
  await page.goto(`${it.service.url}/desk`);
  await page.getByLabel("Username or e-mail").fill("mona");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("do not belong together").waitFor();
  await look(page, "desk-sign-in");
  await page.context().close();
  it.browser.check();
});

test("a reader who moderates nothing sees no desk", async () => {
  const page = await it.browser.page([it.service.url]);
  await page.goto(`${it.service.url}/desk`);
  await page.getByLabel("Username or e-mail").fill("bela");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nothing to moderate" }).waitFor();
  await checkAccess(page, "nothing to moderate");
  await page.context().close();
  it.browser.check();
});

/** What tells something by a colour, and is no text. @type {Record<string, [string, string]>} */
const MARKS = {
  "what a rule found": ["mark", "text-decoration-color"],
  "its number": [".found-number", "background-color"],
  "the row that is looked at": ['.row[aria-current="true"]', "border-inline-start-color"],
  "why it is here": [".why", "border-inline-start-color"],
  "a box": [".tick input", "accent-color"],
  "the author’s replies": [".bar-of-replies .is-pending", "fill"],
};

test("a dozen replies are decided about by keys alone", async () => {
  const parent = await readers[0].reply(it.story, "Who needs a kettle of half a litre?");
  const { items } = await mona.get("/api/v1/moderation/replies?queue=pending");
  await mona.decide(items[0], "approve");
  await readers[1].reply(it.story, "I do: I live alone, and so do many who drink tea.", parent);
  await it.post(12);
  await readers[2].post(`/api/v1/replies/${parent.id}/reports`, { reason: "abuse", text: "He mocks us." });
  await it.waitingBecomes(13);

  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  await page.locator(".context").getByRole("heading", { name: "Story" }).waitFor();
  await checkAccess(page, "desk");
  await screenshot(page, "desk-light");
  assert.deepEqual(await faint(page, MARKS), [], "light");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await faint(page, MARKS), [], "dark");
  await screenshot(page, "desk-dark");
  await page.emulateMedia({ colorScheme: "light" });

  const keys = page.keyboard;
  await keys.press("?");
  await page.getByRole("dialog").getByRole("heading", { name: "Keys" }).waitFor();
  await keys.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (const key of ["j", "j", "k", "a", "a", "s", "r"]) {
    // the next reply is there before the next key
    await page.locator(".item h1").waitFor();
    await keys.press(key);
  }
  await page.getByRole("dialog").waitFor();
  await screenshot(page, "desk-reject");
  // behind a dialog nobody hears what is said
  await page.locator(".unseen[role=status]").evaluate((speaker) => {
    /** @type {string[]} */
    const said = [];
    Object.assign(window, { said });
    const listen = () =>
      said.push(`${speaker.textContent}${document.querySelector("dialog[open]") ? " (unheard)" : ""}`);
    new MutationObserver(listen).observe(speaker, { childList: true });
  });
  await keys.press("a");
  await it.waitingBecomes(9);

  await keys.press("e");
  await page.getByLabel("What should be changed?").fill("Say where you read that, please.");
  await keys.press("Control+Enter");
  await it.waitingBecomes(8);
  await keys.press("n");
  await page.getByLabel(/Only moderators see it/).fill("Has asked that before.");
  await keys.press("Control+Enter");
  await page.locator(".context").getByText("Has asked that before.").waitFor();
  const said = await page.evaluate(() => /** @type {any} */ (window).said);
  const of = (/** @type {string} */ line) => line.replace(/^.*: /, "");
  assert.deepEqual(said.map(of), ["rejected.", "returned to its author.", "The note is kept."]);
  await keys.press("a");
  await it.waitingBecomes(7);
  await keys.press("u");
  await it.waitingBecomes(8);
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  assert.equal(focused, "H1", "the focus is on the reply that came back");
  for (let left = 7; left >= 0; left--) {
    await page.locator(".item h1").waitFor();
    await keys.press("a");
  }
  await it.waitingBecomes(0);
  await page.getByText("All done.").waitFor();

  const { items: log } = await mona.get(`/api/v1/sites/kettle-news/log?actor_id=${mona.id}&limit=100`);
  const actions = log.map((/** @type {any} */ { action }) => action);
  for (const action of ["approve", "reject", "spam", "return", "restore", "add_note"]) {
    assert.ok(actions.includes(action), action);
  }
  it.browser.check();
});

test("the rules' findings are marked in the text, and changes shown word by word", async () => {
  const posted = await readers[0].reply(it.story, "Such an idiot of a kettle.");
  await it.service.ask(`/api/v1/replies/${posted.id}`, {
    method: "PATCH",
    token: readers[0].token,
    body: { body: "Such an idiot of a small kettle.", version: posted.version },
    headers: { "If-Match": `"${posted.version}"` },
  });
  const page = await it.seatOf("mona");
  const mark = page.locator("mark", { hasText: "idiot" });
  await mark.waitFor();
  // which rule it was is seen and heard, not only pointed at
  assert.match(await mark.locator("+ .found-number").innerText(), /^1\s+\(Words: listed: idiot\)/);
  assert.equal(await page.locator(".finding", { hasText: "listed: idiot" }).locator(".found-number").innerText(), "1");
  await page
    .locator(".points")
    .getByText(/: \d+ points/)
    .first()
    .waitFor();
  await page.getByText("Changed 1 time").click();
  await page.locator("ins", { hasText: "small" }).waitFor();
  await screenshot(page, "desk-changes");
  it.browser.check();
});

test("of two who decide about the same reply the second sees both decisions", async () => {
  await it.post(3);
  const [hers, his] = [await it.seatOf("mona"), await it.deskOf("milo")];
  await hers.locator(".item h1").waitFor();
  await his.locator(".item h1").waitFor();
  // who it is that looks at it is said at the other desk
  await his.getByText("mona is on it").first().waitFor();

  // his desk hears nothing more, and decides about what it saw
  await his.context().setOffline(true);
  await his.keyboard.press("s");
  await his.getByText("1 decision is kept here").waitFor();
  await screenshot(his, "desk-offline");
  await hers.keyboard.press("a");
  await it.waitingBecomes(2);
  await his.context().setOffline(false);
  const conflict = his.locator(".conflict");
  await conflict.getByRole("heading", { name: "Somebody was quicker" }).waitFor();
  await conflict.getByText("mona").waitFor();
  await conflict.getByText("approved").first().waitFor();
  await conflict.getByText("marked as spam").waitFor();
  await look(his, "desk-conflict");
  await conflict.getByRole("button", { name: "Decide as I did" }).click();
  await conflict.waitFor({ state: "detached" });
  await becomes(
    async () => {
      const { items } = await mona.get("/api/v1/moderation/replies?queue=spam&limit=100");
      return items.filter((/** @type {any} */ item) => item.decisions[0].actor_id === milo.id).length;
    },
    1,
    LOOKS_MAX,
  );
  await his.context().close();
  it.browser.check();
});

test("decisions without a connection are kept, and sent in their order when it is back", async () => {
  await it.post(5);
  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  await page.context().setOffline(true);
  for (const key of ["a", "s", "a"]) await page.keyboard.press(key);
  await page.getByText("No connection.").waitFor();
  await page.getByText("3 decisions are kept here").waitFor();
  assert.equal(await it.waiting(), 5);
  // taken back before it was sent: as if it had not been
  await page.keyboard.press("u");
  await page.getByText("2 decisions are kept here").waitFor();
  // a part that is not there yet says so, and comes later
  await page.getByRole("link", { name: "Log" }).click();
  await page.getByText("This part could not be loaded.").waitFor();
  const faults = it.browser.faults.splice(0);
  assert.ok(faults.length && faults.every((fault) => /DISCONNECTED.*\/desk\//.test(fault)), String(faults));
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".log > li").first().waitFor();
  await it.waitingBecomes(3);
  await page.locator(".connection").waitFor({ state: "hidden" });
  it.browser.check();
});

test("a service that is away for a while gets what was decided meanwhile", async () => {
  await it.post(3);
  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  await it.service.end();
  for (const key of ["a", "a"]) await page.keyboard.press(key);
  await page.getByText("2 decisions are kept here").waitFor();
  // the stream of events comes back too
  const heard = page.waitForResponse((answer) => answer.url().endsWith("/moderation/events"));
  await it.service.begin();
  await it.waitingBecomes(1);
  await heard;
  it.browser.check();
});

test("what arrives, and what colleagues do, is said and moves nothing", async () => {
  const posted = await it.post(12);
  const page = await it.seatOf("mona");
  const heading = page.locator(".item h1");
  await heading.waitFor();
  const before = await heading.textContent();
  // she looks around in the list by keyboard: the last row has the focus
  await page.locator(".rows .row").nth(11).waitFor();
  const where = await page.evaluate(() => {
    const last = /** @type {HTMLElement} */ (document.querySelector(".rows .row:last-child > button"));
    last.focus();
    const left = { times: 0 };
    last.addEventListener("blur", () => left.times++);
    Object.assign(window, { left });
    return document.querySelector(".list")?.scrollTop ?? 0;
  });
  assert.ok(where > 100, "the list is longer than it is high");
  const said = await listenTo(page);
  await readers[3].reply(it.story, "Here comes another one.");
  const arrived = page.getByRole("button", { name: /^\d+ new repl(y|ies): show$/ });
  await arrived.waitFor();
  // the first that nobody holds
  const { items } = await milo.get("/api/v1/moderation/replies?queue=pending&limit=100");
  const free = items.find(
    (/** @type {any} */ { id, waiting }) => !waiting.claim && posted.some((one) => one.id === id),
  );
  await milo.put(`/api/v1/moderation/replies/${free.id}/claim`, undefined);
  await page.getByText("milo is on it").waitFor();
  assert.deepEqual(await said(), [], "nothing of it is read out");
  const now = await page.evaluate(() => ({
    where: document.querySelector(".list")?.scrollTop ?? 0,
    left: /** @type {any} */ (window).left.times,
    isThere: document.activeElement?.matches(".row:last-child > button"),
  }));
  // what came above is scrolled over by the browser itself
  assert.ok(now.where >= where, `${now.where} of ${where}`);
  assert.deepEqual([now.left, now.isThere], [0, true], "the focus never left its row");
  await arrived.click();
  await page.locator(".rows .row").nth(12).waitFor();
  assert.equal(await heading.textContent(), before);
  it.browser.check();
});

test("many are tried, decided about and put back at once, by a key like a single one", async () => {
  await it.post(5);
  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  await page.keyboard.press("a");
  await it.waitingBecomes(4);
  await page.locator(".item h1").waitFor();
  for (const key of ["x", "j", "x", "j", "x", "r", "s"]) await page.keyboard.press(key);
  await page.getByText("3 replies are rejected.").waitFor();
  await screenshot(page, "desk-bulk");
  await page.getByRole("button", { name: "Decide about 3" }).click();
  await it.waitingBecomes(1);
  const dialog = page.getByRole("dialog");
  await dialog.getByText("3 replies: rejected.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("u");
  await dialog.getByText("3 replies are as before.").waitFor();
  await it.waitingBecomes(4);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  // and then what was done before
  await page.keyboard.press("u");
  await it.waitingBecomes(5);
  it.browser.check();
});

test("words lead to replies of any state, also to what one has just decided about", async () => {
  await readers[0].reply(it.story, "Whoever loves copper polishes it.");
  const page = await it.seatOf("mona");
  const find = async () => {
    await page.keyboard.press("/");
    await page.getByLabel("Words").fill("copper polishes");
    await page.keyboard.press("Enter");
    await page.locator("mark", { hasText: "copper" }).first().waitFor();
  };
  await find();
  await look(page, "desk-search");
  for (const [state, key] of [
    ["waits", "s"],
    ["spam", "a"],
  ]) {
    await page.locator(".found .badge").getByText(state).first().waitFor();
    await page.getByRole("button", { name: "Open" }).first().click();
    await page.locator(".item .text", { hasText: "copper" }).first().waitFor();
    const answer = page.waitForResponse((one) => one.url().endsWith("/decisions"));
    await page.keyboard.press(key);
    await (await answer).finished();
    await find();
  }
  assert.equal(await page.title(), "Search – Desk");
  it.browser.check();
});

test("everything is at hand on a telephone, and nothing is wider than it", async () => {
  await it.post(5);
  let left = 5;
  const page = await it.deskOf("mona", { viewport: PHONE, hasTouch: true, isMobile: true });
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    await page.locator(".rows .row").first().waitFor();
    await screenshot(page, `desk-phone-list-${colorScheme}`);
    assert.deepEqual(await small(page), [], "the list");
    await page.locator(".rows .row > button").first().tap();
    await page.locator(".context").getByRole("heading", { name: "Story" }).waitFor();
    await screenshot(page, `desk-phone-${colorScheme}`);
    if (colorScheme === "light") await checkAccess(page, "phone");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= PHONE.width, `${width} wide`);
    // one that is left to somebody else, and back
    const [first, second] = await page.locator(".rows .row-text").allTextContents();
    await page.getByRole("button", { name: "Next" }).tap();
    await page.locator(".item .reply .text", { hasText: second.slice(0, 16) }).waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0, "it is read from its beginning");
    await page.getByRole("button", { name: "Previous" }).tap();
    await page.locator(".item .reply .text", { hasText: first.slice(0, 16) }).waitFor();
    assert.deepEqual(await small(page), [], "a reply");
    await page.getByRole("button", { name: "Approve" }).tap();
    await it.waitingBecomes(--left);
    await page.getByRole("button", { name: "All replies" }).tap();
    await page.locator(".rows .row").first().waitFor();
  }
  // what is opened from elsewhere is what is seen then
  await page.getByRole("link", { name: "Search" }).tap();
  await page.getByLabel("Words").fill("whistled");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Open" }).first().waitFor();
  assert.deepEqual(await small(page), [], "search");
  await page.getByRole("button", { name: "Open" }).first().tap();
  await page.locator(".item .reply .text", { hasText: "whistled" }).waitFor();
  assert.equal(await page.locator(".list").isVisible(), false);
  await page.getByRole("button", { name: "All replies" }).tap();
  await page.locator(".rows .row").first().waitFor();
  const { items } = await mona.get("/api/v1/moderation/search?q=whistled");
  await page.goto(`${it.service.url}/desk#people/${items[0].item.author.id}`);
  await page.locator(".other li", { hasText: "whistled" }).first().waitFor();
  assert.deepEqual(await small(page), [], "somebody");
  // and it would be found
  await page
    .locator(".other button")
    .first()
    .evaluate((/** @type {HTMLElement} */ one) => {
      Object.assign(one.style, { minBlockSize: "0", blockSize: "20px" });
    });
  assert.equal((await small(page)).length, 1);
  assert.equal(await moving(page), 0, "who asked for less motion sees none");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.ok((await moving(page)) > 0);
  await page.locator(".other li", { hasText: "whistled" }).getByRole("button", { name: "Open" }).first().tap();
  await page.locator(".item .reply .text", { hasText: "whistled" }).waitFor();
  assert.equal(await page.locator(".list").isVisible(), false);
  await page.context().close();
  it.browser.check();
});

test("hostile texts are shown and run nothing", async () => {
  const hostile = [
    "<script>document.title = 'taken'</script> and <img src=x onerror=\"document.title = 'taken'\">",
    "[click](javascript:alert(1)) and [this](data:text/html,hello) and <svg onload=alert(1)>",
    "\u202Ereversed\u202C and <style>body { display: none }</style> and {{constructor.constructor('alert(1)')()}}",
  ];
  for (const text of hostile) await readers[0].reply(it.story, text);
  const page = await it.seatOf("mona");
  for (let at = 0; at < hostile.length; at++) {
    await page.getByRole("button", { name: "As readers see it" }).click();
    await page.locator(".reply .is-html").waitFor();
    assert.equal(
      await page.locator(".item script, .item style, .item svg, .item img, .item a[href^=javascript]").count(),
      0,
    );
    await page.keyboard.press("j");
  }
  await page.getByRole("button", { name: "Waiting 3" }).waitFor();
  assert.equal(await page.title(), "(3) Waiting – Desk");
  it.browser.check();
});

test("who is signed out elsewhere signs in again, and nothing decided is lost", async () => {
  await it.post(2);
  const page = await it.deskOf("milo");
  await page.locator(".item h1").waitFor();
  await it.service.ask("/api/v1/me/sessions", { method: "DELETE", token: milo.token });
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your session has ended").waitFor();
  await checkDialog(page, "signed out");
  await dialog.getByLabel("Username or e-mail").fill("milo");
  await dialog.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await it.waitingBecomes(1);
  await page.context().close();
  it.browser.check();
});

test("the desk reads from right to left where the page does, and at twice the size", async () => {
  await readers[0].reply(it.story, "هذا المقال مفيد جدا، شكرا للكاتب على التوضيح.");
  await it.post(2);
  const page = await it.deskOf("mona", { viewport: { width: 680, height: 425 }, deviceScaleFactor: 2 });
  await page.locator(".rows .row > button").first().click();
  await screenshot(page, "desk-zoom");
  await checkAccess(page, "twice the size");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await screenshot(page, "desk-rtl");
  const [list, context] = [await page.locator(".left").boundingBox(), await page.locator(".context").boundingBox()];
  assert.ok(list && context && list.x > context.x, "the list is at the right");
  await page.context().close();
  it.browser.check();
});

test("a hundred replies are decided about within a minute", async () => {
  await Promise.all(
    readers.map(async (reader, of) => {
      for (let at = of; at < 100; at += readers.length)
        await reader.reply(it.story, `Number ${at}: what the maker says is ${at * 7} short.`);
    }),
  );
  const page = await it.seatOf("mona");
  await page.locator(".item h1").waitFor();
  const began = Date.now();
  for (let at = 0; at < 100; at++) {
    // the next reply is there before the next key
    await page.locator(".item h1").waitFor();
    await page.keyboard.press(at % 10 === 9 ? "s" : "a");
  }
  await it.waitingBecomes(0);
  const secs = (Date.now() - began) / 1_000;
  console.log(`100 replies in ${secs.toFixed(1)} s`);
  assert.ok(secs < 60, `${secs} s`);
  it.browser.check();
});

test("what was not sent yet survives a reload", async () => {
  await it.post(3);
  const page = await it.seatOf("mona");
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator(".item h1").waitFor();
  await page.route("**/decisions", (route) => route.abort());
  await page.keyboard.press("a");
  await page.getByText("1 decision is kept here").waitFor();
  await page.keyboard.press("a");
  await page.getByText("2 decisions are kept here").waitFor();
  await page.reload();
  await page.unroute("**/decisions");
  // a service that keeps the session in a cookie goes on by itself
  const password = page.getByLabel("Password");
  await password
    .or(page.getByRole("navigation", { name: "Queues" }))
    .first()
    .waitFor();
  if (await password.isVisible()) {
    await page.getByLabel("Username or e-mail").fill("mona");
    await password.fill(PASSWORD);
    await page.keyboard.press("Enter");
  }
  await it.waitingBecomes(1);
  it.browser.check();
});

test("a saved queue has its number, and reports are told with their reasons", async () => {
  const posted = await readers[0].reply(it.story, "The maker pays the author, everybody knows that.");
  await mona.decide(posted, "approve");
  const text = "He invents that.";
  await readers[1].post(`/api/v1/replies/${posted.id}/reports`, { reason: "misinformation", text });
  const filter = { queues: ["reported"], reasons: ["misinformation"] };
  await mona.post("/api/v1/moderation/saved-queues", { name: "Invented", filter });
  const page = await it.seatOf("mona");
  await page.reload();
  await page.getByRole("button", { name: "Invented 1" }).click();
  await page.locator(".item .text", { hasText: "everybody knows that" }).waitFor();
  await page.locator(".context").getByText(text).waitFor();
  await look(page, "desk-reported");
  await page.keyboard.press("a");
  await page.getByText("All done.").waitFor();
  // the desk goes on before the service has answered
  const standing = async () => (await mona.get(`/api/v1/moderation/replies/${posted.id}/case`)).case.state;
  await becomes(standing, "dismissed", LOOKS_MAX);
  // what came of a report is said beside the reply, and not by a colour alone
  await page.goto(`${it.service.url}/desk#cases/${posted.id}`);
  await page.getByText("Dismissed: the reply stays").waitFor();
  await page.getByRole("button", { name: "Decide about it" }).click();
  await page.locator(".context li", { hasText: text }).getByText("dismissed").waitFor();
  it.browser.check();
});

test("a queue of one's own is made at the desk, and taken away", async () => {
  await readers[0].reply(it.story, "Whoever writes of samovars knows what tea is.");
  await readers[1].reply(it.story, "And of kettles nothing at all, as it seems.");
  const page = await it.seatOf("milo");
  await page.getByRole("button", { name: "New queue" }).click();
  await page.getByLabel("Name").fill("Samovars");
  await page.getByLabel("With these words").fill("samovars");
  await checkDialog(page, "new queue");
  await screenshot(page, "desk-new-queue");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Samovars 1" }).waitFor();
  await page.locator(".item .text", { hasText: "samovars" }).waitFor();
  assert.equal(await page.locator(".rows .row").count(), 1);
  await page.route("**/moderation/saved-queues/*", (route) => route.abort(), { times: 1 });
  await page.getByRole("button", { name: "Delete this one" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByRole("heading", { name: "“Samovars” is still there" }).waitFor();
  await checkDialog(page, "a queue that is still there");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Delete this one" }).click();
  await checkDialog(page, "delete a queue");
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByRole("button", { name: "Samovars 1" }).waitFor({ state: "detached" });
  it.browser.check();
});
