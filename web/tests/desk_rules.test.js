// A site's rules, what is learnt of its decisions, its log and its numbers.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { checkAccess, look } from "./browser.js";
import { checkDialog } from "./desk_access.js";
import { adminDesk, closeDialogs, go, SITE } from "./desk_admin.js";

/** @type {Awaited<ReturnType<typeof adminDesk>>} */
let it;
/** @type {import("./service.js").Person} */
let ann;
/** @type {import("./service.js").Person} */
let mona;
/** @type {import("playwright-core").Page} */
let boss;
/** @type {typeof it.press} */
let press;

before(async () => {
  it = await adminDesk();
  ({ boss, mona, press } = it);
  [ann] = it.readers;
});
after(() => it?.stop());
afterEach(() => closeDialogs(boss));

test("rules are tried on a text and on former replies before they are switched on, and lists are taken whole", async () => {
  await boss.getByRole("link", { name: "Rules" }).click();
  await boss.getByLabel("Words that hold a reply, one a line").fill("casino\ncopper");
  await boss.getByLabel("A text to try").fill("What does the copper cost?");
  await press("Try this text");
  await boss.locator("mark", { hasText: "copper" }).waitFor();
  await press("Try on the last 1,000 replies");
  await boss
    .getByText(
      /^Your rules would catch 0 .* and hold \d that they approved; the rules that hold \(version 1\) 0 and \d\.$/,
    )
    .waitFor();
  await boss.getByRole("img", { name: "What this policy would do" }).waitFor();
  await boss.getByText("As a table").press("Enter");
  await boss.getByRole("row", { name: /^Approved by moderators, but held – \d \d$/ }).waitFor();
  assert.equal((await it.service.admin.get(`${SITE}/policy`)).version, 1, "nothing is switched on yet");
  // numbers of other rules than those in the form say so
  const former = boss.getByText("You have changed the rules since");
  assert.equal(await former.isVisible(), false);
  await boss.getByLabel("Words that hold a reply, one a line").fill("casino\ncopper\ntin");
  await former.waitFor();
  await boss.getByLabel("Words that hold a reply, one a line").fill("casino\ncopper");
  await former.waitFor({ state: "hidden" });
  await boss.getByRole("heading", { name: "What you changed" }).waitFor();
  await look(boss, "desk-rules");
  await boss.getByLabel("So many times as much").fill("500");
  await press("Switch it on");
  await boss.getByText("1 to 100.").waitFor();
  await boss.getByLabel("So many times as much").fill("3");
  await press("Switch it on");
  await boss.getByText("The rules hold from now on.").waitFor();
  await boss.getByText("Version 2.").waitFor();

  await go(boss, "rules/kettle-news/lists");
  const form = boss.locator("form", { has: boss.getByLabel("Words that are spam", { exact: true }) });
  await form.getByLabel("Words that are spam", { exact: true }).fill("viagr*\n***");
  await form.getByRole("button", { name: "Switch this list on" }).click();
  await boss.getByText("Line 2:", { exact: false }).waitFor();
  await form.getByLabel("Words that are spam", { exact: true }).fill("viagr*");
  await form.locator("input[type=file]").setInputFiles({
    name: "more.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("free money\r\nviagr*\n\n"),
  });
  await form.getByText("2 entries").waitFor();
  await look(boss, "desk-lists");
  await form.getByRole("button", { name: "Switch this list on" }).click();
  await boss.getByText("“Words that are spam” holds from now on.").waitFor();

  await go(boss, "rules/kettle-news/people");
  await boss.getByLabel("Off topic").fill("We keep to the story here.");
  await press("Remove step 5");
  await press("Remove step 4");
  await boss.getByLabel("Step 3", { exact: true }).selectOption("suspend");
  await boss.locator(".steps li").nth(2).getByLabel("days").fill("99999");
  await press("Switch it on");
  await boss.getByText("Step 3, days:").waitFor();
  await boss.locator(".steps li").nth(2).getByLabel("days").fill("14");
  await look(boss, "desk-rules-people");
  await press("Switch it on");
  await boss.getByText("It holds from now on.").waitFor();
  const { policy } = await mona.get(`${SITE}/policy`);
  assert.equal(policy.fairness.words.off_topic, "We keep to the story here.");
  assert.deepEqual(policy.sanctions.steps, [
    { kind: "warn" },
    { kind: "slow", days: 7, per_day: 3 },
    { kind: "suspend", days: 14 },
  ]);
  assert.deepEqual(policy.words, { hold: ["casino", "copper"], spam: ["viagr*", "free money"], accents: "ignored" });
  it.browser.check();
});

