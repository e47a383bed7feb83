// Texts that would run script where a check is forgotten, shown in a browser, where none of them runs any.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { becomes, blog, leave } from "./blog.js";
import { screenshot } from "./browser.js";

/** The same as the service's own tests take. */
const PAYLOADS = new URL("../../tests/it/payloads.rs", import.meta.url);
/** All that the service's sanitiser lets through. */
const TAGS = ["A", "BLOCKQUOTE", "BR", "CODE", "DEL", "EM", "HR", "LI", "OL", "P", "PRE", "STRONG", "UL"];
const ATTRIBUTES = ["A href", "A rel", "OL start"];
const SCHEMES = ["http:", "https:", "mailto:"];

/** @type {Awaited<ReturnType<typeof blog>>} */
let it;
/** @type {string[]} */
let payloads;
/** @type {import("./service.js").Person[]} */
let writers;

before(async () => {
  it = await blog();
  writers = [];
  for (const name of ["mallory", "oscar", "trudy"]) writers.push(await it.service.reader(name));
  const source = await readFile(PAYLOADS, "utf8");
  payloads = (/const PAYLOADS: &str = r##"(.*?)"##;/s.exec(source)?.[1] ?? "").split("\n");
  assert.ok(payloads.length > 90, "the payloads are found");
});
after(() => it?.stop());

/**
 * A page that tells if anything ran, and what it asked for.
 *
 * @param {string} address
 * @param {string} shown what is to be there
 */
async function watched(address, shown = "rejoinder-discussion .title") {
  const page = await it.browser.page([it.url, it.service.url]);
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    if (request.url().startsWith(it.url)) asked.push(request.url().slice(it.url.length));
  });
  page.on("dialog", (dialog) => {
    it.browser.faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.addInitScript(() => {
    window.alert = () => {
      /** @type {any} */ (window).ran = true;
    };
  });
  await page.goto(address);
  await page.locator(shown).first().waitFor();
  return { page, asked };
}

/** What stands in replies that is in no list. @param {import("playwright-core").Page} page */
function objections(page) {
  return page.evaluate(
    ([tags, attributes, schemes]) => {
      const root = document.querySelector("rejoinder-discussion")?.shadowRoot ?? document;
      const found = [];
      for (const element of root.querySelectorAll(".body *, .rejoinder article > div *")) {
        // what the element itself says in the place of a text
        if (element.matches("button.link")) continue;
        if (!tags.includes(element.tagName)) found.push(new XMLSerializer().serializeToString(element));
        for (const { name } of element.attributes) {
          if (!attributes.includes(`${element.tagName} ${name}`))
            found.push(new XMLSerializer().serializeToString(element));
        }
        if (element instanceof HTMLAnchorElement) {
          const isBound = element.relList.contains("noopener") && element.relList.contains("nofollow");
          if (!schemes.includes(element.protocol) || !isBound)
            found.push(new XMLSerializer().serializeToString(element));
        }
      }
      return found;
    },
    [TAGS, ATTRIBUTES, SCHEMES],
  );
}

/** Touches all that is there: with the pointer, the focus and time. @param {import("playwright-core").Page} page */
async function touchAll(page) {
  const links = page.locator(".body a, .rejoinder article > div a");
  await links.evaluateAll((all) => {
    for (const link of all) {
      for (const kind of ["pointerover", "mouseover", "mouseenter", "focus"]) link.dispatchEvent(new Event(kind));
      /** @type {HTMLElement} */ (link).focus();
    }
  });
  await page.waitForTimeout(300);
}

/** @param {import("playwright-core").Page} page */
const ran = (page) => page.evaluate(() => Boolean(/** @type {any} */ (window).ran));

test("a hundred hostile texts are shown as the text that they are, and run nothing", async () => {
  const story = await it.tea.story("hostile");
  const wraps = [
    (/** @type {string} */ text) => text,
    (/** @type {string} */ text) => `> ${text}\n\n*a ${text} b* [${text}](https://a.example/)`,
  ];
  const texts = payloads.flatMap((payload) => wraps.map((wrap) => wrap(payload)));
  const number = texts.length;
  const write = async (/** @type {import("./service.js").Person} */ writer, /** @type {number} */ first) => {
    for (let at = first; at < number; at += writers.length) {
      const word = Math.random().toString(36).slice(2);
      const reply = await writer.reply(story, `${texts[at]}\n\n${word} ${at}`);
      // rules hold what has many links, and what is like another's
      const isHeld = /** @type {any} */ (reply).state !== "approved";
      if (isHeld) await it.service.admin.decide(reply, "approve");
    }
  };
  await Promise.all(writers.map(write));

  const policies = {
    strict: it.policy,
    // where nothing but the element itself holds it back
    none: "base-uri *",
  };
  for (const [name, policy] of Object.entries(policies)) {
    const element = '<rejoinder-discussion site="tea-times" story="hostile" sort="oldest"></rejoinder-discussion>';
    it.addPage(`/hostile-${name}`, element, { policy });
    const { page, asked } = await watched(`${it.url}/hostile-${name}`);
    for (let shown = 30; shown < number; shown += 30) {
      await becomes(() => page.locator("article.reply").count(), shown);
      await page.getByRole("button", { name: "Show more", exact: true }).click();
    }
    await becomes(() => page.locator("article.reply").count(), number);
    await touchAll(page);
    assert.deepEqual(await objections(page), [], name);
    assert.equal(await ran(page), false, name);
    assert.deepEqual(asked, [`/hostile-${name}`, "/page.css"], "nothing is loaded for a reply");
    await page.getByText("<script>alert(1)</script>").first().waitFor();
    await screenshot(page, `embed-hostile-${name}`);
    // and they would have been found
    await page
      .locator(".body")
      .first()
      .evaluate((body) => body.append(document.createElement("img")));
    assert.equal((await objections(page)).length, 1);
    await leave(it.browser, page);
  }

  // on plain pages, in a browser that would run what is there
  const { page } = await watched(`${it.service.url}/embed/tea-times/hostile?sort=oldest`, ".rejoinder article");
  const next = page.locator('a[rel="next"]');
  let shown = 0;
  for (;;) {
    shown += await page.locator(".rejoinder article > div").count();
    await touchAll(page);
    assert.deepEqual(await objections(page), [], page.url());
    assert.equal(await ran(page), false, page.url());
    if (!(await next.count())) break;
    await next.click();
  }
  assert.equal(shown, number);
  await leave(it.browser, page);
});

test("nor do hostile names, labels and words of the page", async () => {
  const hostile = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const commentary = { label: hostile.slice(0, 40), author_name: hostile, body: hostile };
  const story = await it.tea.story("names", { headline: hostile, commentary });
  const name = '"><img src=x onerror=alert(1)>';
  const [mallory] = writers;
  await it.service.ask("/api/v1/me", {
    method: "PATCH",
    token: mallory.token,
    body: { display_name: name },
    headers: { "If-Match": "*" },
  });
  const first = await mallory.reply(story, "By somebody of a strange name.");
  await mallory.reply(story, "An answer to him.", first);
  const { page, asked } = await watched(it.page("tea-times", "names"));
  await page.locator(".name", { hasText: name }).first().waitFor();
  await page.getByRole("heading", { name: `2 answers to ${commentary.label}` }).waitFor();
  const inside = await page.evaluate(
    () => document.querySelector("rejoinder-discussion")?.shadowRoot?.querySelectorAll("img, script").length,
  );
  assert.equal(inside, 0);
  assert.equal(await ran(page), false);
  assert.deepEqual(asked, ["/tea-times/names", "/page.css"]);
  await leave(it.browser, page);
});

test("nor do hostile texts that come while one reads", async () => {
  const story = await it.tea.story("arrivals");
  const [mallory] = writers;
  const { page, asked } = await watched(it.page("tea-times", "arrivals"));
  await page.getByText("Nobody has replied yet.").waitFor();
  for (const payload of payloads.slice(0, 8)) {
    const reply = await mallory.reply(story, `${payload}\n\n${Math.random().toString(36)}`);
    if (/** @type {any} */ (reply).state !== "approved") await it.service.admin.decide(reply, "approve");
  }
  await page.getByRole("button", { name: "8 new replies" }).click();
  await becomes(() => page.locator("article.reply").count(), 8);
  await touchAll(page);
  assert.deepEqual(await objections(page), []);
  assert.equal(await ran(page), false);
  assert.deepEqual(asked, ["/tea-times/arrivals", "/page.css"]);
  await leave(it.browser, page);
});

test("an address that names no reply is none", async () => {
  await it.tea.story("address");
  const address = it.page("tea-times", "address");
  for (const hash of ["#reply-<img src=x onerror=alert(1)>", "#reply-../../../me", `#reply-${"0".repeat(36)}`, "#%"]) {
    const { page } = await watched(address + hash);
    await page.getByText("Nobody has replied yet.").waitFor();
    await page.waitForTimeout(200);
    assert.equal(await ran(page), false);
    assert.equal(await page.locator(".linked").count(), 0);
    await leave(it.browser, page);
  }
});
