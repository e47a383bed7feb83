// Who is signed in at a discussion on a page of another origin, how long, and where that stands.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { becomes, blog, leave, replyOf, signIn } from "./blog.js";
import { checkAccess, PHONE, screenshot } from "./browser.js";
import { startProvider } from "./provider.js";

const SECRET = "a secret of forty bytes that nobody knows";

/** @type {Awaited<ReturnType<typeof blog>>} */
let it;
/** @type {string} */
let address;

before(async () => {
  it = await blog({ OUTSIDE_ALLOW_PRIVATE: "true" });
  await it.service.reader("ann-reads");
  await it.kettle.story("smaller-kettles");
  address = it.page("kettle-news", "smaller-kettles");
  const issuer = { iss: it.url, aud: it.service.url, kind: "secret", secret: SECRET };
  await it.service.admin.put("/api/v1/sites/kettle-news/sso/issuers/blog", issuer, { "If-Match": '"0"' });
});
after(() => it?.stop());

/** The blog's word about a reader. @param {object} reader */
function tokenOf(reader) {
  const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { ...reader, iss: it.url, aud: it.service.url, iat: now, exp: now + 300, jti: randomUUID() };
  const message = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${message}.${createHmac("sha256", SECRET).update(message).digest("base64url")}`;
}

/** A page whose own script is this. @param {string} name @param {string} script */
function scripted(name, script) {
  it.addScript(`/${name}.js`, script);
  const head = `<script defer src="/${name}.js"></script>`;
  const policy = it.policy.replace("script-src", "script-src 'self'").replace("connect-src", "connect-src 'self'");
  it.addPage(`/${name}`, '<rejoinder-discussion site="kettle-news" story="smaller-kettles"></rejoinder-discussion>', {
    head,
    policy,
  });
  return `${it.url}/${name}`;
}

/**
 * Where the session is renewed, as it is asked for.
 *
 * @param {import("playwright-core").Page} page
 */
function refreshes(page) {
  /** @type {import("playwright-core").Request[]} */
  const asked = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/sessions/refresh") && request.method() === "POST") asked.push(request);
  });
  return asked;
}

test("a session lasts over a reload by a cookie that no script reads, and no token is kept where one does", async () => {
  const page = await it.open(address);
  /** @type {string[]} */
  const tokens = [];
  /** @type {Record<string, string>[]} */
  const answers = [];
  page.on("response", async (response) => {
    if (!/\/sessions(\/refresh)?$/.test(response.url()) || response.request().method() !== "POST") return;
    const answer = await response.json().catch(() => ({}));
    answers.push(answer);
    tokens.push(answer.access_token);
  });
  await signIn(page, "ann-reads");
  const asked = refreshes(page);
  await page.reload();
  await page.getByText("Signed in as ann-reads").waitFor();
  assert.equal(asked.length, 1);
  assert.equal(asked[0].postData(), "{}");
  await becomes(() => answers.length, 2);
  for (const answer of answers) assert.equal(answer.refresh_token, undefined, "the page is not told it");

  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  for (const token of tokens) assert.ok(token && !kept.includes(token), "no token is kept");
  assert.ok(!/ey[\w-]+\.[\w-]+\.|[\w-]{43,}/.test(kept.replaceAll(it.service.url, "")), kept);
  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes("rejoinder"));
  assert.equal(cookies.length, 1);
  assert.ok(cookies[0].httpOnly);
  assert.ok(!kept.includes(cookies[0].value));

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await becomes(
    async () => (await page.context().cookies()).filter(({ name }) => name.includes("rejoinder")).length,
    0,
  );
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(asked.length, 1, "who signed out is not asked about again");
  await leave(it.browser, page);
});

test("a session that ended elsewhere ends here, and what was typed stays", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("Typed before it ended.");
  const ann = await it.service.signIn("ann-reads");
  const { items } = await ann.get("/api/v1/me/sessions");
  for (const session of items) {
    if (session.is_current) continue;
    await it.service.ask(`/api/v1/me/sessions/${session.id}`, { method: "DELETE", token: ann.token });
  }
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByLabel("Your reply", { exact: true }).inputValue(), "Typed before it ended.");
  await signIn(page, "ann-reads");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await replyOf(page, "Typed before it ended.").getByText("Waits for a moderator.").waitFor();
  await leave(it.browser, page);
});

test("an access token that is over is renewed without anybody noticing", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  const asked = refreshes(page);
  let refused = 0;
  await page.route("**/replies/preview", async (route) => {
    if (route.request().method() !== "POST" || refused++) return route.fallback();
    const headers = { "Access-Control-Allow-Origin": it.url };
    await route.fulfill({ status: 401, headers, json: { code: "unauthenticated", title: "no", status: 401 } });
  });
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("A *preview*.");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator(".preview em", { hasText: "preview" }).waitFor();
  assert.equal(asked.length, 1);
  await leave(it.browser, page);
});

test("who signs in on a page that no site names is told that it did not work", async () => {
  await it.service.ask("/api/v1/sites/kettle-news", {
    method: "PATCH",
    token: it.service.admin.token,
    body: { allowed_origins: ["https://elsewhere.example"] },
    headers: { "If-Match": "*" },
  });
  await it.service.ask("/api/v1/sites/tea-times", {
    method: "PATCH",
    token: it.service.admin.token,
    body: { allowed_origins: ["https://elsewhere.example"] },
    headers: { "If-Match": "*" },
  });
  const page = await it.open(address);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("E-mail or username").fill("ann-reads");
  await page.getByLabel("Password", { exact: true }).fill("whatever it is");
  await page.keyboard.press("Enter");
  await page.locator(".wrong-note:not(:empty)").waitFor();
  await page.context().close();
  // the browser itself says that it may not
  it.browser.faults = it.browser.faults.filter((fault) => !fault.includes("has been blocked by CORS policy"));
  it.browser.check();
  for (const key of ["kettle-news", "tea-times"]) {
    await it.service.ask(`/api/v1/sites/${key}`, {
      method: "PATCH",
      token: it.service.admin.token,
      body: { allowed_origins: [it.url] },
      headers: { "If-Match": "*" },
    });
  }
});

test("a page signs its reader on by a token in its attribute", async () => {
  const token = tokenOf({ sub: "4711", name: "Ann of the Blog", email: "blog-ann@example.org", email_verified: true });
  const page = await it.open(it.page("kettle-news", "smaller-kettles", `sso-token="${token}"`));
  await page.getByText("Signed in as Ann of the Blog").waitFor();
  assert.equal(await page.getByRole("button", { name: "Sign out" }).count(), 0, "the blog does that");
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("By the blog's own word.");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await replyOf(page, "By the blog's own word.").getByText("Waits for a moderator.").waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes(token));
  await checkAccess(page, "signed on by the blog");
  await leave(it.browser, page);
  address = it.page("kettle-news", "smaller-kettles");
});

test("a page gives a function, which is asked when a token is needed", async () => {
  it.addScript("/token", "");
  const address = scripted(
    "signs-on",
    `window.asked = 0;
     document.querySelector("rejoinder-discussion").ssoToken = async () => {
       window.asked++;
       return (await fetch("/token")).text();
     };`,
  );
  it.addScript("/token", tokenOf({ sub: "4712", name: "Bela of the Blog" }));
  const page = await it.open(address);
  await page.getByText("Signed in as Bela of the Blog").waitFor();
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).asked), 1);
  // another reader of the blog at the same browser
  it.addScript("/token", tokenOf({ sub: "4713", name: "Carlos of the Blog" }));
  await page.reload();
  await page.getByText("Signed in as Carlos of the Blog").waitFor();
  await leave(it.browser, page);
});

test("where nobody is signed in at the blog, its own way to sign in is taken", async () => {
  const address = scripted(
    "leads-away",
    `document.querySelector("rejoinder-discussion").ssoToken = () => null;
     document.addEventListener("rejoinder:sign-in", (event) => {
       event.preventDefault();
       window.led = (window.led ?? 0) + 1;
     });`,
  );
  const page = await it.open(address);
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("Who am I?");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.waitForFunction(() => /** @type {any} */ (window).led === 1);
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.equal(await page.getByLabel("Your reply", { exact: true }).inputValue(), "Who am I?");
  await leave(it.browser, page);
});

test("who signs out, or in, on one page of the blog does so on all that are open", async () => {
  const one = await it.open(address);
  const two = await one.context().newPage();
  await two.goto(address);
  // one that nobody has written on yet
  const three = await one.context().newPage();
  await three.goto(address);
  for (const page of [two, three]) await page.getByRole("button", { name: "Sign in" }).waitFor();
  await signIn(one, "ann-reads");
  for (const page of [two, three]) await page.getByText("Signed in as ann-reads").waitFor();
  await two.getByRole("button", { name: "What do you think?" }).click();
  await two.getByLabel("Your reply", { exact: true }).fill("Typed on another page.");
  const asked = refreshes(two);
  await one.getByRole("button", { name: "Sign out" }).click();
  for (const page of [one, two, three]) await page.getByRole("button", { name: "Sign in" }).waitFor();
  await two.getByText("You are signed out.").waitFor();
  assert.equal(await two.getByLabel("Your reply", { exact: true }).inputValue(), "Typed on another page.");
  // nothing is sent any more as who was signed in
  await two.getByRole("button", { name: "Post", exact: true }).click();
  await two.getByRole("dialog").getByLabel("E-mail or username").waitFor();
  await two.keyboard.press("Escape");
  assert.equal(asked.length, 0);

  // somebody else at the same browser
  await it.service.reader("bela");
  await signIn(three, "bela");
  for (const page of [one, two]) await page.getByText("Signed in as bela").waitFor();
  await leave(it.browser, one);
});

test("who has an account at a provider signs in there, and is back where he was, signed in", async () => {
  const provider = await startProvider(it.service);
  try {
    const issuer = { iss: provider.url, aud: "rejoinder", kind: "oidc", secret: provider.secret };
    await it.service.admin.put("/api/v1/sites/kettle-news/sso/issuers/kettles", issuer, { "If-Match": "*" });
    const story = await it.kettle.story("at-a-provider");
    const attributes = 'providers="kettles=your kettle account; other=the Other; none"';
    const there = it.page("kettle-news", "at-a-provider", attributes);
    const page = await it.browser.page([it.url, it.service.url, provider.url], { viewport: PHONE });
    await page.goto(`${there}?from=mail#nothing`);
    await page.getByRole("button", { name: "What do you think?" }).click();
    await page.getByLabel("Your reply", { exact: true }).fill("Written before I was anybody.");
    await page.getByRole("button", { name: "Sign in", exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    assert.equal(await dialog.getByRole("button", { name: /^Sign in with/ }).count(), 2);
    await checkAccess(page, "providers");
    await screenshot(page, "embed-providers-phone");

    // who goes away there is told so, and may try again
    await provider.nextIs(page, "nobody");
    await dialog.getByRole("button", { name: "Sign in with your kettle account" }).click();
    await page.getByText("You are not signed in. Try once more, or another way.").waitFor();
    assert.equal(page.url(), `${there}?from=mail#nothing`, "the address is as it was");

    await provider.nextIs(page, "kate");
    await page.getByRole("button", { name: "Sign in", exact: true }).first().click();
    await dialog.getByRole("button", { name: "Sign in with your kettle account" }).click();
    await page.getByText("Signed in as kate").waitFor();
    await page.getByText("Welcome, kate.").waitFor();
    assert.equal(page.url(), `${there}?from=mail#nothing`, "and holds nothing that others could use");
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(!/provider|ey[\w-]+\.[\w-]+\./.test(kept), kept);
    await becomes(() => page.getByLabel("Your reply", { exact: true }).inputValue(), "Written before I was anybody.");
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await replyOf(page, "Written before I was anybody.").waitFor();
    await page.reload();
    await page.getByText("Signed in as kate").waitFor();

    // what somebody else came back with means nothing here
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).first().waitFor();
    await page.goto(`${there}?from=mail#rejoinder_code=of-somebody-else`);
    await page.getByRole("button", { name: "Sign in", exact: true }).first().waitFor();
    assert.equal(await page.getByText("Signed in as").count(), 0);
    assert.ok(story.id);
    await leave(it.browser, page);
  } finally {
    await provider.stop();
  }
});
