// What moderators do at the desk every day, beside deciding about one reply.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { look, screenshot } from "./browser.js";
import { checkDialog } from "./desk_access.js";
import { deskWorld } from "./desk_world.js";

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

test("two who work down the same queue are never given the same reply, and see what the other is at", async () => {
  await it.post(24);
  const [hers, his] = await Promise.all([it.deskOf("mona"), it.deskOf("milo")]);
  const text = async (/** @type {import("playwright-core").Page} */ page) =>
    page.locator(".item .reply .text").first().textContent();
  await Promise.all([hers, his].map((page) => page.locator(".item h1").waitFor()));
  await his.getByText("mona is on it").first().waitFor();
  await hers.getByText("milo is on it").first().waitFor();
  /** @type {(string | null)[]} */
  const seen = [];
  for (let round = 0; round < 8; round++) {
    // both look before either decides
    seen.push(...(await Promise.all([text(hers), text(his)])));
    await Promise.all([hers.keyboard.press("a"), his.keyboard.press("a")]);
  }
  assert.equal(new Set(seen).size, 16);
  await it.waitingBecomes(8);
  assert.equal((await hers.locator(".conflict").count()) + (await his.locator(".conflict").count()), 0);
  // who leaves gives back what he held, and his colleague sees it
  await hers.close({ runBeforeUnload: true });
  await his.getByText("mona is on it").first().waitFor({ state: "detached" });
  await hers.context().close();
  await his.context().close();
  it.browser.check();
});

/** @param {string} text @param {string} [ground] A public reply of ann's with a notice of bela's. */
async function noticed(text, ground = "defamation") {
  const posted = await readers[0].reply(it.story, text);
  const reply = await mona.decide(posted, "approve");
  const explanation = "It says of me that I took bribes, which the court found to be untrue.";
  const body = {
    ground,
    version: reply.version,
    is_in_good_faith: true,
    explanation,
    law: "Criminal Code, section 186",
  };
  await readers[1].post(`/api/v1/replies/${posted.id}/notices`, body);
  return reply;
}

test("notices of illegal content are decided with reasons, and a conflict is told", async () => {
  const first = await noticed("The maker of these bribed the court, I am sure of it.");
  const second = await noticed("And the second maker as well, by the way.");
  const page = await it.seatOf("mona");
  await page.getByRole("link", { name: "Notices 2 wait" }).click();
  const cards = page.locator(".notice");
  await cards.nth(1).getByText("the court found to be untrue").waitFor();
  await cards.nth(0).getByLabel("Decision").selectOption("removed");
  await cards.nth(0).getByText("is not told who gave notice").waitFor();
  await look(page, "desk-notices");
  await cards
    .nth(0)
    .getByLabel("The facts and the reasons")
    .fill("It claims as a fact what the court found to be untrue.");
  await cards.nth(0).getByRole("button", { name: "Decide" }).click();
  await cards.nth(0).getByText("Removed.").waitFor();
  await page.getByRole("link", { name: "Notices 1 waits" }).waitFor();
  const { items: notices } = await mona.get(`/api/v1/moderation/replies/${first.id}/notices`);
  assert.equal(notices[0].state, "decided");
  assert.equal((await mona.get(`/api/v1/moderation/replies/${first.id}`)).state, "rejected");

  // a colleague rejects the other one meanwhile
  await mona.decide(second, "reject", { reason: "abuse" });
  await cards.nth(1).getByLabel("Decision").selectOption("kept");
  await cards.nth(1).getByLabel("The facts and the reasons").fill("An opinion, and no fact that could be untrue.");
  await cards.nth(1).getByRole("button", { name: "Decide" }).click();
  await cards.nth(1).getByText("the reply has changed meanwhile").waitFor();
  await cards.nth(1).getByText("You: rejected").waitFor();
  await cards.nth(1).getByRole("button", { name: "Read the notices anew" }).click();
  await page.locator(".notice .badge.is-rejected").waitFor();
  await cards.nth(0).getByLabel("Decision").selectOption("kept");
  await cards.nth(0).getByLabel("The facts and the reasons").fill("An opinion, and no fact that could be untrue.");
  await page.keyboard.press("Tab");
  await cards.nth(0).getByRole("button", { name: "Decide" }).press("Enter");
  await cards.nth(0).getByText("Left as it is.").waitFor();
  await page.getByRole("link", { name: "Notices", exact: true }).waitFor();
  it.browser.check();
});

