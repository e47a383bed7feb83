import { query } from "../../shared/api.js";

/** What this page keeps while its reader is at a provider; another tab's is another. */
const KEPT = "rejoinder:provider";
const CAME_BACK = /^#rejoinder_(code|error)=([\w%-]+)$/;

/**
 * The providers at which readers of this page may sign in: `providers="issuer=Label; issuer=Label"`.
 *
 * @param {string | null} attribute
 * @returns {{issuer: string, label: string}[]}
 */
export function providersOf(attribute) {
  return (attribute ?? "").split(";").flatMap((part) => {
    const [, issuer, label] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    return issuer && label ? [{ issuer, label }] : [];
  });
}

/**
 * Leads to a provider, from where one comes back to this page. Nobody gets tokens for what comes back but who keeps the text
 * that was made up here.
 *
 * @param {string} service
 * @param {string} site
 * @param {string} issuer
 */
export async function leaveFor(service, site, issuer) {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const [page, hash] = location.href.split("#");
  sessionStorage.setItem(KEPT, JSON.stringify({ service, verifier, hash }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const asked = query({ return_to: page, challenge: base64url(new Uint8Array(digest)) });
  const path = [site, "oidc", issuer].map(encodeURIComponent).join("/");
  location.assign(`${service}/api/v1/sites/${path}${asked}`);
}

/**
 * What somebody came back with to this service's discussion; null if he was nowhere. It is taken out of the address at once:
 * nobody can come back twice, nor send it to others.
 *
 * @param {string} service
 * @returns {{code: string | null, verifier: string} | null}
 */
export function cameBack(service) {
  const [, what, value] = CAME_BACK.exec(location.hash) ?? [];
  if (!what) return null;
  /** @type {{service: string, verifier: string, hash?: string} | null} */
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (kept?.service !== service) return null;
  sessionStorage.removeItem(KEPT);
  const { pathname, search } = location;
  history.replaceState(history.state, "", pathname + search + (kept.hash ? `#${kept.hash}` : ""));
  return { code: what === "code" ? decodeURIComponent(value) : null, verifier: kept.verifier };
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
