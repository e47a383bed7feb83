// What makes the discussion usable by anyone, as far as axe cannot see it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { becomes, blog, leave, replyOf, signIn } from "./blog.js";
import { checkAccess, PHONE, screenshot } from "./browser.js";

/** @type {Awaited<ReturnType<typeof blog>>} */
let it;
/** @type {import("./service.js").Person} */
let ann;
/** @type {import("./service.js").Person} */
let bela;
/** @type {{id: string}} */
let story;
/** @type {Record<string, {id: string, version: number}>} */
let posted;
/** @type {string} */
let address;

before(async () => {
  it = await blog();
  ann = await it.service.reader("ann-reads");
  bela = await it.service.reader("bela");
  story = await it.tea.story("smaller-kettles", {
    commentary: { label: "KC's View", author_name: "KC", body: "Copper." },
  });
  const mona = await it.tea.moderator("mona");
  posted = {};
  posted.first = await mona.reply(story, "My kettle has whistled for thirty years.");
  posted.answer = await bela.reply(story, "Mine for forty, and it is of copper.", posted.first);
  posted.deeper = await bela.reply(
    story,
    "Copper is what it should be of, [they say](https://a.example/).",
    posted.answer,
  );
  posted.second = await bela.reply(story, "Who needs a kettle of half a litre?");
  await it.service.admin.put(`/api/v1/replies/${posted.second.id}/feature`, { label: "Your views" });
  await ann.put(`/api/v1/replies/${posted.second.id}/recommendation`);
  address = it.page("tea-times", "smaller-kettles");
});
after(() => it?.stop());

/**
 * What somebody hears of the page, in its order: roles with names, and levels where there are some.
 *
 * @param {import("playwright-core").Page} page
 */
async function heard(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  /** @type {string[]} */
  const said = [];
  /** @param {(typeof nodes)[number]} node @param {number} lists */
  const walk = (node, lists) => {
    const role = node.role?.value;
    const level = node.properties?.find(({ name }) => name === "level")?.value.value;
    if (["heading", "listitem", "article", "button", "region", "DisclosureTriangle"].includes(role) && !node.ignored) {
      const name = role === "listitem" ? `in ${lists}` : node.name?.value;
      said.push([role, level, name].filter(Boolean).join(" "));
    }
    for (const id of node.childIds ?? []) {
      const child = byId.get(id);
      if (child) walk(child, lists + (role === "list" && !node.ignored ? 1 : 0));
    }
  };
  walk(nodes[0], 0);
  return said;
}

test("whoever hears it hears replies in lists within lists, each with its author, its time and what it answers", async () => {
  const page = await it.open(`${address}?`);
  await page.getByRole("button", { name: "Oldest" }).click();
  await becomes(() => page.locator("article.reply").first().getAttribute("id"), `reply-${posted.first.id}`);
  const said = await heard(page);
  const structure = said
    .filter((line) => /^(heading|listitem|article|region)/.test(line))
    .map((line) => line.replace(/ now\b| \d+ \w+ ago/, " TIME"));
  assert.deepEqual(structure, [
    "heading 1 Kettles get smaller",
    "region 4 answers to KC's View",
    "heading 2 4 answers to KC's View",
    "listitem 1 in 1",
    "article mona TIME Moderator",
    "listitem 2 in 2",
    "article bela to mona TIME",
    "listitem 3 in 3",
    "article bela to bela TIME",
    "listitem 1 in 1",
    "article bela TIME Your views",
  ]);
  // what is done comes behind what it is done to, and signing in and writing before all replies
  const buttons = said.filter((line) => /^(button|DisclosureTriangle)/.test(line));
  assert.deepEqual(buttons.slice(0, 10), [
    "button Sign in",
    "button What do you think?",
    "DisclosureTriangle 1 featured reply",
    "button Newest",
    "button Oldest",
    "button Top",
    "button Collapse mona, with 2 replies below",
    "button Recommend",
    "button Reply",
    "button More",
  ]);
  // the order of the keyboard is that of what is heard
  await page.locator(".sort").first().focus();
  for (const before of ["1 featured reply", "What do you think?"]) {
    await page.keyboard.press("Shift+Tab");
    assert.equal(await focused(page), before);
  }
  await leave(it.browser, page);
});

/** What has the focus: its name, or what it is; empty where nothing has it. @param {import("playwright-core").Page} page */
function focused(page) {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot) element = element.shadowRoot.activeElement;
    if (!element || element === document.body || !element.checkVisibility()) return "";
    if (element.matches("textarea, input")) return element.tagName.toLowerCase();
    return element.getAttribute("aria-label") ?? (element.matches("article") ? element.id : element.textContent);
  });
}