test("of a text that was changed since notice was given, the present one is looked at before it goes", async () => {
  const reply = await noticed("The third maker bribed them too.");
  await it.service.ask(`/api/v1/replies/${reply.id}`, {
    method: "PATCH",
    token: readers[0].token,
    body: { body: "The third maker did nothing wrong.", version: reply.version },
    headers: { "If-Match": `"${reply.version}"` },
  });
  const page = await it.seatOf("mona");
  await page.goto(`${it.service.url}/desk#notices`);
  const card = page.locator(".notice", { hasText: "third maker" });
  await card.getByText("The author has changed it since.").waitFor();
  await card.getByLabel("Decision").selectOption("removed");
  await card.getByText("did nothing wrong").waitFor();
  await card.getByLabel("The facts and the reasons").fill("What stands there now says the same in other words.");
  await card.getByRole("button", { name: "Decide" }).click();
  assert.equal(await card.getByText("Removed.").count(), 0);
  await card.getByLabel("I have looked at that text").check();
  await card.getByRole("button", { name: "Decide" }).click();
  await page.locator(".notice", { hasText: "Removed." }).waitFor();
  it.browser.check();
});

test("what a filter takes is tried, decided about at once, and put back", async () => {
  await it.post(4);
  for (const number of [1, 2, 3]) await readers[0].reply(it.story, `Win at the casino, number ${number} of many.`);
  const page = await it.seatOf("mona");
  await page.getByRole("link", { name: "Many" }).click();
  await page.getByLabel("With these words").fill("casino");
  await look(page, "desk-many");
  await page.getByRole("button", { name: "Try it" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("replies are rejected.").waitFor();
  await checkDialog(page, "preview");
  await screenshot(page, "desk-many-preview");
  const all = await it.waiting();
  const go = dialog.getByRole("button", { name: "Decide about" });
  const number = Number(/\d+/.exec((await go.textContent()) ?? "")?.[0]);
  assert.ok(number >= 3 && number < all);
  // one of them is decided by somebody else before
  const { items } = await mona.get("/api/v1/moderation/search?q=casino&queue=pending");
  await mona.decide(items[0].item, "approve");
  await go.press("Enter");
  await dialog.getByText(`${number - 1} replies: rejected.`).waitFor();
  await it.waitingBecomes(all - number);
  await page.keyboard.press("Escape");
  const row = page.locator(".found .card").first();
  await row.getByText("rejected (Spam)").waitFor();
  await row.getByText(`${number - 1} replies of ${number - 1}.`).waitFor();
  await screenshot(page, "desk-many-list");
  await row.getByRole("button", { name: "Undo" }).click();
  await checkDialog(page, "undo many");
  await dialog.getByRole("button", { name: "Undo it" }).click();
  await it.waitingBecomes(all - 1);
  await page.locator(".other").getByText("undone since").waitFor();
  it.browser.check();
});

test("how far a decision about many is, is shown, and it can be stopped", async () => {
  await readers[0].reply(it.story, "Nobody will ever read this.");
  const filter = { queues: ["pending"] };
  const { id } = await mona.post("/api/v1/moderation/bulk", { action: "approve", filter });
  await it.waitingBecomes(0);
  const page = await it.seatOf("mona");
  // it is over too soon to be looked at: as if ten more were left, until somebody stops it
  let isStopped = false;
  await page.route("**/moderation/bulk?limit=20", async (route) => {
    const answer = await route.fetch();
    const json = await answer.json();
    if (!isStopped)
      Object.assign(json.items[0], { state: "running", total: 11, done: 1, finished_at: null, undoable_until: null });
    await route.fulfill({ response: answer, json });
  });
  await page.route(`**/moderation/bulk/${id}`, (route) => {
    isStopped = route.request().method() === "DELETE";
    return route.continue();
  });
  await page.goto(`${it.service.url}/desk#many`);
  const bar = page.locator(".found progress");
  await bar.waitFor();
  assert.deepEqual(await bar.evaluate((/** @type {HTMLProgressElement} */ { value, max }) => [value, max]), [1, 11]);
  await page.getByRole("button", { name: "Stop" }).press("Enter");
  await page.getByRole("dialog").getByText("stays so").waitFor();
  await checkDialog(page, "stop");
  await page.getByRole("dialog").getByRole("button", { name: "Stop it" }).press("Enter");
  await bar.waitFor({ state: "detached" });
  it.browser.check();
});

test("cases are listed and opened as a whole", async () => {
  const posted = await readers[0].reply(it.story, "Whoever drinks coffee has no say here.");
  await mona.decide(posted, "approve");
  await readers[1].post(`/api/v1/replies/${posted.id}/reports`, { reason: "abuse", text: "He shouts at all of us." });
  await readers[2].post(`/api/v1/replies/${posted.id}/reports`, { reason: "off_topic" });
  const page = await it.seatOf("mona");
  await page.getByRole("link", { name: "Cases" }).click();
  await page.locator(".found .card", { hasText: "Whoever drinks coffee" }).waitFor();
  await look(page, "desk-cases");
  await page
    .locator(".card", { hasText: "Whoever drinks coffee" })
    .getByRole("link", { name: "The whole case" })
    .press("Enter");
  await page.locator(".other").getByText("He shouts at all of us.").waitFor();
  await page.locator(".other").getByText("Off topic").waitFor();
  await look(page, "desk-case");
  await page.getByRole("button", { name: "Decide about it" }).click();
  await page.locator(".item .reply .text", { hasText: "Whoever drinks coffee" }).first().waitFor();
  await page.locator(".context").getByRole("link", { name: "The whole case" }).waitFor();
  await page.keyboard.press("r");
  await page.keyboard.press("a");
  await page.getByRole("link", { name: "Cases" }).click();
  await page.getByLabel("Where they stand").selectOption("upheld");
  await page.locator(".found .card", { hasText: "Whoever drinks coffee" }).getByText("refused, by You").waitFor();
  it.browser.check();
});

test("who is mentioned in a note sees it, and that he has read it", async () => {
  const posted = await readers[0].reply(it.story, "Is that not the same picture as last week?");
  await milo.post(`/api/v1/moderation/replies/${posted.id}/notes`, { text: "Do you know, @mona?" });
  await milo.post(`/api/v1/accounts/${readers[0].id}/notes`, {
    site: "kettle-news",
    text: "A friend of yours, @mona?",
  });
  const page = await it.seatOf("mona");
  await page.getByRole("link", { name: "Mentions 2 wait" }).click();
  await page.locator(".other").getByText("A friend of yours").waitFor();
  await look(page, "desk-mentions");
  await page.getByRole("button", { name: "I have read it" }).first().click();
  await page.getByRole("link", { name: "Mentions 1 waits" }).waitFor();
  await page.getByRole("button", { name: "The reply" }).press("Enter");
  await page.locator(".item .reply .text", { hasText: "same picture" }).first().waitFor();
  await page.getByRole("link", { name: "Mentions", exact: true }).waitFor();
  it.browser.check();
});

test("a saved queue is changed, is seen by colleagues, and its number is live", async () => {
  const filter = { queues: ["pending"], sites: ["kettle-news"], text: "samovar" };
  await mona.post("/api/v1/moderation/saved-queues", { name: "Samovars", filter, is_shared: true });
  await readers[0].reply(it.story, "A samovar is no kettle.");
  const [hers, his] = await Promise.all([it.deskOf("mona"), it.deskOf("milo")]);
  await his.getByRole("button", { name: "Samovars by mona 1" }).click();
  await his.locator(".item .reply .text", { hasText: "samovar" }).first().waitFor();
  assert.equal(await his.getByRole("button", { name: "Change this one" }).count(), 0);
  await hers.getByRole("button", { name: "Samovars 1" }).click();
  for (const page of [hers, his]) await page.clock.install();
  await readers[1].reply(it.story, "But a samovar is a kettle for many.");
  for (const page of [hers, his]) {
    // its number is read a while after those that are told
    await page.getByRole("button", { name: "Waiting 2" }).waitFor();
    await page.clock.fastForward(2_500);
  }
  await hers.getByRole("button", { name: "Samovars 2" }).waitFor();
  assert.match(await hers.title(), /^\(\d\) Samovars – Desk$/);
  await his.getByRole("button", { name: "Samovars by mona 2" }).waitFor();
  await hers.getByRole("button", { name: "Change this one" }).click();
  await hers.getByLabel("Name").fill("Samovars and pots");
  await hers.getByLabel("With these words").fill("nothing-like-this");
  await screenshot(hers, "desk-change-queue");
  await hers.getByRole("button", { name: "Save" }).click();
  await hers.getByRole("button", { name: "Samovars and pots 0" }).waitFor();
  await hers.context().close();
  await his.context().close();
  it.browser.check();
});

test("of what was decided already, which nobody is handed out, it goes on below", async () => {
  const filter = { queues: ["approved"], text: "teapot" };
  const { id } = await mona.post("/api/v1/moderation/saved-queues", { name: "Teapots", filter });
  for (const at of ["first", "second", "third", "fourth"]) {
    await mona.decide(await readers[0].reply(it.story, `The ${at} teapot of my aunt.`), "approve");
  }
  const { items } = await mona.get(`/api/v1/moderation/replies?saved_queue=${id}`);
  const page = await it.seatOf("mona");
  await page.reload();
  await page.getByRole("button", { name: "Teapots 4" }).click();
  const text = page.locator(".item .reply .text").first();
  await text.getByText(items[0].body).waitFor();
  await page.keyboard.press("j");
  await text.getByText(items[1].body).waitFor();
  // something came, so that the service is asked again whether there is anything to hand out
  await readers[1].reply(it.story, "Mine is of tin.");
  await page.getByRole("button", { name: "Waiting 1" }).waitFor();
  await page.keyboard.press("s");
  await text.getByText(items[2].body).waitFor();
  it.browser.check();
});

test("somebody is known by what is said and done of him on each site, and given a badge", async () => {
  await it.service.site("tea-times", { name: "Tea Times" });
  await it.service.admin.put(`/api/v1/sites/tea-times/roles/${mona.id}/moderator`);
  const boss = it.service.admin;
  const of = `/api/v1/accounts/${readers[3].id}`;
  await boss.post(`${of}/sanctions`, { kind: "premoderate", reason: "Goes on and on.", site: "tea-times" });
  await boss.post(`${of}/sanctions`, { kind: "premoderate", reason: "Here as well.", site: "kettle-news" });
  await boss.post(`${of}/notes`, { site: "tea-times", text: "Wrote to her about the pots." });
  const page = await it.seatOf("mona");
  await page.goto(`${it.service.url}/desk#people/${readers[3].id}`);
  await page.locator(".other").getByText("Goes on and on.").waitFor();
  assert.equal(await page.locator(".other").getByText("Premoderated. boss").count(), 2);
  await page.locator(".other").getByText("Here as well.").waitFor();
  await page.locator(".other").getByText("Wrote to her about the pots.").waitFor();
  await page.locator(".other").getByText("Badges").click();
  await page.getByLabel("verified", { exact: false }).first().check();
  await page.locator(".other").getByText("Given.").waitFor();
  await look(page, "desk-person");
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await checkDialog(page, "a note about somebody");
  await page.getByRole("textbox", { name: "Note" }).fill("Has calmed down since.");
  await page.getByRole("button", { name: "Keep the note" }).click();
  const note = page.locator(".other li", { hasText: "Has calmed down since." });
  await note.getByRole("button", { name: "Delete" }).click();
  await checkDialog(page, "delete a note");
  await page.getByRole("button", { name: "Delete it" }).click();
  await note.waitFor({ state: "detached" });
  const holders = ["tea-times", "kettle-news"].map((site) => boss.get(`/api/v1/sites/${site}/badges/verified/holders`));
  const all = (await Promise.all(holders)).flatMap(({ items }) => items);
  assert.deepEqual(
    all.map((/** @type {any} */ one) => one.account_id),
    [readers[3].id],
  );
  await page.goto(`${it.service.url}/desk#people/${mona.id}`);
  await page.locator(".other").getByText("That is you").waitFor();
  it.browser.check();
});

test("an appeal is decided by somebody else, with reasons", async () => {
  const texts = {
    "The copper is the story, and you left it out.": "Kettles are made of copper.",
    "Nobody here knows what tin costs.": "Nobody does.",
  };
  for (const [text, appeal] of Object.entries(texts)) {
    const posted = await readers[0].reply(it.story, text);
    await mona.decide(posted, "reject", { reason: "off_topic", message: "This is about kettles." });
    await readers[0].post(`/api/v1/replies/${posted.id}/appeal`, { text: appeal });
  }
  // not by who refused
  const hers = await it.seatOf("mona");
  await hers.getByRole("link", { name: "Appeals" }).click();
  const own = hers.locator(".found .card", { hasText: "Kettles are made of copper." });
  await own.getByText("You refused it yourself: somebody else decides about the appeal.").waitFor();
  assert.equal(await hers.getByRole("button", { name: "Make it public" }).count(), 0);
  // but by her while nobody else is there
  const sanctions = `/api/v1/accounts/${milo.id}/sanctions`;
  const away = { kind: "suspend", reason: "On holiday.", until: new Date(Date.now() + 86_400_000).toISOString() };
  const { id } = await it.service.admin.post(sanctions, { ...away, site: "kettle-news" });
  await hers.getByRole("link", { name: "Queues" }).click();
  await hers.getByRole("link", { name: "Appeals" }).click();
  await own.getByText("nobody else is there to decide").waitFor();
  await own.getByRole("button", { name: "Make it public" }).waitFor();
  await it.service.ask(`${sanctions}/${id}`, { method: "DELETE", token: it.service.admin.token });

  const page = await it.seatOf("milo");
  // as if a page held one
  await page.route("**/replies?queue=appeals*", (route) =>
    route.continue({ url: route.request().url().replace("limit=50", "limit=1") }),
  );
  await page.getByRole("link", { name: "Appeals" }).click();
  await page.getByText("Kettles are made of copper.").waitFor();
  assert.equal(await page.getByText("Nobody does.").count(), 0);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByText("Nobody does.").waitFor();
  await page.getByRole("button", { name: "More" }).waitFor({ state: "detached" });
  await look(page, "desk-appeals");
  const first = page.locator(".found .card").first();
  await first.getByRole("button", { name: "Make it public" }).click();
  await first.getByText("the author is owed reasons").waitFor();
  await first.getByLabel("Your reasons, for the author").fill("Read again: it is about what they are made of.");
  await first.getByRole("button", { name: "Make it public" }).click();
  await first.getByText("Granted: the reply is public.").waitFor();
  it.browser.check();
});

test("somebody is slowed down, which stands beside her next reply at once, and let go again", async () => {
  for (const text of ["Here I am again.", "And once more, as nobody answers."]) await readers[0].reply(it.story, text);
  const page = await it.seatOf("mona");
  await page.locator(".context").getByRole("heading", { name: "Story" }).waitFor();
  await page.getByRole("link", { name: "People" }).click();
  await page.getByLabel("Name").fill("ann-reads");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "ann-reads" }).click();
  await page.getByRole("heading", { name: "Sanctions" }).waitFor();
  await page.getByRole("button", { name: "Sanction", exact: true }).click();
  await page.getByLabel("What", { exact: true }).selectOption("slow");
  await checkDialog(page, "sanction");
  await screenshot(page, "desk-sanction");
  await page.getByLabel("Why, for colleagues").fill("The third insult this week.");
  await page.getByRole("button", { name: "Impose it" }).click();
  await page.locator(".other").getByText("The third insult this week.").waitFor();
  await look(page, "desk-people");
  await page.getByRole("link", { name: "Queues" }).click();
  const sanction = page.locator(".context").getByText("The third insult this week.");
  await sanction.waitFor();
  await page.keyboard.press("j");
  await sanction.waitFor();
  await page.goBack();
  await page.getByRole("button", { name: "Lift" }).click();
  await checkDialog(page, "lift a sanction");
  await page.getByRole("button", { name: "Lift it" }).click();
  await page.locator(".other").getByText(", lifted").waitFor();
  it.browser.check();
});
