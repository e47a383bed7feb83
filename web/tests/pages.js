// A blog's own pages, on another origin than the service.

import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Serves these pages.
 *
 * @param {Record<string, string | {text: string, headers: Record<string, string>}>} pages by path
 */
export async function servePages(pages) {
  const server = createServer((request, response) => {
    const page = pages[(request.url ?? "").split("?")[0]];
    if (page === undefined) return void response.writeHead(404).end();
    const { text, headers } = typeof page === "string" ? { text: page, headers: {} } : page;
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(text);
  });
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
