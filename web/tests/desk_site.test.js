// A site, as its admins run it.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { checkAccess, look, screenshot } from "./browser.js";
import { checkDialog } from "./desk_access.js";
import { adminDesk, closeDialogs, focused, go, SITE } from "./desk_admin.js";
import { PASSWORD } from "./service.js";

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
/** Whom the site asks about replies. @type {import("node:http").Server | undefined} */
let endpoint;

before(async () => {
  it = await adminDesk({ OUTSIDE_ALLOW_PRIVATE: "true" });
  ({ boss, mona, press } = it);
  [ann] = it.readers;
});
after(() => {
  endpoint?.closeAllConnections();
  endpoint?.close();
  return it?.stop();
});
afterEach(() => closeDialogs(boss));

test("a site's settings are changed, with errors at their fields and without overwriting others", async () => {
  await boss.getByRole("link", { name: "Site", exact: true }).click();
  await boss.getByLabel("Tagline").fill("Steam, copper and tea");
  await look(boss, "desk-site-settings");
  await boss.getByLabel("Websites whose pages may call").fill("https://kettle.example\nnot an origin");
  await press("Save the settings");
  const origins = boss.getByLabel("Websites whose pages may call");
  await boss.getByText("Entry 2:").waitFor();
  assert.equal(await origins.getAttribute("aria-invalid"), "true");
  assert.ok(await origins.evaluate((element) => element === document.activeElement), "the focus is at what is wrong");
  await checkAccess(boss, "settings with an error");
  await origins.fill("https://kettle.example");
  await boss.getByLabel("Minutes to edit").fill("10");
  await boss.getByRole("radio", { name: /^Public at once/ }).check();
  await press("Save the settings");
  await boss.getByText("Saved. It holds from now on.").waitFor();
  assert.equal(await focused(boss), "Saved. It holds from now on.", "the focus is where it is said");
  let settings = await it.service.admin.get(`${SITE}/settings`);
  assert.deepEqual(
    [settings.tagline, settings.allowed_origins, settings.edit_window_secs, settings.moderation_mode],
    ["Steam, copper and tea", ["https://kettle.example"], 600, "post"],
  );

  await it.patchSite({ tagline: "All about kettles", trusted_after: 7 });
  await boss.getByLabel("Tagline").fill("Nothing but kettles");
  await press("Save the settings");
  await boss.getByRole("heading", { name: "Somebody was quicker" }).waitFor();
  await boss.getByRole("cell", { name: "All about kettles" }).waitFor();
  await checkAccess(boss, "a conflict");
  await screenshot(boss, "desk-site-conflict");
  await press("Save mine all the same");
  await boss.getByText("Saved. It holds from now on.").waitFor();
  settings = await it.service.admin.get(`${SITE}/settings`);
  assert.deepEqual([settings.tagline, settings.trusted_after], ["Nothing but kettles", 7]);
  await it.patchSite({ moderation_mode: "pre" });

  await go(boss, "site/kettle-news/new");
  await boss.getByLabel("Name", { exact: true }).fill("Tea & Früchte");
  assert.equal(await boss.getByLabel("Name in addresses").inputValue(), "tea-fruchte");
  await look(boss, "desk-site-new");
  await boss.getByLabel("Name in addresses").fill("kettle-news");
  await press("Make the site");
  await boss.getByText("A site with this key exists").waitFor();
  await boss.getByLabel("Name in addresses").fill("tea");
  await press("Make the site");
  await boss.getByLabel("Site", { exact: true }).waitFor();
  assert.equal(await boss.getByLabel("Site", { exact: true }).inputValue(), "tea");
  it.browser.check();
});

