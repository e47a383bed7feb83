// The moderators' desk, as moderators use it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkAccess, PHONE, screenshot } from "./browser.js";
import { world } from "./world.js";

/** @type {Awaited<ReturnType<typeof world>>} */
let it;
/** @type {import("./service.js").Person[]} */
let readers;
/** @type {import("./service.js").Person} */
let mona;
/** @type {import("./service.js").Person} */
let milo;

before(async () => {
  it = await world();
  readers = [];
  for (const name of ["ann-reads", "bela", "carlos", "dora"]) readers.push(await it.service.reader(name));
  mona = await it.site.moderator("mona");
  milo = await it.site.moderator("milo");
});
after(() => it?.stop());

/** How many wait, as the service says it. */
async function waiting() {
  const { items } = await mona.get("/api/v1/moderation/counts");
  return items[0].pending;
}

/**
 * Looks until it is so.
 *
 * @param {() => Promise<number>} look
 * @param {number} number
 */
async function becomes(look, number) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await look()) === number) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await look(), number);
}

/** @param {number} number */
const waitingBecomes = (number) => becomes(waiting, number);

/** Nothing waits any more. */
async function clear() {
  const { items } = await mona.get("/api/v1/moderation/replies?queue=pending&limit=100");
  for (const item of items) await mona.decide(item, "approve");
}

test("who signs in with a wrong password is told so", async () => {
  const page = await it.browser.page([it.desk.url]);
  await page.goto(`${it.desk.url}/desk`);
  await page.getByLabel("Username or e-mail").fill("mona");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("do not belong together").waitFor();
  await checkAccess(page, "sign in");
  await screenshot(page, "desk-sign-in");
  await page.context().close();
  it.browser.check();
});

test("a reader who moderates nothing sees no desk", async () => {
  const page = await it.browser.page([it.desk.url]);
  await page.goto(`${it.desk.url}/desk`);
  await page.getByLabel("Username or e-mail").fill("bela");
  await page.getByLabel("Password").fill("seven wet umbrellas");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nothing to moderate" }).waitFor();
  await page.context().close();
  it.browser.check();
});

