// A blog with something to moderate, and moderators at their desks.

import { Browser } from "./browser.js";
import { PASSWORD, Service } from "./service.js";

const TEXTS = [
  "My kettle has whistled for *thirty* years, and I would not swap it for any of these.",
  "Free money at https://casino.example and https://slots.example and https://win.example — just ask me how!",
  "The columnist forgets who pays for the copper. Tariffs went up twice this year, and nobody says so.",
  "You are an idiot, and so is everybody who agrees with you.",
  "As somebody who sells these: the margin is four per cent. Nobody gets rich by tea.",
  "Is the chart in the second half adjusted for inflation? It says nothing of it.",
  "I read it twice and still do not know what the merger means for the shops in our town.",
  "BUY NOW BUY NOW BUY NOW, the best teapots of the world, only today!",
  "Thank you for the context. The first calm piece about it that I have read.",
  "My grandmother’s rule: never boil the water twice. Still holds.",
  "The link to the study is broken; here is the right one: https://study.example/kettles",
  "Would the author tell us whether he owns shares in the company?",
];

/**
 * A service, a browser, and a site with a story.
 *
 * @param {Record<string, string>} [variables] of the service
 */
export async function world(variables) {
  const [service, browser] = await Promise.all([Service.start(variables), Browser.start()]);
  const site = await service.site("kettle-news");
  await site.policy({ links: { max: 2, newcomer_max: 1 }, words: { hold: ["casino", "idiot"] } });
  const story = await site.story("smaller-kettles", {
    headline: "Kettles get smaller, and so do the people who make them",
    section: "Business",
    excerpt: "Three of the four great makers will merge by spring.",
    source: { name: "The Morning Wire", url: "https://wire.example/kettles" },
    commentary: {
      label: "KC's View",
      author_name: "KC",
      body: "A merger of three is not a competition of *two*. Watch the price of copper.",
    },
  });
  return {
    service,
    browser,
    site,
    story,
    /** Somebody's desk, signed in. */
    async deskOf(/** @type {string} */ username, options = {}) {
      const page = await browser.page([service.url], options);
      await page.goto(`${service.url}/desk`);
      await page.getByLabel("Username or e-mail").fill(username);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.keyboard.press("Enter");
      await page.getByRole("navigation", { name: "Queues" }).waitFor();
      return page;
    },
    /** Replies that wait, one by each of these readers in turn. */
    async post(/** @type {number} */ number, /** @type {import("./service.js").Person[]} */ readers) {
      const posted = [];
      for (let at = 0; at < number; at++) {
        const round = at < TEXTS.length ? "" : ` (${Math.floor(at / TEXTS.length)})`;
        posted.push(await readers[at % readers.length].reply(story, TEXTS[at % TEXTS.length] + round));
      }
      return posted;
    },
    async stop() {
      await browser.stop();
      await service.stop();
    },
  };
}