test("a moderator reads what only admins change, and does not see what only admins see", async () => {
  const page = await it.deskOf("mona");
  await go(page, "site/kettle-news/settings");
  await page.getByText("Admins change them.").waitFor();
  assert.ok(await page.getByLabel("Tagline").isDisabled());
  assert.equal(await page.getByRole("button", { name: "Save the settings" }).count(), 0);
  assert.deepEqual(await page.locator(".subtabs a").allInnerTexts(), [
    "Settings",
    "Stories",
    "Badges",
    "Outside check",
  ]);
  await go(page, "site/kettle-news/keys");
  await page.getByText("Only admins see this page.").waitFor();
  await checkAccess(page, "only admins");
  await go(page, "site/kettle-news/badges");
  await page.getByRole("link", { name: "Who has it: Verified" }).waitFor();
  for (const name of ["Make a badge", "Change: Verified"])
    assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  await go(page, "site/kettle-news/outside");
  await page.getByText("Admins name who is asked.").waitFor();
  await go(page, "rules/kettle-news/editor");
  await page.getByText("admins switch them on").waitFor();
  assert.equal(await page.getByRole("button", { name: "Switch it on" }).count(), 0);
  await page.getByLabel("A text to try").fill("A casino!");
  await press("Try this text", page);
  await page.getByText("It would be held.").waitFor();
  await go(page, "rules/kettle-news/lists");
  await page.getByRole("textbox", { name: "Words that are spam" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Switch this list on" }).count(), 0);
  await go(page, "log/kettle-news/everywhere");
  await page.getByText("Only admins see this page.").waitFor();
  await page.context().close();
  it.browser.check();
});

test("a story is closed and reopened, moderated in its own way, and its featured replies are arranged", async () => {
  for (const text of ["The first to be featured.", "The second to be featured."]) {
    const posted = await ann.reply(it.story, text);
    await mona.decide(posted, "approve");
    await mona.put(`/api/v1/replies/${posted.id}/feature`, {});
  }
  await go(boss, "site/kettle-news/stories");
  await boss.getByText("2 public replies").waitFor();
  await look(boss, "desk-stories");
  await boss.getByRole("link", { name: "Kettles get smaller" }).click();
  await boss.getByRole("heading", { name: "Featured replies" }).waitFor();
  await press("Close it");
  await boss.getByText("takes no replies any more").waitFor();
  await press("Reopen it");
  await boss.getByText("takes replies again").waitFor();

  await boss.getByRole("radio", { name: /^New authors wait/ }).check();
  await boss.getByLabel("Closes at").fill("2031-05-04T12:30");
  await press("Save");
  await boss.getByText("Saved.").waitFor();
  const story = await it.service.ask(`/api/v1/stories/${it.story.id}`);
  assert.equal(story.moderation_mode, "trusted");
  assert.equal(new Date(story.closes_at).getFullYear(), 2031);
  assert.equal(story.commentary.label, "KC's View", "what the blog says of the story stays");
  assert.equal(story.source.url, "https://wire.example/kettles");

  const before = await boss.locator(".featured-row .text").allInnerTexts();
  await boss.getByRole("button", { name: "Down: ann-reads" }).first().press("Enter");
  assert.equal(await focused(boss), "Up", "the last one goes no further down");
  await boss.getByLabel("Words above ann-reads’s").first().fill("From the trade");
  await look(boss, "desk-story");
  await press("Save order and words");
  await boss.getByText("Readers see this order from now on.").waitFor();
  const { items } = await it.service.ask(`/api/v1/stories/${it.story.id}/featured`);
  assert.ok(items[0].body_html.includes(before[1].trim()), "the second is the first");
  assert.equal(items[0].featured.label, "From the trade");
  await boss.getByRole("button", { name: "Take it off: ann-reads" }).first().click();
  await boss.getByText("It is not featured any more.").waitFor();
  assert.equal(await boss.locator(".featured-row").count(), 1);
  it.browser.check();
});

test("a role is given and taken, by who shows again who he is", async () => {
  await go(boss, "site/kettle-news/roles");
  await boss.getByRole("link", { name: "mona" }).waitFor();
  await boss.getByLabel("Name or account id").fill("ann-reads");
  await boss.keyboard.press("Enter");
  await boss.getByRole("button", { name: "Make author: ann-reads" }).waitFor();
  await look(boss, "desk-roles");
  // as the service answers ten minutes after signing in
  await boss.route(
    (url) => url.pathname.endsWith("/author"),
    (route) =>
      route.fulfill({
        status: 403,
        contentType: "application/problem+json",
        body: JSON.stringify({ status: 403, code: "proof_needed" }),
      }),
    { times: 1 },
  );
  await boss.getByRole("button", { name: "Make author: ann-reads" }).click();
  await boss.getByRole("heading", { name: "Is it still you?" }).waitFor();
  await checkDialog(boss, "proof");
  await boss.getByLabel("Password").fill(PASSWORD);
  await boss.keyboard.press("Enter");
  await boss.getByText("ann-reads is an author now.").waitFor();
  const { items } = await it.service.admin.get(`${SITE}/roles`);
  assert.ok(items.some((/** @type {any} */ one) => one.account_id === ann.id && one.role === "author"));
  await boss.getByRole("button", { name: "Take away: ann-reads, author" }).click();
  await press("Take it away");
  await boss.getByText("ann-reads is no author any more.").waitFor();
  // who never wrote is found by id
  await boss.getByLabel("Name or account id").fill(`account ${mona.id}`);
  await boss.keyboard.press("Enter");
  await boss.getByRole("button", { name: "Make author: mona" }).waitFor();
  it.browser.check();
});

test("a badge is made, changed, given, taken back and deleted", async () => {
  const reply = await mona.decide(await ann.reply(it.story, "I have mended kettles for forty years."), "approve");
  /** What readers see of ann. */
  const shown = async () => {
    const page = await it.service.ask(`/api/v1/stories/${it.story.id}/replies`);
    const { author } = page.items.find((/** @type {any} */ one) => one.id === reply.id);
    return (author.badges ?? []).map((/** @type {any} */ { label }) => label);
  };
  await go(boss, "site/kettle-news/badges");
  await press("Make a badge");
  await boss.getByLabel("What readers see").fill("Kettle smith");
  const name = boss.getByLabel("Its name in addresses");
  assert.equal(await name.inputValue(), "kettle-smith");
  await name.fill("moderator");
  await press("Make it");
  await boss.getByText("not what roles are called").waitFor();
  await screenshot(boss, "desk-badge-new");
  await name.fill("smith");
  await press("Make it");
  await boss.getByText("The badge “Kettle smith” is there.").waitFor();
  await boss.getByRole("button", { name: "Change: Kettle smith" }).click();
  await boss.getByLabel("What readers see").fill("Smith");
  await press("Save");
  await boss.getByText("It is “Smith” from now on.").waitFor();
  await look(boss, "desk-badges");

  await boss.getByRole("link", { name: "Who has it: Smith" }).click();
  await boss.getByText("Nobody has it yet.").waitFor();
  await boss.getByLabel("Name or account id").fill("ann-reads");
  await boss.keyboard.press("Enter");
  await boss.getByRole("button", { name: "Give it: ann-reads" }).click();
  await boss.getByText("ann-reads has it now.").waitFor();
  await look(boss, "desk-badge");
  assert.deepEqual(await shown(), ["Smith"]);
  await boss.getByRole("link", { name: "ann-reads" }).click();
  await boss.getByText("Badges", { exact: true }).click();
  assert.ok(await boss.getByLabel("Smith").isChecked());
  await boss.getByRole("link", { name: "All badges of kettle-news" }).click();
  await boss.getByRole("link", { name: "Who has it: Smith" }).click();
  await boss.getByRole("button", { name: "Take back: ann-reads" }).click();
  await press("Take it back");
  await boss.getByText("ann-reads has it no more.").waitFor();
  assert.deepEqual(await shown(), []);
  await boss.getByRole("link", { name: "All badges" }).click();
  assert.equal(await boss.getByRole("button", { name: "Delete: Verified" }).count(), 0, "every site has it");
  await boss.getByRole("button", { name: "Delete: Smith" }).click();
  await press("Delete it");
  await boss.getByText("The badge “Smith” is gone.").waitFor();
  assert.equal(await boss.getByRole("link", { name: "Who has it: Smith" }).count(), 0);
  it.browser.check();
});

test("a key is made, works, gets a new secret and is revoked", async () => {
  await go(boss, "site/kettle-news/keys");
  await press("Make a key");
  await boss.getByLabel("What it is for").fill("The blog’s server");
  await boss.getByLabel("Read numbers").check();
  await screenshot(boss, "desk-key-new");
  await press("Make it");
  const shown = boss.locator("output.secret");
  const secret = await shown.innerText();
  assert.match(secret, /^rj_live_\w{36}$/);
  await press("Copy");
  await boss.getByText("Copied.").waitFor();
  assert.equal(await boss.evaluate(() => navigator.clipboard.readText()), secret);
  await screenshot(boss, "desk-key-secret");
  await press("I have kept it");
  await boss.getByText("The key is there.").waitFor();
  await it.service.ask("/api/v1/moderation/counts", { token: secret });
  await look(boss, "desk-keys");

  await boss.getByRole("button", { name: "New secret: The blog’s server" }).click();
  await boss.getByLabel("The present secret goes on being taken").selectOption("0");
  await press("Make a new secret");
  const fresh = await shown.innerText();
  assert.notEqual(fresh, secret);
  await press("I have kept it");
  await boss.getByText("The key has a new secret.").waitFor();
  await assert.rejects(it.service.ask("/api/v1/moderation/counts", { token: secret }), /401/);
  await it.service.ask("/api/v1/moderation/counts", { token: fresh });
  await boss.getByRole("button", { name: "Revoke: The blog’s server" }).click();
  await press("Revoke it");
  await boss.getByText("The key is revoked.").waitFor();
  await assert.rejects(it.service.ask("/api/v1/moderation/counts", { token: fresh }), /401/);
  it.browser.check();
});

/** A token as a blog's server signs it. @param {string} secret @param {object} claims */
function signed(secret, claims) {
  const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const all = { iss: "https://blog.example", sub: "4711", iat: now, exp: now + 300, jti: randomUUID(), ...claims };
  const message = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(all)}`;
  return `${message}.${createHmac("sha256", secret).update(message).digest("base64url")}`;
}

test("an issuer is registered, and tokens are tested part by part", async () => {
  await go(boss, "site/kettle-news/sign-on");
  await boss.getByRole("link", { name: "Register an issuer" }).click();
  await boss.getByLabel("iss", { exact: true }).fill("https://blog.example");
  await press("Register it");
  await boss.getByText("Give it a name.").waitFor();
  await boss.getByLabel("Its name in addresses").fill("wordpress");
  await look(boss, "desk-issuer-new");
  await press("Register it");
  const secret = await boss.locator("output.secret").innerText();
  await press("I have kept it");
  await boss.getByRole("heading", { name: "wordpress" }).waitFor();

  await boss.getByLabel("A token").fill(signed(secret, { aud: it.service.url, name: "Ann" }));
  await press("Test it");
  await boss.getByText("The token is good. It would make a new account.").waitFor();
  const old = Math.floor(Date.now() / 1_000) - 900;
  await boss
    .getByLabel("A token")
    .fill(signed("another secret of more than 32 bytes", { aud: "https://else.example", iat: old, exp: old + 300 }));
  await press("Test it");
  await boss.getByText("The token is refused:").waitFor();
  const rows = await boss.locator(".test-result tbody tr").allInnerTexts();
  for (const [part, standing] of [
    ["aud", "wrong"],
    ["exp", "wrong"],
    ["alg", "right"],
  ]) {
    assert.ok(
      rows.some((row) => row.startsWith(part) && row.includes(standing)),
      `${part} is ${standing}: ${rows.join(" | ")}`,
    );
  }
  await look(boss, "desk-sign-on");
  await boss.getByRole("link", { name: "Change: wordpress" }).click();
  await boss.getByLabel("Joins accounts from before by their e-mail").check();
  await press("Save");
  await boss.getByText("It joins accounts by e-mail").waitFor();
  await boss.getByRole("button", { name: "Delete: wordpress" }).click();
  await press("Delete it");
  await boss.getByText("Nobody signs readers on yet.").waitFor();
  it.browser.check();
});

test("somebody outside is named, tested, and asked no more", async () => {
  endpoint = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ outcome: "flag", message: "A second look, please." }));
    });
  }).listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (endpoint.address());
  await go(boss, "site/kettle-news/outside");
  await boss.getByLabel("Address", { exact: true }).fill("no address");
  await press("Ask them from now on");
  await boss.locator(".wrong:not(:empty)").waitFor();
  await boss.getByLabel("Address", { exact: true }).fill(`http://127.0.0.1:${port}/replies`);
  await press("Ask them from now on");
  assert.match(await boss.locator("output.secret").innerText(), /^whsec_/);
  await press("I have kept it");
  await boss.getByText("They are asked from now on.").waitFor();
  await press("Test it");
  await boss.getByText("It answered: flagged.").waitFor();
  await look(boss, "desk-outside");
  endpoint.closeAllConnections();
  endpoint.close();
  await press("Test it");
  await boss.getByText("There was no answer that can be used").waitFor();
  await press("Ask nobody any more");
  await checkDialog(boss, "ask nobody");
  await press("Ask nobody");
  await boss.getByText("Nobody outside is asked any more.").waitFor();
  it.browser.check();
});