test("a former version of the rules is restored, run again on what waits, and that is undone", async () => {
  await it.patchSite({ moderation_mode: "post" });
  await it.service.admin.put(`${SITE}/stories/plain`, { headline: "A story as the site has it" });
  const story = await it.service.ask(`${SITE}/stories/plain`);
  await ann.reply(story, "The copper is what makes it dear, says my plumber.");
  const waits = async () =>
    (await mona.get("/api/v1/moderation/counts")).items.find((/** @type {any} */ one) => one.site === "kettle-news")
      .pending;
  assert.equal(await waits(), 1);
  await go(boss, "rules/kettle-news/versions");
  await press("What it changed: version 3");
  await boss.getByRole("cell", { name: "with: viagr*, free money" }).waitFor();
  await press("Close");
  await boss.route("**/policy/versions/1", (route) => route.abort(), { times: 1 });
  await press("Restore version 1");
  await boss.getByRole("heading", { name: "That did not work" }).waitFor();
  await checkDialog(boss, "a version that cannot be read");
  await press("Close");
  await press("Restore version 1");
  await boss.getByRole("cell", { name: "without: copper" }).waitFor();
  await press("Restore it");
  await boss.getByText("The rules are as in version 1 from now on.").waitFor();
  await press("Run them again");
  await boss.getByText("1 reply is public now").first().waitFor();
  assert.equal(await waits(), 0);
  await look(boss, "desk-versions");
  await press("Undo");
  await checkDialog(boss, "undo a run");
  await press("Undo it");
  await boss.getByText("1 reply waits again").first().waitFor();
  assert.equal(await waits(), 1);
  await it.patchSite({ moderation_mode: "pre" });
  it.browser.check();
});

test("what the classifier knows is shown as a picture and as a table", async () => {
  await go(boss, "rules/kettle-news/classifier");
  await boss.getByText("It says nothing yet").waitFor();
  await checkAccess(boss, "a quiet classifier");
  const GOOD = ["kettle", "copper", "margin", "tariff", "column", "merger", "price", "harvest"];
  const BAD = ["casino", "jackpot", "bonus", "pills", "winner", "crypto", "lottery", "free"];
  const text = (/** @type {string[]} */ words, /** @type {number} */ at) =>
    `${words[at % 8]} ${words[(at * 3 + 1) % 8]} number ${at}: ${words[(at * 5 + 2) % 8]} and ${words[(at >> 3) % 8]}.`;
  await Promise.all(
    it.readers.map(async (reader, number) => {
      const isBad = number % 2 === 1;
      for (let at = number >> 1; at < 55; at += 2) {
        const posted = await reader.reply(it.story, text(isBad ? BAD : GOOD, at));
        await mona.decide(posted, isBad ? "spam" : "approve");
      }
    }),
  );
  await go(boss, "site/kettle-news/stories");
  await go(boss, "rules/kettle-news/classifier");
  await boss.getByText("speaks", { exact: true }).waitFor();
  await boss.getByRole("img", { name: "How good the classifier was" }).waitFor();
  await boss.getByText("As a table").click();
  await boss.getByRole("region", { name: "Quality by score" }).waitFor();
  assert.ok((await boss.locator(".bars tr").count()) > 10, "features are named");
  await look(boss, "desk-classifier");
  it.browser.check();
});