test("the focus is never lost: whatever one does by keyboard, one can go on from where one is", async () => {
  const page = await it.open(address);
  const { keyboard } = page;
  const second = page.locator(`#reply-${posted.second.id}`);
  const first = page.locator(`#reply-${posted.first.id}`);
  /** Does it by keyboard, and says what has the focus then. @param {import("playwright-core").Locator} button @param {string | RegExp} there */
  const press = async (button, there) => {
    await button.focus();
    await keyboard.press("Enter");
    await becomes(async () => new RegExp(there).test(await focused(page)), true).catch(async () =>
      assert.match(await focused(page), new RegExp(there), String(button)),
    );
  };
  const named = (/** @type {string} */ name, /** @type {any} */ within = page) =>
    within.getByRole("button", { name, exact: true });

  // the button that led to the dialog is gone when one is signed in
  await named("Sign in").first().focus();
  await signInByKeyboard(page, "ann-reads");
  await becomes(() => focused(page), "Confirm your e-mail");
  await press(first.getByRole("button", { name: "Collapse mona" }), "Expand|^$|^3|2");
  await press(first.getByRole("button", { name: "Expand mona" }), "Collapse");
  await press(first.getByRole("button", { name: "Recommend" }), "Recommended by you");
  await press(named("More", second), "Copy the link");
  await keyboard.press("Escape");
  assert.equal(await focused(page), "More");
  await press(named("More", second), "Copy the link");
  await press(named("Mute bela"), posted.second.id);
  await press(second.getByRole("button", { name: "Show it" }), posted.second.id);
  await press(named("More", second), "Copy the link");
  await press(named("Unmute bela"), posted.second.id);
  await press(named("More", second), "Copy the link");
  await press(named("Report"), "input");
  await keyboard.press("Escape");
  await becomes(() => focused(page), "More");
  for (const order of ["Oldest", "Newest"]) {
    await press(named(order), order);
    await becomes(() => page.locator(".threads[aria-busy]").count(), 0);
    assert.equal(await focused(page), order);
  }

  // writing
  await press(named("Reply", second), "textarea");
  await keyboard.press("Escape");
  assert.equal(await focused(page), "Reply");
  await press(named("What do you think?"), "textarea");
  await keyboard.type("By keyboard alone, and with a preview.");
  await press(named("Preview"), "By keyboard alone");
  await press(named("Keep writing"), "textarea");
  await keyboard.press("Control+Enter");
  const own = replyOf(page, "By keyboard alone");
  await own.waitFor();
  const id = (await own.getAttribute("id")) ?? "";
  await becomes(() => focused(page), id);
  await press(own.getByRole("button", { name: "Edit" }), "textarea");
  await press(named("Cancel"), "Edit");
  await press(own.getByRole("button", { name: "Edit" }), "textarea");
  await keyboard.type(" Really.");
  await press(named("Save"), "Edit|reply-");
  await replyOf(page, "Really.").waitFor();

  // what others do to what one is at
  await own.getByRole("button", { name: "Edit" }).focus();
  const { items } = await ann.get(`/api/v1/stories/${story.id}/mine`);
  const mine = items.find((/** @type {any} */ item) => `reply-${item.id}` === id);
  if (mine.state !== "approved") await it.service.admin.decide(mine, "approve");
  await own.getByText("Waits for a moderator.").waitFor({ state: "hidden" });
  assert.notEqual(await focused(page), "", "its state changed");
  await own.getByRole("button", { name: "Recommend" }).focus();
  const now = (await it.service.ask(`/api/v1/replies/${mine.id}`)).version;
  await it.service.admin.decide({ id: mine.id, version: now }, "reject", { reason: "other" });
  await page.getByText("This reply was removed.").waitFor();
  assert.equal(await focused(page), id, "it was removed");

  // what comes, and what goes before one looks at it
  const coming = await bela.reply(story, "Here, and gone at once.");
  const arrived = page.getByRole("button", { name: "1 new reply" });
  await arrived.focus();
  await it.service.ask(`/api/v1/replies/${coming.id}`, { method: "DELETE", token: bela.token });
  await arrived.waitFor({ state: "detached" });
  assert.match(await focused(page), /answers to KC's View/);
  const stays = await bela.reply(story, "Here to stay, as long as one may read.");
  await press(page.getByRole("button", { name: "1 new reply" }), stays.id);

  await press(named("Sign out"), "Sign in");
  // another story, as on pages that a script routes
  await it.tea.story("empty");
  await page.locator("rejoinder-discussion").evaluate((element) => element.setAttribute("story", "empty"));
  await page.getByText("Nobody has replied yet.").waitFor();
  assert.equal(await focused(page), "0 replies");
  await leave(it.browser, page);
});

/** @param {import("playwright-core").Page} page @param {string} username */
async function signInByKeyboard(page, username) {
  await page.keyboard.press("Enter");
  await page.getByLabel("E-mail or username").waitFor();
  await page.keyboard.type(username);
  await page.keyboard.press("Tab");
  await page.keyboard.type("seven wet umbrellas");
  await page.keyboard.press("Enter");
  await page.getByText(`Signed in as ${username}`).waitFor();
}

test("what is said by itself is little: one number for all that comes, and no clocks", async () => {
  const page = await it.open(address);
  await signIn(page, "ann-reads");
  await page.locator(".status:empty").waitFor({ state: "attached" });
  await page.locator("rejoinder-discussion").evaluate((host) => {
    /** @type {string[]} */
    const said = [];
    Object.assign(window, { said });
    const root = /** @type {ShadowRoot} */ (host.shadowRoot);
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest("[aria-live], [role=status], [role=alert], [role=log]");
        if (region?.textContent && said.at(-1) !== region.textContent) said.push(region.textContent);
      }
    }).observe(root, { subtree: true, childList: true, characterData: true });
  });
  const said = () => page.evaluate(() => /** @type {any} */ (window).said);
  const texts = ["One reads", "Two write", "Three are silent"];
  const made = [];
  for (const text of texts) made.push(await bela.reply(story, `${text}, as ever: ${Math.random()}.`));
  await page.getByRole("button", { name: "3 new replies" }).waitFor();
  await it.service.ask(`/api/v1/replies/${made[0].id}`, { method: "DELETE", token: bela.token });
  await page.getByRole("button", { name: "2 new replies" }).waitFor();
  assert.deepEqual(await said(), ["1 new reply"], "more of the same is for the eye, for a while");

  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByLabel("Your reply", { exact: true }).fill("Its time runs.");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  const edit = replyOf(page, "Its time runs.").getByRole("button", { name: "Edit" });
  const before = await edit.innerText();
  await becomes(async () => (await edit.innerText()) === before, false);
  const after = (await said()).slice(1);
  assert.ok(
    after.every((/** @type {string} */ text) => /^Your reply (is posted|waits)/.test(text)),
    after.join("; "),
  );
  assert.equal(await edit.getAttribute("aria-label"), "Edit", "a name that does not change every second");
  await leave(it.browser, page);
});

