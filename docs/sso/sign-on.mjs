// A token by which a reader signs on to the discussion. Node 18 or later, without dependencies.
import { createHmac, randomUUID } from "node:crypto";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token about a reader: HS256, good for once and for five minutes. */
export function rejoinderToken(reader, { secret, iss, aud }) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { ...reader, iss, aud, iat: now, exp: now + 300, jti: randomUUID() };
  const message = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${message}.${createHmac("sha256", secret).update(message).digest("base64url")}`;
}

// In Express, for instance, behind whatever signs your readers in:
//
//   app.get("/rejoinder-token", requireReader, (request, response) => {
//     const { id, name, email, emailIsVerified } = request.reader;
//     const reader = { sub: String(id), name, email, email_verified: emailIsVerified };
//     response.set("Cache-Control", "no-store").json({ token: rejoinderToken(reader, settings) });
//   });

// to try it: REJOINDER_SECRET=... REJOINDER_ISS=... REJOINDER_AUD=... node sign-on.mjs '{"sub": "4711", "name": "Ann"}'
if (process.argv[2]) {
  const { REJOINDER_SECRET: secret, REJOINDER_ISS: iss, REJOINDER_AUD: aud } = process.env;
  console.log(rejoinderToken(JSON.parse(process.argv[2]), { secret, iss, aud }));
}
