// What tests of the desk have in common: readers who write, two moderators, and how many replies wait.

import { becomes } from "./blog.js";
import { world } from "./world.js";

/** A desk and a machine with much to do: so often it is looked whether it is so. */
export const LOOKS_MAX = 400;

/**
 * A site with its desk, four readers, and the moderators mona and milo.
 *
 * @param {Record<string, string>} [variables] of the service
 */
export async function deskWorld(variables) {
  const it = await world(variables);
  try {
    const names = ["ann-reads", "bela", "carlos", "dora"];
    const [mona, milo, ...readers] = await Promise.all([
      it.site.moderator("mona"),
      it.site.moderator("milo"),
      ...names.map((name) => it.service.reader(name)),
    ]);
    /** How many wait, as the service says it. */
    const waiting = async () => {
      const { items } = await mona.get("/api/v1/moderation/counts");
      return items.reduce((/** @type {number} */ sum, /** @type {any} */ { pending }) => sum + pending, 0);
    };
    /** @type {Map<string, import("playwright-core").Page>} */
    const desks = new Map();
    return {
      ...it,
      readers,
      mona,
      milo,
      waiting,
      /** @param {number} number */
      waitingBecomes: (number) => becomes(waiting, number, LOOKS_MAX),
      /** Nothing waits any more. */
      async clear() {
        const { items } = await mona.get("/api/v1/moderation/replies?queue=pending&limit=100");
        await Promise.all(items.map((/** @type {any} */ item) => mona.decide(item, "approve")));
      },
      /**
       * The desk at which somebody sits all day, turned to what waits. It stays open: what a test does that would be seen there in the
       * next one it does at a desk of its own (`deskOf`).
       *
       * @param {string} username
       */
      async seatOf(username) {
        const page = desks.get(username) ?? (await it.deskOf(username));
        if (!desks.has(username)) {
          desks.set(username, page);
          return page;
        }
        await page.unrouteAll();
        await page.evaluate(() => {
          document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
          location.hash = "";
          // numbers in the tabs are read anew when somebody comes back
          document.dispatchEvent(new Event("visibilitychange"));
        });
        await page.getByRole("button", { name: /^Waiting / }).click();
        await page.locator(".list").getByText("Reading…").waitFor({ state: "detached" });
        return page;
      },
      /** @param {number} number */
      post: (number) => it.post(number, readers),
    };
  } catch (error) {
    await it.stop();
    throw error;
  }
}