test("a dozen replies are decided about by keys alone", async () => {
  const parent = await readers[0].reply(it.story, "Who needs a kettle of half a litre?");
  const { items } = await mona.get("/api/v1/moderation/replies?queue=pending");
  await mona.decide(items[0], "approve");
  await readers[1].reply(it.story, "I do: I live alone, and so do many who drink tea.", parent);
  await it.post(12, readers);
  await readers[2].post(`/api/v1/replies/${parent.id}/reports`, { reason: "abuse", text: "He mocks us." });
  await waitingBecomes(13);

  const page = await it.deskOf("mona");
  await page.locator(".item h1").waitFor();
  await page.locator(".context").getByRole("heading", { name: "Story" }).waitFor();
  await checkAccess(page, "desk");
  await screenshot(page, "desk-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await checkAccess(page, "desk, dark");
  await screenshot(page, "desk-dark");
  await page.emulateMedia({ colorScheme: "light" });

  const keys = page.keyboard;
  await keys.press("?");
  await page.getByRole("dialog").getByRole("heading", { name: "Keys" }).waitFor();
  await checkAccess(page, "help");
  await keys.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (const key of ["j", "j", "k", "a", "a", "s"]) await keys.press(key);
  await keys.press("r");
  await page.getByRole("dialog").waitFor();
  await checkAccess(page, "reject");
  await screenshot(page, "desk-reject");
  await keys.press("a");
  await waitingBecomes(9);

  await keys.press("e");
  await page.getByLabel("What should be changed?").fill("Say where you read that, please.");
  await keys.press("Control+Enter");
  await waitingBecomes(8);
  await keys.press("n");
  await page.getByLabel(/Only moderators see it/).fill("Has asked that before.");
  await keys.press("Control+Enter");
  await page.locator(".context").getByText("Has asked that before.").waitFor();
  await keys.press("a");
  await waitingBecomes(7);
  await keys.press("u");
  await waitingBecomes(8);
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  assert.equal(focused, "H1", "the focus is on the reply that came back");
  for (let left = 7; left >= 0; left--) await keys.press("a");
  await waitingBecomes(0);
  await page.getByText("All done.").waitFor();

  const { items: log } = await mona.get(`/api/v1/sites/kettle-news/log?actor_id=${mona.id}&limit=100`);
  const actions = log.map((/** @type {any} */ { action }) => action);
  for (const action of ["approve", "reject", "spam", "return", "restore", "add_note"]) {
    assert.ok(actions.includes(action), action);
  }
  await page.context().close();
  it.browser.check();
});

test("the rules' findings are marked in the text, and changes shown word by word", async () => {
  await clear();
  const posted = await readers[0].reply(it.story, "Such an idiot of a kettle.");
  await it.service.ask(`/api/v1/replies/${posted.id}`, {
    method: "PATCH",
    token: readers[0].token,
    body: { body: "Such an idiot of a small kettle.", version: posted.version },
    headers: { "If-Match": `"${posted.version}"` },
  });
  const page = await it.deskOf("mona");
  await page.locator("mark", { hasText: "idiot" }).waitFor();
  await page.getByText("Changed 1 time").click();
  await page.locator("ins", { hasText: "small" }).waitFor();
  await screenshot(page, "desk-changes");
  await page.context().close();
  it.browser.check();
});

test("of two who decide about the same reply the second sees both decisions", async () => {
  await clear();
  await it.post(3, readers);
  const [hers, his] = [await it.deskOf("mona"), await it.deskOf("milo")];
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
  await waitingBecomes(2);
  await his.context().setOffline(false);
  const conflict = his.locator(".conflict");
  await conflict.getByRole("heading", { name: "Somebody was quicker" }).waitFor();
  await conflict.getByText("mona").waitFor();
  await conflict.getByText("approved").first().waitFor();
  await conflict.getByText("marked as spam").waitFor();
  await checkAccess(his, "conflict");
  await screenshot(his, "desk-conflict");
  await conflict.getByRole("button", { name: "Decide as I did" }).click();
  await conflict.waitFor({ state: "detached" });
  await becomes(async () => {
    const { items } = await mona.get("/api/v1/moderation/replies?queue=spam&limit=100");
    return items.filter((/** @type {any} */ item) => item.decisions[0].actor_id === milo.id).length;
  }, 1);
  await hers.context().close();
  await his.context().close();
  it.browser.check();
});

test("decisions without a connection are kept, and sent in their order when it is back", async () => {
  await clear();
  await it.post(5, readers);
  const page = await it.deskOf("mona");
  await page.locator(".item h1").waitFor();
  await page.context().setOffline(true);
  for (const key of ["a", "s", "a"]) await page.keyboard.press(key);
  await page.getByText("No connection.").waitFor();
  await page.getByText("3 decisions are kept here").waitFor();
  assert.equal(await waiting(), 5);
  // taken back before it was sent: as if it had not been
  await page.keyboard.press("u");
  await page.getByText("2 decisions are kept here").waitFor();
  await page.context().setOffline(false);
  await waitingBecomes(3);
  await page.locator(".connection").waitFor({ state: "hidden" });
  await page.context().close();
  it.browser.check();
});

test("a service that is away for a while gets what was decided meanwhile", async () => {
  await clear();
  await it.post(3, readers);
  const page = await it.deskOf("mona");
  await page.locator(".item h1").waitFor();
  await it.service.end();
  for (const key of ["a", "a"]) await page.keyboard.press(key);
  await page.getByText("2 decisions are kept here").waitFor();
  await it.service.begin();
  await waitingBecomes(1);
  await page.context().close();
  it.browser.check();
});

test("what arrives is said and moves nothing", async () => {
  await clear();
  await it.post(2, readers);
  const page = await it.deskOf("mona");
  const heading = page.locator(".item h1");
  await heading.waitFor();
  const before = await heading.textContent();
  await readers[3].reply(it.story, "Here comes another one.");
  await page.getByRole("button", { name: "1 new reply: show" }).click();
  await page.locator(".rows .row").nth(2).waitFor();
  assert.equal(await heading.textContent(), before);
  await page.context().close();
  it.browser.check();
});

test("many are tried, decided about and put back at once", async () => {
  await clear();
  await it.post(4, readers);
  const page = await it.deskOf("mona");
  await page.locator(".item h1").waitFor();
  for (const key of ["x", "j", "x", "j", "x", "r", "s"]) await page.keyboard.press(key);
  await page.getByText("3 replies are rejected.").waitFor();
  await checkAccess(page, "bulk");
  await screenshot(page, "desk-bulk");
  await page.getByRole("button", { name: "Decide about 3" }).click();
  await waitingBecomes(1);
  await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
  await waitingBecomes(4);
  await page.context().close();
  it.browser.check();
});

test("words lead to replies of any state", async () => {
  await clear();
  const page = await it.deskOf("mona");
  await page.keyboard.press("/");
  await page.getByLabel("Words").fill("copper");
  await page.keyboard.press("Enter");
  await page.locator("mark", { hasText: "copper" }).first().waitFor();
  await checkAccess(page, "search");
  await screenshot(page, "desk-search");
  await page.getByRole("button", { name: "Open" }).first().click();
  await page.locator(".item .text", { hasText: "copper" }).first().waitFor();
  await page.context().close();
  it.browser.check();
});

test("everything is at hand on a telephone, and nothing is wider than it", async () => {
  await clear();
  await it.post(5, readers);
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const page = await it.deskOf("mona", { viewport: PHONE, colorScheme, hasTouch: true, isMobile: true });
    await page.locator(".rows .row").first().waitFor();
    await screenshot(page, `desk-phone-list-${colorScheme}`);
    await page.locator(".rows .row > button").first().tap();
    await page.locator(".context").getByRole("heading", { name: "Story" }).waitFor();
    await screenshot(page, `desk-phone-${colorScheme}`);
    await checkAccess(page, `phone, ${colorScheme}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= PHONE.width, `${width} wide`);
    await page.getByRole("button", { name: "Approve" }).tap();
    await page.getByRole("button", { name: "All replies" }).tap();
    await page.locator(".rows .row").first().waitFor();
    await page.context().close();
  }
  it.browser.check();
});

test("hostile texts are shown and run nothing", async () => {
  await clear();
  const hostile = [
    "<script>document.title = 'taken'</script> and <img src=x onerror=\"document.title = 'taken'\">",
    "[click](javascript:alert(1)) and [this](data:text/html,hello) and <svg onload=alert(1)>",
    "\u202Ereversed\u202C and <style>body { display: none }</style> and {{constructor.constructor('alert(1)')()}}",
  ];
  for (const text of hostile) await readers[0].reply(it.story, text);
  const page = await it.deskOf("mona");
  for (let at = 0; at < hostile.length; at++) {
    await page.getByRole("button", { name: "As readers see it" }).click();
    await page.locator(".reply .is-html").waitFor();
    assert.equal(
      await page.locator(".item script, .item style, .item svg, .item img, .item a[href^=javascript]").count(),
      0,
    );
    await page.keyboard.press("j");
  }
  assert.equal(await page.title(), "Desk");
  await page.context().close();
  it.browser.check();
});

test("who is signed out elsewhere signs in again, and nothing decided is lost", async () => {
  await clear();
  await it.post(2, readers);
  const page = await it.deskOf("mona");
  await page.locator(".item h1").waitFor();
  await it.service.ask("/api/v1/me/sessions", { method: "DELETE", token: mona.token });
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your session has ended").waitFor();
  await checkAccess(page, "signed out");
  await dialog.getByLabel("Username or e-mail").fill("mona");
  await dialog.getByLabel("Password").fill("seven wet umbrellas");
  await page.keyboard.press("Enter");
  await waitingBecomes(1);
  await page.context().close();
  it.browser.check();
});

test("the desk reads from right to left where the page does, and at twice the size", async () => {
  await clear();
  await readers[0].reply(it.story, "هذا المقال مفيد جدا، شكرا للكاتب على التوضيح.");
  await it.post(2, readers);
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
  await clear();
  for (let at = 0; at < 100; at++)
    await readers[at % 4].reply(it.story, `Number ${at}: what the maker says is ${at * 7} short.`);
  const page = await it.deskOf("mona");
  await page.locator(".item h1").waitFor();
  const began = Date.now();
  for (let at = 0; at < 100; at++) {
    // the next reply is there before the next key
    await page.locator(".item h1").waitFor();
    await page.keyboard.press(at % 10 === 9 ? "s" : "a");
  }
  await waitingBecomes(0);
  const secs = (Date.now() - began) / 1_000;
  console.log(`100 replies in ${secs.toFixed(1)} s`);
  assert.ok(secs < 60, `${secs} s`);
  await page.context().close();
  it.browser.check();
});

test("what was not sent yet survives a reload", async () => {
  await clear();
  await it.post(3, readers);
  const page = await it.deskOf("mona");
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
    await password.fill("seven wet umbrellas");
    await page.keyboard.press("Enter");
  }
  await waitingBecomes(1);
  await page.context().close();
  it.browser.check();
});

test("a saved queue has its number, and reports are told with their reasons", async () => {
  await clear();
  const posted = await readers[0].reply(it.story, "The maker pays the author, everybody knows that.");
  await mona.decide(posted, "approve");
  const text = "He invents that.";
  await readers[1].post(`/api/v1/replies/${posted.id}/reports`, { reason: "misinformation", text });
  const filter = { queues: ["reported"], reasons: ["misinformation"] };
  await mona.post("/api/v1/moderation/saved-queues", { name: "Invented", filter });
  const page = await it.deskOf("mona");
  await page.getByRole("button", { name: "Invented 1" }).click();
  await page.locator(".item .text", { hasText: "everybody knows that" }).waitFor();
  await page.locator(".context").getByText(text).waitFor();
  await checkAccess(page, "saved queue");
  await screenshot(page, "desk-reported");
  await page.keyboard.press("a");
  await page.getByText("All done.").waitFor();
  await page.context().close();
  it.browser.check();
});

test("a queue of one's own is made at the desk, and taken away", async () => {
  await clear();
  await readers[0].reply(it.story, "Whoever writes of samovars knows what tea is.");
  await readers[1].reply(it.story, "And of kettles nothing at all, as it seems.");
  const page = await it.deskOf("milo");
  await page.getByRole("button", { name: "New queue" }).click();
  await page.getByLabel("Name").fill("Samovars");
  await page.getByLabel("With these words").fill("samovars");
  await checkAccess(page, "new queue");
  await screenshot(page, "desk-new-queue");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Samovars 1" }).waitFor();
  await page.locator(".item .text", { hasText: "samovars" }).waitFor();
  assert.equal(await page.locator(".rows .row").count(), 1);
  await page.getByRole("button", { name: "Delete this one" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByRole("button", { name: "Samovars 1" }).waitFor({ state: "detached" });
  await page.context().close();
  it.browser.check();
});
