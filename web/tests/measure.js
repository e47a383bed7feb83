// What a page with the discussion costs its reader, how fast the discussion answers him, and how fast a moderator works by
// keyboard. `REJOINDER_BINARY=… npm run measure` in web/ tells, with `first`, `expanded` or `desk` only that; `--publish` writes all
// of it into docs/BENCHMARKS.md. It asserts no times, and no gate runs it: REJOINDER_BINARY should be a release build, on a machine
// that does nothing else.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { blog, signIn } from "./blog.js";
import { PHONE } from "./browser.js";
import { BINARY } from "./service.js";
import { world } from "./world.js";

// the one that readers have
process.env.CHROMIUM ??= "/usr/bin/chromium";
const ROOT = new URL("../../", import.meta.url);
const REPLIES = 3_000;
const EXPANDED = 1_000;
const ROUNDS = 5;
const SLOWED = 4;
const ITEMS = 150;

/** @typedef {Awaited<ReturnType<typeof import("./blog.js").blog>>} Blog */
/** @typedef {{key: string, values: number[], unit: string, what: string}} Figure */

/** @type {Figure[]} */
const figures = [];

/** @param {string} key @param {string} what @param {string} unit @param {number[]} values */
function tell(key, what, unit, values) {
  figures.push({ key, values, unit, what });
  console.log(key, written({ key, values, unit, what }));
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The median, with the least and the most. @param {Figure} figure */
function written({ values, unit }) {
  const say = (/** @type {number} */ value) =>
    value.toLocaleString("en", { maximumFractionDigits: value < 100 && !Number.isInteger(value) ? 1 : 0 });
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${say(median(values))}${least === most ? "" : ` (${say(least)} to ${say(most)})`} ${unit}`.trim();
}

/** Words that no other text has. */
function words(number = 24) {
  return Array.from({ length: number }, () =>
    Math.random()
      .toString(36)
      .slice(2, 2 + 3 + Math.floor(Math.random() * 6)),
  ).join(" ");
}

/** A story with so many replies, a third of them top-level. @param {Blog} it */
async function hotStory(it) {
  const story = await it.tea.story("hot", { commentary: { label: "KC's View", author_name: "KC", body: "Copper." } });
  /** @type {import("./service.js").Person[]} */
  const readers = [];
  for (let at = 0; at < 20; at++) readers.push(await it.service.reader(`reader-${at}`));
  /** @type {{id: string, depth: number}[]} */
  const made = [];
  const post = async (/** @type {number} */ at) => {
    const parent = at % 3 === 0 ? undefined : made[Math.floor(Math.random() * made.length)];
    const reply = await readers[at % readers.length].reply(story, words(), parent);
    made.push(reply);
  };
  await post(0);
  for (let at = 1; at < REPLIES; at += 10)
    await Promise.all(Array.from({ length: Math.min(10, REPLIES - at) }, (_, more) => post(at + more)));
  return story;
}

/**
 * Opens it as a telephone of four times less speed does for the first time.
 *
 * @param {Blog} it
 * @param {string} address
 * @param {boolean} hasDiscussion
 * @returns {Promise<Record<"shownAt" | "paint" | "requests" | "bytes" | "apiRequests" | "apiBytes" | "task" | "script" | "layout", number>>}
 */
async function visit(it, address, hasDiscussion) {
  const page = await it.browser.page([it.url, it.service.url], { viewport: PHONE });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Performance.enable");
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  /** @type {Map<string, {url: string, bytes: number, isDone: boolean}>} */
  const requests = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.method === "GET" && request.url.startsWith(it.service.url))
      requests.set(requestId, { url: request.url, bytes: 0, isDone: false });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const known = requests.get(requestId);
    if (known) Object.assign(known, { bytes: encodedDataLength, isDone: true });
  });
  await page.addInitScript(() => {
    addEventListener("rejoinder:ready", () =>
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { shownAt: performance.now() }))),
    );
  });
  await page.goto(address);
  let shownAt = 0;
  if (hasDiscussion) {
    await page.waitForFunction(() => /** @type {any} */ (window).shownAt);
    shownAt = await page.evaluate(() => /** @type {any} */ (window).shownAt);
  }
  const needed = [...requests.values()].filter(({ isDone }) => isDone);
  // what is loaded behind it, until nothing is under way
  await page.waitForTimeout(2_000);
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (/** @type {string} */ name) => (metrics.find((one) => one.name === name)?.value ?? 0) * 1_000;
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
  await page.context().close();
  return {
    shownAt,
    paint,
    requests: needed.length,
    bytes: needed.reduce((sum, { bytes }) => sum + bytes, 0),
    apiRequests: needed.filter(({ url }) => url.includes("/api/")).length,
    apiBytes: needed.filter(({ url }) => url.includes("/api/")).reduce((sum, { bytes }) => sum + bytes, 0),
    task: metric("TaskDuration"),
    script: metric("ScriptDuration"),
    layout: metric("LayoutDuration") + metric("RecalcStyleDuration"),
  };
}

/** @param {Blog} it */
async function measureFirstView(it) {
  const address = it.page("tea-times", "hot");
  it.addPage("/bare", "");
  // everything warm at the service, as it is for all readers but the first
  await visit(it, address, true);
  /** @type {Awaited<ReturnType<typeof visit>>[]} */
  const visits = [];
  /** @type {typeof visits} */
  const bare = [];
  for (let round = 0; round < ROUNDS; round++) {
    visits.push(await visit(it, address, true));
    bare.push(await visit(it, `${it.url}/bare`, false));
  }
  const of = (/** @type {keyof Awaited<ReturnType<typeof visit>>} */ name) => visits.map((one) => one[name]);
  tell("browser.first.requests", "requests to the service until the first replies are shown", "", of("requests"));
  tell("browser.first.api_requests", "of these to the API", "", of("apiRequests"));
  tell("browser.first.bytes", "bytes of all these, compressed, with their heads", "bytes", of("bytes"));
  tell("browser.first.api_bytes", "of these of the API's answer", "bytes", of("apiBytes"));
  tell("browser.first.paint_ms", "first paint of the page itself", "ms", of("paint"));
  tell(
    "browser.first.shown_ms",
    "the first replies are shown, from the click that leads to the page",
    "ms",
    of("shownAt"),
  );
  tell("browser.first.task_ms", "main thread, all in all, two seconds later", "ms", of("task"));
  tell(
    "browser.first.bare_task_ms",
    "the same for the page without a discussion",
    "ms",
    bare.map(({ task }) => task),
  );
  tell("browser.first.script_ms", "of the former in scripts", "ms", of("script"));
  tell("browser.first.layout_ms", "of the former in styles and layout", "ms", of("layout"));
}

/** How long each kind of interaction takes, from the press to the next paint. @param {Blog} it */
async function measureInteractions(it) {
  const page = await it.open(it.page("tea-times", "hot", 'sort="oldest"'), { viewport: PHONE });
  await signIn(page, "reader-1");
  const articles = page.locator("article.reply");
  while ((await articles.count()) < EXPANDED) {
    const before = await articles.count();
    const below = page.locator(".rest button").first();
    await ((await below.count()) ? below : page.locator(".more-threads")).click();
    await page.waitForFunction(
      (known) =>
        (document.querySelector("rejoinder-discussion")?.shadowRoot?.querySelectorAll("article").length ?? 0) > known,
      before,
    );
  }
  console.log(`${await articles.count()} replies are expanded`);
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const taken = /** @type {number[]} */ ([]);
    Object.assign(window, { taken });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (/** @type {any} */ (entry).interactionId) taken.push(entry.duration);
    }).observe(/** @type {any} */ ({ type: "event", durationThreshold: 16, buffered: false }));
  });
  /** The longest of what one press makes. @param {() => Promise<void>} press */
  const time = async (press) => {
    await page.evaluate(() => {
      /** @type {any} */ (window).taken.length = 0;
    });
    await press();
    await page.waitForTimeout(400);
    // what takes less than the least that is told
    return Math.max(16, ...(await page.evaluate(() => /** @type {any} */ (window).taken)));
  };
  // nobody recommends his own
  const others = articles.filter({ has: page.locator(".recommend[aria-disabled=false]") });
  for (const rate of [1, SLOWED]) {
    await session.send("Emulation.setCPUThrottlingRate", { rate });
    /** @type {Record<string, number[]>} */
    const times = { collapse: [], expand: [], open: [], type: [], close: [], recommend: [], menu: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const reply = others.filter({ has: page.locator(".answer:visible") }).nth(100 + round * 40 + rate);
      await reply.scrollIntoViewIfNeeded();
      times.collapse.push(await time(() => reply.locator(".toggle").click()));
      times.expand.push(await time(() => reply.locator(".toggle").click()));
      times.menu.push(await time(() => reply.locator(".more").click()));
      await page.keyboard.press("Escape");
      times.open.push(await time(() => reply.locator(".answer").click()));
      await reply.locator("textarea").waitFor();
      times.type.push(await time(() => page.keyboard.press("x")));
      times.close.push(await time(() => reply.getByRole("button", { name: "Discard" }).click()));
      times.recommend.push(await time(() => reply.locator(".recommend").click()));
    }
    for (const [name, values] of Object.entries(times))
      tell(`browser.expanded.${rate === 1 ? "" : "slowed."}${name}_ms`, INTERACTIONS[name], "ms", values);
  }
  await page.context().close();
}

/** @type {Record<string, string>} */
const INTERACTIONS = {
  collapse: "collapse a reply with all below it",
  expand: "expand it again",
  menu: "open its menu",
  open: "open a box to answer in",
  type: "type a letter",
  close: "discard what was typed",
  recommend: "recommend",
};

/** How many replies a moderator's keyboard decides about in a minute. */
async function measureDesk() {
  const it = await world();
  try {
    await it.site.moderator("mona");
    const readers = [];
    for (const name of ["ann", "bela", "carlos", "dora"]) readers.push(await it.service.reader(`${name}-reads`));
    for (let at = 0; at < ITEMS; at++) await readers[at % readers.length].reply(it.story, words());
    const desk = await it.deskOf("mona");
    await desk.locator(".item h1").waitFor();
    const text = () => desk.locator(".item").innerText();
    const began = performance.now();
    let decided = 0;
    for (; decided < ITEMS - 1; decided++) {
      const before = await text();
      await desk.keyboard.press(decided % 5 === 4 ? "s" : "a");
      while ((await text()) === before) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const mins = (performance.now() - began) / 60_000;
    tell(
      "browser.desk.items_per_minute",
      "replies decided about by a scripted keyboard, each shown before the next key",
      "a minute",
      [decided / mins],
    );
    await desk.context().close();
  } finally {
    await it.stop();
  }
}

/** @param {string} program @param {...string} args */
const said = (program, ...args) => execFileSync(program, args, { encoding: "utf8" }).trim();

/** The section of docs/BENCHMARKS.md. */
function section() {
  const has = (/** @type {string} */ key) => figures.find((figure) => figure.key === key);
  const worst = Math.max(
    ...figures.filter(({ key }) => /^browser\.expanded\.(?!slowed)/.test(key)).flatMap(({ values }) => values),
  );
  const commit = said("git", "-C", ROOT.pathname, "rev-parse", "--short=12", "HEAD");
  const chromium = said(process.env.CHROMIUM ?? "", "--version").match(/[\d.]+/)?.[0];
  const goals = [
    [
      "requests to the API to the first replies shown",
      "<= 1",
      has("browser.first.api_requests"),
      (/** @type {number} */ n) => n <= 1,
    ],
    [
      "an interaction with 1,000 replies expanded, the longest",
      "<= 100 ms",
      { values: [worst], unit: "ms" },
      (/** @type {number} */ n) => n <= 100,
    ],
    [
      "replies decided about by keyboard",
      ">= 100 a minute",
      has("browser.desk.items_per_minute"),
      (/** @type {number} */ n) => n >= 100,
    ],
  ];
  return `## In a browser

Made by \`npm run measure -- --publish\` in web/ on ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC; do not edit, run it again.
${cpus()[0].model}, ${cpus().length} cores, Linux ${release()}; commit ${commit}, Chromium ${chromium} without a graphics card, Node ${process.versions.node}.
Service, pages and browser share the machine. The story has ${REPLIES.toLocaleString("en")} replies; the page is a blog's own, on another origin, at a telephone's size, and
nothing of it is in the browser's memory. *Slowed*, and all of the first view: Chromium works ${SLOWED} times more slowly than it can. An interaction is from the press to the next paint,
as Chromium tells it (Event Timing: in steps of 8 ms, and nothing below 16). Each number is the median of ${ROUNDS}, with least and most.

| what | goal | measured | |
|---|---|---|---|
${goals
  .map(([what, goal, figure, isMet]) => {
    const one = /** @type {Figure} */ (figure);
    return `| ${what} | ${goal} | ${written(one)} | ${/** @type {any} */ (isMet)(median(one.values)) ? "met" : "**missed**"} |`;
  })
  .join("\n")}

| key | what | measured |
|---|---|---|
${figures.map((figure) => `| \`${figure.key}\` | ${figure.what} | ${written(figure)} |`).join("\n")}

`;
}

console.log(BINARY);
const isPublished = process.argv.includes("--publish");
const named = process.argv.slice(2).filter((name) => !name.startsWith("--"));
/** What is published is whole. @param {string} part */
const isWanted = (part) => isPublished || named.length === 0 || named.includes(part);
if (isWanted("first") || isWanted("expanded")) {
  const kettles = await blog();
  try {
    await hotStory(kettles);
    if (isWanted("first")) await measureFirstView(kettles);
    if (isWanted("expanded")) await measureInteractions(kettles);
    kettles.browser.check();
  } finally {
    await kettles.stop();
  }
}
if (isWanted("desk")) await measureDesk();
if (isPublished) {
  const made = section();
  // kept apart as well, since the benchmark of the service makes the page anew
  writeFileSync(new URL("docs/bench/browser.md", ROOT), made);
  const page = new URL("docs/BENCHMARKS.md", ROOT);
  const text = readFileSync(page, "utf8").replace(/## In a browser\n.*?(?=## All measurements)/s, "");
  writeFileSync(
    page,
    text.replace("## All measurements", () => `${made}## All measurements`),
  );
}
