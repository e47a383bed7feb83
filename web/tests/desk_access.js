// What is true of every dialog of the desk, and of every place where the keyboard leads.

import assert from "node:assert/strict";
import { checkAccess } from "./browser.js";
import { PASSWORD } from "./service.js";

/** More than any page has places where Tab stops. */
const TABS_MAX = 250;
/** How long a busy machine may take. */
const WAIT_MS = 15_000;

/**
 * The dialog that is open has the focus, and axe finds nothing in it in either colour scheme.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} what
 */
export async function checkDialog(page, what) {
  const dialog = page.locator("dialog[open]").last();
  await dialog.waitFor();
  assert.ok(await dialog.evaluate((open) => open.contains(document.activeElement)), `${what}: the focus is in it`);
  const within = "dialog[open]:last-of-type";
  await checkAccess(page, what, { within });
}

/**
 * What the keyboard is at.
 *
 * @typedef {object} Stop
 * @property {string} name
 * @property {string} role the element's name, or its type
 * @property {boolean} isInMain
 * @property {boolean} isInDialog
 * @property {string} wrong why it cannot be seen there; empty if it can
 */

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<Stop | null>} null at the page's end, from which the browser goes on with its own buttons
 */
export function stopOf(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    if (!(it instanceof HTMLElement) || it === document.body) return null;
    const labels = /** @type {HTMLInputElement} */ (it).labels;
    // as it is read out: word by word, without what is a picture
    const words = (/** @type {Node} */ node) => {
      /** @type {string[]} */
      const found = [];
      for (const child of node.childNodes) {
        if (child instanceof Text) found.push(child.data);
        else if (child instanceof Element && child.ariaHidden !== "true") found.push(words(child));
      }
      return /** @type {string} */ (found.join(" "));
    };
    const name = it.getAttribute("aria-label") ?? words(labels?.length ? labels[0] : it);
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    // what takes the focus by a script alone is a place, and no control
    const hasRing = it.tabIndex < 0 || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1);
    const isSeen = [...it.getClientRects()].some(({ left, top, width, height }) =>
      [0.5, 0.1, 0.9].some((part) => {
        const at = document.elementFromPoint(left + width * part, top + height * part);
        return at !== null && (it.contains(at) || [...(labels ?? [])].some((label) => label.contains(at)));
      }),
    );
    return {
      name: name.replace(/\s+/g, " ").trim().slice(0, 80),
      role: /** @type {HTMLInputElement} */ (it).type ?? it.tagName.toLowerCase(),
      isInMain: it.closest("main") !== null,
      isInDialog: it.closest("dialog") !== null,
      wrong: hasRing ? (isSeen ? "" : "out of sight") : "no outline",
    };
  });
}

/** Somebody who has a keyboard and nothing else: at every place where he comes he must see where he is. */
export class Keyboard {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    /** Where he could not see it. @type {string[]} */
    this.faults = [];
  }

  /** @param {string[]} keys one after the other */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** @param {string} text */
  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Looks where he is. @param {string} where */
  async look(where) {
    const stop = await stopOf(this.page);
    if (stop?.wrong) this.faults.push(`${where}: ${stop.role} “${stop.name}”: ${stop.wrong}`);
    return stop;
  }

  /**
   * Goes on to what has this name.
   *
   * @param {string | RegExp} name
   * @param {"Tab" | "Shift+Tab"} [key]
   */
  async to(name, key = "Tab") {
    /** @type {Set<string>} */
    const met = new Set();
    for (let tabs = 0; tabs < TABS_MAX; tabs++) {
      await this.press(key);
      const stop = await this.look(`on the way to ${name}`);
      const found = stop?.name ?? "";
      if (stop && (typeof name === "string" ? found === name : name.test(found))) return stop;
      met.add(found);
    }
    assert.fail(`${name} is reached by ${key}: ${[...met].join(" | ")}`);
  }

  /** The focus is in the page that was opened, or the dialog. @param {string} what */
  async isInside(what) {
    await this.page.waitForFunction(() => document.activeElement?.closest("main, dialog"), null, {
      timeout: WAIT_MS,
    });
    const stop = await this.look(what);
    assert.ok(stop?.isInMain || stop?.isInDialog, `${what}: the focus is lost`);
  }

  /** Every place of a page, to its end. @param {string} where @returns {Promise<number>} how many there are */
  async walk(where) {
    let places = 0;
    for (let tabs = 0; tabs < TABS_MAX; tabs++) {
      await this.press("Tab");
      const stop = await this.look(where);
      if (!stop?.isInMain) return places;
      places++;
    }
    assert.fail(`${where} has no end`);
  }

  /** @param {string} url the desk's @param {string} username */
  async signIn(url, username) {
    await this.page.goto(`${url}/desk`);
    await this.page.getByLabel("Password").waitFor();
    await this.type(username);
    await this.press("Tab");
    await this.type(PASSWORD);
    await this.press("Enter");
    await this.page.getByRole("navigation", { name: "Queues" }).waitFor();
  }

  /** Waits until this stands in the page, or a dialog. @param {string | RegExp} words */
  said(words) {
    return this.page.locator("main:visible, dialog").getByText(words).first().waitFor();
  }

  /** Another part, by its tab. @param {string} label */
  async turnTo(label) {
    // behind it may stand how many wait there
    await this.to(new RegExp(`^${label}( \\d|$)`), "Shift+Tab");
    await this.press("Enter");
    await this.page.locator(".tabs [aria-current]").getByText(label, { exact: true }).waitFor();
    await this.page.locator("main:visible").getByText("Reading…").first().waitFor({ state: "detached" });
    await this.isInside(label);
  }

  /** A page of the present part. @param {string} label */
  async turnPage(label) {
    await this.to("Skip to the content");
    await this.press("Enter");
    await this.isInside("the content");
    await this.to(label);
    await this.press("Enter");
    await this.page.locator(".subtabs [aria-current]").getByText(label, { exact: true }).waitFor();
    await this.page.locator("main.other").getByText("Reading…").waitFor({ state: "detached" });
    await this.isInside(label);
  }

  /** Opens a dialog by the button of this name, looks at it, and leaves it. @param {string} name */
  async lookInto(name) {
    await this.to(name);
    await this.press("Enter");
    await checkDialog(this.page, name);
    await this.press("Escape");
    await this.page.locator("dialog").waitFor({ state: "detached" });
    const stop = await this.look(name);
    assert.equal(stop?.name, name, "the focus is back where it was");
  }

  /** Fails if he could not see it somewhere. */
  check() {
    assert.deepEqual(this.faults.splice(0), []);
  }
}
