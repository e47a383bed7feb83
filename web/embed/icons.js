/** Outlines on a grid of 16. */
const PATHS = {
  recommend: "M8 2.5 13 8.5h-3v5H6v-5H3z",
  reply: "M6.5 3.5 2.5 7.5l4 4M3 7.5h6a4 4 0 0 1 4 4v1",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  collapse: "M4 8h8",
  expand: "M4 8h8M8 4v8",
  star: "m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
};

/**
 * A picture that says nothing to who hears the page.
 *
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  return svg;
}
