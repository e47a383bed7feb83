// The pictures of README.md, a discussion and the desk as the demo shows them, and that of docs/EMBED.md, the discussion's parts. `npm run pictures` in web/ makes them anew.

import { mkdirSync } from "node:fs";
import { Browser, DESKTOP } from "./browser.js";
import { startDemo } from "./demo.js";

const FOLDER = new URL("../../docs/images/", import.meta.url).pathname;

/**
 * Frames the first of each part and writes its name on it; runs in the page.
 *
 * @param {Element} host
 * @param {string[]} parts
 */
function namePart(host, parts) {
  scrollTo(0, host.getBoundingClientRect().top + scrollY - 40);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .part-name { position: fixed; z-index: 9; border: 2px solid #b3125a; border-radius: 4px; pointer-events: none }
    .part-name span { position: absolute; inset: auto auto 100% -2px; background: #b3125a; color: #fff; font: 600 11px/1.3 monospace; padding: 0 4px; border-radius: 3px 3px 0 0 }
    .part-body span { inset: auto -2px 100% auto }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  for (const name of parts) {
    const box = host.shadowRoot?.querySelector(`[part~="${name}"]`)?.getBoundingClientRect();
    if (!box) throw new Error(`there is no part ${name}`);
    const label = document.createElement("span");
    label.textContent = name;
    const frame = document.createElement("div");
    frame.className = `part-name part-${name}`;
    frame.append(label);
    for (const [side, value] of Object.entries({
      left: box.x - 3,
      top: box.y - 3,
      width: box.width + 6,
      height: box.height + 6,
    }))
      frame.style.setProperty(side, `${value}px`);
    document.body.append(frame);
  }
}

const demo = await startDemo();
const browser = await Browser.start();
try {
  mkdirSync(FOLDER, { recursive: true });
  const viewport = { ...DESKTOP, height: 900 };
  const page = await browser.page([demo.url], { viewport });
  await page.goto(demo.url);
  await page.locator(".stories h2 a").first().click();
  const discussion = page.locator("rejoinder-discussion");
  await discussion.getByText("Recommend").first().waitFor();
  await discussion.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 24));
  await page.screenshot({ path: `${FOLDER}discussion.png` });

  await page.setViewportSize({ width: 900, height: 1060 });
  await discussion.evaluate(namePart, [
    "title",
    "me",
    "invitation",
    "picks",
    "sort",
    "disc",
    "name",
    "time",
    "mark",
    "body",
    "action",
    "below",
  ]);
  await page.screenshot({ path: `${FOLDER}parts.png` });

  const desk = await browser.page([demo.url], { viewport });
  await desk.goto(`${demo.url}/desk`);
  await desk.getByLabel("Username or e-mail").fill("ines-t");
  await desk.getByLabel("Password").fill(demo.passwordOf("ines-t"));
  await desk.keyboard.press("Enter");
  await desk.locator(".context").getByRole("heading", { name: "Story" }).waitFor();
  await desk.screenshot({ path: `${FOLDER}desk.png` });
  browser.check();
} finally {
  await browser.stop();
  await demo.stop();
}
