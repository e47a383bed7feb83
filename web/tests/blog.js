// A blog on an origin of its own, whose pages hold the discussion and allow nothing that docs/EMBED.md does not name.

import assert from "node:assert/strict";
import { Browser } from "./browser.js";
import { servePages } from "./pages.js";
import { PASSWORD, Service } from "./service.js";

const STYLE = `
  :root { color-scheme: light dark }
  body { margin: 0; font: 17px/1.55 Georgia, serif; background: light-dark(#fff, #16181b); color: light-dark(#1b1b1b, #e8e6e3) }
  main { max-width: 720px; margin: 0 auto; padding: 16px }`;

/**
 * A service, a browser, and a blog with two sites: `kettle-news`, where replies wait, and `tea-times`, where they do not.
 *
 * @param {Record<string, string>} variables of the service
 */
export async function blog(variables = {}) {
  const service = await Service.start(variables);
  const browser = await Browser.start();
  /** @type {Parameters<typeof servePages>[0]} */
  const pages = { "/page.css": { text: STYLE, headers: { "Content-Type": "text/css" } } };
  pages["/favicon.ico"] = "";
  const server = await servePages(pages);
  const kettle = await service.site("kettle-news", { allowed_origins: [server.url] });
  const tea = await service.site("tea-times", { allowed_origins: [server.url], moderation_mode: "post" });
  /** What the documentation asks for, and the blog's own style. */
  const policy =
    `default-src 'none'; script-src ${service.url}; connect-src ${service.url}; style-src 'self'; ` +
    "require-trusted-types-for 'script'; trusted-types rejoinder";
  return {
    service,
    browser,
    url: server.url,
    kettle,
    tea,

    /**
     * Has a page at this path.
     *
     * @param {string} path
     * @param {string} content
     * @param {{lang?: string, policy?: string, head?: string, script?: string}} options `script`: in the place of the service's
     */
    addPage(path, content, options = {}) {
      const lang = options.lang ?? "en";
      const text = `<!doctype html>
        <html lang="${lang}"${lang === "ar" ? ' dir="rtl"' : ""}>
        <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Kettles</title><link rel="stylesheet" href="/page.css">${options.head ?? ""}
        ${options.script ?? `<script type="module" src="${service.url}/embed.js"></script>`}
        <main><h1>Kettles get smaller</h1>${content}</main></html>`;
      pages[path] = { text, headers: { "Content-Security-Policy": options.policy ?? policy } };
    },

    /** Has a script of the blog's own at this path. @param {string} path @param {string} text */
    addScript(path, text) {
      pages[path] = { text, headers: { "Content-Type": "text/javascript" } };
    },

    /** Has a style of the blog's own at this path. @param {string} path @param {string} text */
    addStyle(path, text) {
      pages[path] = { text, headers: { "Content-Type": "text/css" } };
    },

    /** A page with this story's discussion, at an address of its own. @param {string} site @param {string} story */
    page(site, story, attributes = "", options = /** @type {{lang?: string}} */ ({})) {
      const path = `/${site}/${story}${options.lang ? `/${options.lang}` : ""}`;
      const element = `<rejoinder-discussion site="${site}" story="${story}" ${attributes}></rejoinder-discussion>`;
      this.addPage(path, element, options);
      return server.url + path;
    },

    /**
     * Somebody's browser at this address, where the discussion is shown.
     *
     * @param {string} address
     * @param {import("playwright-core").BrowserContextOptions} options
     */
    async open(address, options = {}) {
      const page = await browser.page([server.url, service.url], options);
      page.on("dialog", (dialog) => dialog.accept());
      await page.goto(address);
      await page.locator("rejoinder-discussion .title").first().waitFor();
      return page;
    },

    policy,
    async stop() {
      await browser.stop();
      await server.stop();
      await service.stop();
    },
  };
}

/**
 * Signs in by the discussion's own dialog.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} username
 */
export async function signIn(page, username) {
  await page.getByRole("button", { name: "Sign in" }).first().click();
  await fillSignIn(page, username);
  await page.getByText(`Signed in as ${username}`).first().waitFor();
}

/**
 * Fills in the dialog that is open.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} username
 */
export async function fillSignIn(page, username) {
  await page.getByLabel("E-mail or username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
}

/**
 * The reply that has this text.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} text
 */
export function replyOf(page, text) {
  return page.locator("article.reply").filter({ has: page.locator(".body", { hasText: text }) });
}

/**
 * Looks until it is so.
 *
 * @template T
 * @param {() => T | Promise<T>} look
 * @param {T} wanted
 * @param {number} [most] looks, of which no test needs nearly so many
 */
export async function becomes(look, wanted, most = 100) {
  for (let tries = 0; tries < most; tries++) {
    if ((await look()) === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await look(), wanted);
}

/** Closes somebody's browser, and fails if a page did what none may do. @param {Browser} browser @param {...import("playwright-core").Page} pages */
export async function leave(browser, ...pages) {
  for (const page of pages) await page.context().close();
  browser.check();
}
