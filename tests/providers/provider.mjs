// A certified OpenID provider for the tests. Its client comes by standard input, one JSON line each time, or
// {"address": …, "claims": …} for what it says of somebody besides; whoever signs in with an address is taken for the owner of it.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

let answer = (_, response) => response.writeHead(503).end();
const server = createServer((request, response) => answer(request, response));
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

// The provider warns of what only matters outside of tests.
console.warn = () => {};
console.info = () => {};

const people = new Map();

function provider(clients) {
  const made = new Provider(issuer, {
    clients,
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true, name: id, ...people.get(id) }),
    }),
    features: { rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ["of the tests"] },
    // Nobody is asked whether the portal may know their address.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  return made.callback();
}

answer = provider([]);
console.log(JSON.stringify({ issuer }));
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const told = JSON.parse(line);
    if (told.address) people.set(told.address, told.claims);
    else answer = provider([told]);
    console.log(JSON.stringify({ done: true }));
  })
  .on("close", () => process.exit(0));
