// A blog's own pages, on another origin than the service; and, as long as the service does not serve the desk itself, its page
// and the files below web/ in front of the service.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { extname, normalize } from "node:path";

const WEB = new URL("../", import.meta.url);
/** @type {Record<string, string>} */
const KINDS = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml" };

/** What the desk's page may do: as the service says it. */
export const DESK_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types rejoinder";

/** @param {import("node:http").Server} server */
async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Serves these pages.
 *
 * @param {Record<string, string | {text: string, headers: Record<string, string>}>} pages by path
 */
export function servePages(pages) {
  const server = createServer((request, response) => {
    const page = pages[(request.url ?? "").split("?")[0]];
    if (page === undefined) return void response.writeHead(404).end();
    const { text, headers } = typeof page === "string" ? { text: page, headers: {} } : page;
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(text);
  });
  return listen(server);
}

/**
 * The desk: by the service if it serves it, else by a server in front of it.
 *
 * @param {import("./service.js").Service} service
 */
export async function serveDesk(service) {
  const answer = await fetch(`${service.url}/desk`);
  await answer.body?.cancel();
  if (answer.ok) return { url: service.url, async stop() {} };
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0];
    if (path === "/desk") {
      const page = (await readFile(new URL("desk/index.html", WEB), "utf8")).replaceAll("{{assets}}", "/assets/0");
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": DESK_POLICY });
      return void response.end(page);
    }
    const file = /^\/assets\/0\/((?:desk|shared)\/[\w/.-]+)$/.exec(path)?.[1];
    if (file) {
      const text = await readFile(new URL(normalize(file), WEB)).catch(() => null);
      return void response.writeHead(text ? 200 : 404, { "Content-Type": KINDS[extname(file)] }).end(text);
    }
    const headers = { ...request.headers, host: new URL(service.url).host };
    if (headers.origin) headers.origin = service.url;
    const passed = ask(service.url + request.url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  return listen(server);
}