test("the log is narrowed down by what, by whom and by day", async () => {
  await mona.decide(await ann.reply(it.story, "Who boils water for one cup?"), "approve");
  const page = await it.deskOf("mona");
  await page.getByRole("link", { name: "Log" }).click();
  await page.getByLabel("What was done").selectOption({ label: "changed the settings" });
  await page.locator(".log > li").first().waitFor();
  const log = page.locator(".log");
  await log.getByText("Details").first().click();
  await log.getByText("→").first().waitFor();
  await look(page, "desk-log");
  await page.getByLabel("What was done").selectOption({ label: "Everything" });
  await log.getByRole("button", { name: "mona" }).first().click();
  await page.getByRole("button", { name: "Done by mona: show all again" }).waitFor();
  await log.getByText("exported the log").waitFor({ state: "detached" });
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".log > li .log-what > :first-child")].every((who) => who.textContent === "mona"),
  );
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await page.getByText("Nothing of that.").waitFor();
  await page.context().close();

  const [, bela] = it.readers;
  const sanction = { kind: "premoderate", reason: "Shouts on every site.", site: null };
  await it.service.admin.post(`/api/v1/accounts/${bela.id}/sanctions`, sanction);
  await go(boss, "log/kettle-news/everywhere");
  await boss.locator(".log").getByText("Shouts on every site.").waitFor();
  await boss.locator(".log").getByRole("button", { name: "bela" }).click();
  await boss.getByRole("button", { name: "About bela: show all again" }).press("Enter");
  assert.ok(
    await boss.getByLabel("What was done").evaluate((element) => element === document.activeElement),
    "the focus is in the page",
  );
  it.browser.check();
});

