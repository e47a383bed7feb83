// What axe does not see of the desk: how large things are, how much is said, what moves, and what is too faint.

/**
 * What is pressed and less than 24 pixels wide or high. A box with its label is one, and links in a line of text are excepted.
 *
 * @param {import("playwright-core").Page} page
 */
export function small(page) {
  return page.evaluate(() => {
    const all = /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("button, a[href], input, select, textarea, summary")
    );
    const isInText = (/** @type {HTMLElement} */ one) =>
      getComputedStyle(one).display === "inline" && one.parentElement?.textContent !== one.textContent;
    return [...all]
      .filter((one) => one.checkVisibility() && !one.matches(".skip") && !isInText(one))
      .map((one) => ({ one, box: (one.closest("label") ?? one).getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ one, box }) => `${one.tagName} ${one.textContent}: ${box.width} x ${box.height}`);
  });
}

/**
 * Begins to listen to what is read out by itself.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<() => Promise<string[]>>} what was said since
 */
export async function listenTo(page) {
  await page.evaluate(() => {
    /** @type {string[]} */
    const said = [];
    Object.assign(window, { said });
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest("[aria-live], [role=status], [role=alert], [role=log]");
        if (region?.textContent) said.push(region.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => /** @type {any} */ (window).said);
}

/** How many things move when they change. @param {import("playwright-core").Page} page */
export function moving(page) {
  return page.evaluate(() => {
    const isLong = (/** @type {string} */ durations) => durations.split(",").some((one) => parseFloat(one) > 0);
    return [...document.querySelectorAll("*")].filter((one) => {
      const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(one);
      return isLong(transitionDuration) || isLong(animationDuration) || scrollBehavior === "smooth";
    }).length;
  });
}

/**
 * What is no text and differs from what is behind it by less than 3 to 1.
 *
 * @param {import("playwright-core").Page} page
 * @param {Record<string, [selector: string, property: string]>} what
 */
export function faint(page, what) {
  return page.evaluate((all) => {
    const context = /** @type {CanvasRenderingContext2D} */ (
      document.createElement("canvas").getContext("2d", { willReadFrequently: true })
    );
    /** How light these colours are, one over the other. @param {string[]} colours */
    const lightness = (colours) => {
      context.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data]
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    return Object.entries(all).flatMap(([name, [selector, property]]) => {
      const element = document.querySelector(selector);
      if (!element) return [`${name} is not there`];
      const grounds = [];
      for (let at = element.parentElement; at; at = at.parentElement)
        grounds.unshift(getComputedStyle(at).backgroundColor);
      const colour = getComputedStyle(element).getPropertyValue(property);
      const [darker, lighter] = [lightness(grounds), lightness([...grounds, colour])].sort((a, b) => a - b);
      const ratio = (lighter + 0.05) / (darker + 0.05);
      return ratio >= 3 ? [] : [`${name}: ${ratio.toFixed(2)} to 1`];
    });
  }, what);
}