test("whatever one presses is at least 24 pixels wide and high, also by a thumb", async () => {
  const page = await it.open(address, { viewport: PHONE, hasTouch: true });
  await signIn(page, "ann-reads");
  const small = () =>
    page.locator("rejoinder-discussion").evaluate((host) => {
      const root = /** @type {ShadowRoot} */ (host.shadowRoot);
      const all = [...root.querySelectorAll("button, a, input, select, textarea, label.choice")];
      // links in a line of text are excepted, and a box with its label is one
      const aimed = all.filter((one) => !one.matches(".body a, .choice input") && one.checkVisibility());
      return aimed
        .map((one) => ({ one, box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ one, box }) => `${one.className}: ${box.width} x ${box.height}`);
    });
  await page.locator(`#reply-${posted.second.id}`).getByRole("button", { name: "More" }).click();
  assert.deepEqual(await small(), [], "reading, and a menu");
  await page.getByRole("button", { name: "Report" }).click();
  await page.getByRole("radio", { name: "Against the law" }).check();
  assert.deepEqual(await small(), [], "reporting");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "What do you think?" }).click();
  assert.deepEqual(await small(), [], "writing");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.deepEqual(await small(), [], "signing in");
  // and it would be found
  await page.locator(".dialog .go").evaluate((/** @type {HTMLElement} */ go) => {
    go.style.minBlockSize = "0";
    go.style.blockSize = "20px";
  });
  assert.equal((await small()).length, 1);
  await leave(it.browser, page);
});

test("who asked for less motion sees none, and others see where they are led", async () => {
  for (const reducedMotion of /** @type {const} */ (["no-preference", "reduce"])) {
    const page = await it.open(address, { reducedMotion });
    await page.evaluate(() => {
      const ways = /** @type {any[]} */ ([]);
      Object.assign(window, { ways });
      const scroll = Element.prototype.scrollIntoView;
      Element.prototype.scrollIntoView = function (/** @type {any} */ how) {
        ways.push(how?.behavior);
        scroll.call(this, how);
      };
      document.querySelector("rejoinder-discussion")?.shadowRoot?.addEventListener("animationstart", (event) => {
        ways.push(/** @type {AnimationEvent} */ (event).animationName);
      });
    });
    await bela.reply(story, reducedMotion === "reduce" ? "Copper does not move." : "Steam moves, and how it does!");
    await page.getByRole("button", { name: "1 new reply" }).click();
    await page.locator(".is-new").first().waitFor();
    const ways = await page.evaluate(() => /** @type {any} */ (window).ways);
    assert.deepEqual(ways, reducedMotion === "reduce" ? ["auto"] : ["come", "smooth"]);
    await leave(it.browser, page);
  }
});

