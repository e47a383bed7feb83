// A provider for tests: oidc-provider, the certified one, where whoever comes is asked nothing and is who the request's
// header `x-person` says, or goes away again if that says `nobody`.
//
// It tells its address on standard output, as one JSON object. Its first argument are the ways in which it differs from what
// it does by itself.
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const { alg = "RS256", tells = true, method = "client_secret_basic", callback, lies, forges } = JSON.parse(process.argv[2]);
const kinds = {
  RS256: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  EdDSA: ["ed25519", {}],
};
const key = () => ({
  ...generateKeyPairSync(...kinds[alg]).privateKey.export({ format: "jwk" }),
  alg,
  use: "sig",
  kid: "k1",
});

// The ID token as somebody hands it out who is not the provider.
const encode = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
const forged = (token) => {
  const [head, claims, signature] = token.split(".");
  const said = JSON.parse(Buffer.from(claims, "base64url"));
  switch (forges) {
    case "claims":
      return [head, encode({ ...said, name: "Somebody else" }), signature].join(".");
    case "none":
      return [encode({ alg: "none" }), claims, ""].join(".");
    default: {
      const other = generateKeyPairSync(...kinds.RS256).privateKey;
      const signed = `${head}.${claims}`;
      return `${signed}.${sign("sha256", Buffer.from(signed), other).toString("base64url")}`;
    }
  }
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = {
    client_id: "rejoinder",
    redirect_uris: [callback],
    response_types: ["code"],
    grant_types: ["authorization_code"],
    id_token_signed_response_alg: alg,
  };
  const secret = { client_secret: "what the provider gave", token_endpoint_auth_method: method };
  const provider = new Provider(issuer, {
    clients: [
      { ...client, ...secret },
      { ...client, client_id: "public", token_endpoint_auth_method: "none" },
    ],
    clientAuthMethods: [method, "none"],
    jwks: { keys: [key()] },
    enabledJWA: { idTokenSigningAlgValues: [alg] },
    cookies: { keys: ["of no worth"] },
    claims: { email: ["email", "email_verified"], profile: ["name", "roles"] },
    // by itself it tells of people at its other address alone
    conformIdTokenClaims: !tells,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => {
      const [name, more] = id.split("|");
      const email = { email: `${name}@example.org`, email_verified: more !== "unverified" };
      return { accountId: id, claims: () => ({ sub: id, name, roles: ["moderator"], ...email }) };
    },
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith("/interaction/")) {
      await next();
      if (lies && context.path === "/.well-known/openid-configuration") {
        context.body = { ...context.body, ...lies };
      }
      if (forges && context.path === "/token" && context.body?.id_token) {
        context.body = { ...context.body, id_token: forged(context.body.id_token) };
      }
      return;
    }
    const { params } = await provider.interactionDetails(context.req, context.res);
    const person = context.get("x-person");
    const grant = new provider.Grant({ accountId: person, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result =
      person === "nobody"
        ? { error: "access_denied", error_description: "went away" }
        : { login: { accountId: person }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(context.req, context.res, result);
  });
  server.on("request", provider.callback());
  console.log(JSON.stringify({ issuer }));
});
