// The pictures of README.md: a discussion and the desk, as the demo shows them. `npm run pictures` in web/ makes them anew.

import { mkdirSync } from "node:fs";
import { Browser, DESKTOP } from "./browser.js";
import { startDemo } from "./demo.js";

const FOLDER = new URL("../../docs/images/", import.meta.url).pathname;

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