test("in forced colours all that is marked, pressed or wrong is so by more than a colour", async () => {
  const page = await it.open(`${address}#reply-${posted.deeper.id}`);
  await signIn(page, "ann-reads");
  await page.emulateMedia({ forcedColors: "active" });
  /** @param {import("playwright-core").Locator} locator @param {string} name */
  const style = (locator, name) =>
    locator.first().evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
  await page.locator(".linked").waitFor();
  assert.equal(await style(page.locator(".linked"), "outline-style"), "solid");
  assert.equal(await style(page.locator(".reply:not(.linked, .featured)"), "outline-style"), "none");
  for (const mark of [".mark.staff", ".mark.star"])
    assert.equal(await style(page.locator(mark), "border-top-style"), "solid");

  // what is pressed: a weight, a line, a filled picture
  const [on, off] = [page.locator(".sort[aria-pressed=true]"), page.locator(".sort[aria-pressed=false]")];
  assert.notEqual(await style(on, "font-weight"), await style(off, "font-weight"));
  assert.notEqual(await style(on, "border-bottom-color"), await style(off, "border-bottom-color"));
  const pressed = page.locator(".recommend[aria-pressed=true]").first();
  await pressed.waitFor();
  assert.notEqual(
    await style(pressed, "font-weight"),
    await style(page.locator(".recommend[aria-pressed=false]"), "font-weight"),
  );
  assert.notEqual(await style(pressed.locator(".icon"), "fill"), "none");
  await pressed.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  assert.equal(await style(pressed, "outline-style"), "solid", "and where one is");

  // what just happened
  const [ink, ground] = [
    await style(page.locator(".status"), "color"),
    await style(page.locator(".status"), "background-color"),
  ];
  assert.notEqual(ink, ground);
  // what is wrong: words, and the field says so
  await page.getByRole("button", { name: "What do you think?" }).click();
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.getByRole("alert").getByText("Write something, and not too long.").waitFor();
  assert.equal(await style(page.locator(".go"), "border-top-style"), "solid");
  await page.emulateMedia({ forcedColors: "active" });
  await checkAccess(page, "forced colours");
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `embed-forced-${colorScheme}`);
  }
  await leave(it.browser, page);
});

test("texts, marks, lines and pictures can be told from what is behind them, whatever colour a site has", async () => {
  const page = await it.open(address, { viewport: PHONE });
  await signIn(page, "ann-reads");
  await page.locator(`#reply-${posted.second.id}`).getByRole("button", { name: "Reply" }).click();
  await page.locator("textarea").fill("Typed.");
  for (const colour of ["#ffe600", "#777777", "#0b1f4b"]) {
    await it.service.ask("/api/v1/sites/tea-times", {
      method: "PATCH",
      token: it.service.admin.token,
      body: { colour },
      headers: { "If-Match": "*" },
    });
    await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
    await page.reload();
    await page.locator("textarea").waitFor();
    await page.locator(".recommend[aria-pressed=true]").first().waitFor();
    await checkAccess(page, colour);
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme });
      await screenshot(page, `embed-colour-${colour.slice(1)}-${colorScheme}`);
      const ratios = await page.evaluate(contrasts);
      for (const [what, ratio] of Object.entries(ratios))
        assert.ok(ratio >= 3, `${colour}, ${colorScheme}: ${what} has ${ratio.toFixed(2)} to 1`);
      assert.equal(Object.keys(ratios).length, 5);
    }
  }
  await leave(it.browser, page);
});

/** How much what is no text differs from the page behind it; runs in the page. */
function contrasts() {
  const root = /** @type {ShadowRoot} */ (document.querySelector("rejoinder-discussion")?.shadowRoot);
  const context = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  );
  /** Red, green and blue of these colours one over the other. @param {...string} colours */
  const painted = (...colours) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  /** @param {number[]} colour */
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = getComputedStyle(document.body).backgroundColor;
  /** @param {string} selector @param {string} property */
  const ratio = (selector, property) => {
    const element = /** @type {Element} */ (root.querySelector(selector));
    const colour = getComputedStyle(element).getPropertyValue(property);
    const [one, two] = [light(painted(page, colour)), light(painted(page))];
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  };
  /** @type {HTMLElement} */ (root.querySelector("textarea")).focus();
  return {
    "a field's edge": ratio("textarea", "border-top-color"),
    "the focus": ratio("textarea", "outline-color"),
    "a picture": ratio(".reply .icon", "stroke"),
    "what one recommends": ratio(".recommend[aria-pressed=true] .icon", "fill"),
    "the order chosen": ratio(".sort[aria-pressed=true]", "border-bottom-color"),
  };
}