test("the log's chain is checked in the browser, and what was changed is found", async () => {
  await mona.decide(await ann.reply(it.story, "Sealed within a second or two."), "approve");
  while ((await mona.get(`${SITE}/log/head`)).unsealed) await new Promise((resolve) => setTimeout(resolve, 100));
  await go(boss, "log/kettle-news/verify");
  const hash = await boss.locator(".facts code").first().innerText();
  const kept = JSON.parse((await it.downloaded("Save the head")).text);
  assert.equal(kept.head.hash, hash);
  await boss.getByLabel("A head that you kept").fill(hash);
  await boss.getByLabel("The key that you trust").fill(kept.public_key);
  await press("Check it now");
  await boss.getByText("The log holds: nothing in it was changed.").waitFor();
  await boss.getByText("The head is signed by the key beside it.").waitFor();
  await boss.getByText(`The head that you kept is seal ${kept.head.number}`).waitFor();
  await look(boss, "desk-log-verify");
  await boss.getByLabel("A head that you kept").fill("ab".repeat(32));
  await press("Check it now");
  await boss.getByText("The head that you kept is not in this log").waitFor();
  await boss.getByLabel("A head that you kept").fill("");

  /** What is done to the log on its way, and what must be said of it. @type {[(log: string) => string, RegExp][]} */
  const changes = [
    [(log) => log.replace('"action":"approve"', '"action":"reject"'), /a row before seal \d+ is not as it was sealed/],
    [
      (log) => log.replace("Kettles get smaller", "Kettles get larger"),
      /the words of row \d+ are not those that were sealed/,
    ],
    [(log) => log.replace(/\{"row":.*\n(?=\{"row":)/, ""), /rows are missing or moved/],
    [(log) => log.split("\n").slice(0, -2).join("\n"), /its end is missing/],
    [(log) => log.replace('{"row":', '{ "row":'), /not written as the service writes it/],
    [
      (log) => log.replace(/("signature":")(.)/, (_, name, digit) => name + (digit === "0" ? "1" : "0")),
      /The signature of the head is false/,
    ],
  ];
  for (const [change, words] of changes) {
    await boss.route(
      (url) => url.pathname.endsWith("/log/export"),
      async (route) => {
        const answer = await route.fetch();
        const log = await answer.text();
        assert.notEqual(change(log), log);
        await route.fulfill({ response: answer, body: change(log) });
      },
      { times: 1 },
    );
    await press("Check it now");
    await boss.getByText(words).waitFor();
    await boss.getByText("The log does not hold.").waitFor();
  }

  const { name, text } = await it.downloaded("Save the whole log");
  assert.equal(name, "kettle-news-log.ndjson");
  assert.match(text, /^\{"log":/);
  it.browser.check();
});

test("a browser without Ed25519 checks the chain and names what checks the signature", async () => {
  const page = await it.deskOf("mona");
  await page.evaluate(() => {
    const { subtle } = crypto;
    subtle.importKey = async () => {
      throw new DOMException("unknown", "NotSupportedError");
    };
  });
  await go(page, "log/kettle-news/verify");
  await press("Check it now", page);
  await page.getByText("The log holds").waitFor();
  await page.getByText("the signature of the head could not be checked").waitFor();
  await page.getByText("rejoinder log verify kettle-news-log.ndjson").waitFor();
  await page.context().close();
  it.browser.check();
});

test("numbers are shown for the days that are asked for, and the report is saved", async () => {
  await mona.decide(await ann.reply(it.story, "What is said of numbers begins with one."), "approve");
  await go(boss, "numbers/kettle-news/days");
  await boss.getByText("replies came").waitFor();
  const card = (/** @type {string} */ title) =>
    boss.locator(".card", { has: boss.getByRole("heading", { name: title, exact: true }) });
  const bar = card("Replies a day").getByRole("img").locator('rect[fill="#1D5C86" i]').first();
  await bar.waitFor();
  const blue = await bar.evaluate((shape) => getComputedStyle(shape).fill);
  await boss.emulateMedia({ colorScheme: "dark" });
  assert.notEqual(await bar.evaluate((shape) => getComputedStyle(shape).fill), blue, "it is of the page's colours");
  await boss.emulateMedia({ colorScheme: "light" });
  await card("Replies a day").getByText("As a table").click();
  await boss.getByRole("columnheader", { name: "Public at once" }).waitFor();
  await card("Decisions")
    .getByRole("img", { name: /Decisions/ })
    .waitFor();
  await card("Decisions").getByText("As a table").click();
  await card("Decisions").getByRole("rowheader", { name: "approved" }).waitFor();
  await look(boss, "desk-numbers");
  // so many are drawn in a minute and no more: bars of the desk's own stand there then
  await boss.route(
    (url) => url.pathname.endsWith("/statistics/chart"),
    (route) => route.fulfill({ status: 429, contentType: "application/problem+json", body: "{}" }),
  );
  await boss.getByLabel("Which days").selectOption("This year");
  await boss.getByText(/^\d{4}-01-01 to /).waitFor();
  await card("Decisions").getByRole("rowheader", { name: "approved" }).waitFor();
  await boss.unrouteAll();
  await boss.getByLabel("Which days").selectOption("Own days");
  await boss.getByLabel("From").fill("2020-01-01");
  await boss.getByLabel("To", { exact: true }).fill("2021-12-31");
  await press("Show");
  await boss.getByText("It may be 366 days at most.").waitFor();
  await boss.getByLabel("To", { exact: true }).fill("2020-01-31");
  await press("Show");
  await boss.getByText("Nothing happened in these days.").waitFor();

  await go(boss, "numbers/kettle-news/report");
  await boss.getByRole("heading", { name: /^Kettle News: / }).waitFor();
  await look(boss, "desk-report");
  const saved = JSON.parse((await it.downloaded("Save as JSON")).text);
  assert.equal(saved.site, "kettle-news");
  assert.ok(saved.decisions.approve > 0);
  assert.match((await it.downloaded("Save as CSV")).text, /approve/);
  it.browser.check();
});
