// A stranger's sign-in service, oidc-provider from npm, in the place of the demonstration's own.
//
// It is named in a file, as an operator would; then a health worker signs in there by its own
// pages, comes back with a code, reads a patient, and signs out there, which ends the session here.
//
// Usage: node external_issuer.mjs BINARY FOLDER_WITH_NODE_MODULES

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [binary, folder] = process.argv.slice(2);
const library = resolve(folder, "node_modules/oidc-provider/lib/index.js");
const { default: Provider } = await import(pathToFileURL(library).href);

const home = mkdtempSync(join(tmpdir(), "vertebra-issuer-"));
const BACK = "http://127.0.0.1:8610/callback";
const WORKER = "555044004105";
const SECRET = randomBytes(24).toString("base64url");

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** The stranger's service: one worker, known well enough for the highest level. */
async function startIssuer(port, exchange) {
  const worker = {
    sub: WORKER,
    authentication_assurance_level: "3",
    nhsid_nrbac_roles: [
      {
        person_orgid: "555044004106",
        person_roleid: "555044004107",
        org_code: "X26",
        role_name: "\"Clinical\":\"Clinical Provision\":\"General Medical Practitioner\"",
        role_code: "S8000:G8000:R8000",
      },
    ],
  };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "one" };
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: "the-exchange",
        client_secret: SECRET,
        redirect_uris: [`${exchange}/oauth2/callback`],
        backchannel_logout_uri: `${exchange}/oauth2/backchannel_logout`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: {
      openid: ["sub", "authentication_assurance_level"],
      nationalrbacaccess: ["nhsid_nrbac_roles"],
    },
    features: { backchannelLogout: { enabled: true } },
    conformIdTokenClaims: false,
    findAccount: async () => ({ accountId: WORKER, claims: async () => worker }),
    cookies: { keys: [randomBytes(16).toString("hex")] },
  });
  provider.on("server_error", (_, error) => console.log(error.stack));
  const server = provider.listen(port, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return server;
}

async function startExchange(port, issuer) {
  const file = join(home, "staff.toml");
  const settings = { issuer, client_id: "the-exchange", client_secret: SECRET };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = "${value}"`);
  writeFileSync(file, [...lines, "private = true", ""].join("\n"), { mode: 0o600 });
  const config = join(home, "vertebra.toml");
  writeFileSync(config, `staff_sign_in = "${file}"\n`);
  const places = ["--data", join(home, "data"), "--listen", `127.0.0.1:${port}`];
  const words = ["serve", "--demo", "--people", "10", "--no-local", "--config", config, ...places];
  const child = spawn(resolve(binary), words, { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill());
  for await (const said of child.stdout) if (`${said}`.includes("ready ")) return child;
  throw new Error("the exchange ended before it was ready");
}

/** A browser without a script: follows where it is sent, keeps cookies, fills in forms. */
class Browser {
  cookies = new Map();

  async open(url, form) {
    for (let hops = 0; hops < 20; hops += 1) {
      if (url.startsWith(BACK)) return { url, page: "" };
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const body = form && new URLSearchParams(form);
      const method = form ? "POST" : "GET";
      const answer = await fetch(url, { method, body, headers: { cookie }, redirect: "manual" });
      for (const line of answer.headers.getSetCookie()) {
        const [name, value] = line.split(";")[0].split("=");
        this.cookies.set(name, value);
      }
      const next = answer.headers.get("location");
      if (!next) return { url, page: await answer.text() };
      url = new URL(next, url).href;
      form = undefined;
    }
    throw new Error("sent around in circles");
  }

  /** Sends the form that a page holds, with what its fields hold already. */
  submit({ url, page }, filled = {}) {
    const action = /<form[^>]*\baction="([^"]+)"/.exec(page)?.[1];
    assert.ok(action, `no form at ${url}: ${page}`);
    const hidden = [...page.matchAll(/<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"/g)];
    const fields = Object.fromEntries(hidden.map(([, name, value]) => [name, value]));
    return this.open(new URL(action, url).href, { ...fields, ...filled });
  }
}

const issuerPort = await freePort();
const port = await freePort();
const issuer = `http://127.0.0.1:${issuerPort}`;
const exchange = `http://127.0.0.1:${port}`;
const server = await startIssuer(issuerPort, exchange);
const child = await startExchange(port, issuer);
const credentials = JSON.parse(readFileSync(join(home, "data/demo/credentials.json")));
const client = credentials.clients.find(({ name }) => name === "demo-worker");
const browser = new Browser();
let tokens;

async function redeem(form) {
  const proof = { client_id: client.client_id, client_secret: client.client_secret };
  const body = new URLSearchParams({ ...form, ...proof });
  const answer = await fetch(`${exchange}/oauth2/token`, { method: "POST", body });
  return { status: answer.status, body: await answer.json() };
}

function refresh() {
  return redeem({ grant_type: "refresh_token", refresh_token: tokens.refresh_token });
}

function read(token) {
  const headers = { Authorization: `Bearer ${token}`, "X-Request-ID": randomUUID() };
  return fetch(`${exchange}/personal-demographics/FHIR/R4/Patient/9000000009`, { headers });
}

const checks = {
  async "a worker signs in by the stranger's pages"() {
    const { client_id } = client;
    const asked = { response_type: "code", client_id, redirect_uri: BACK, state: "s" };
    const start = `${exchange}/oauth2/authorize?${new URLSearchParams(asked)}`;
    let seen = await browser.open(start);
    assert.ok(seen.url.startsWith(issuer), `not sent to the stranger: ${seen.url}`);
    seen = await browser.submit(seen, { login: WORKER, password: "any" });
    if (!seen.url.startsWith(BACK)) seen = await browser.submit(seen);
    const query = new URL(seen.url).searchParams;
    assert.equal(query.get("state"), "s", `${seen.url} ${seen.page}`);
    const form = { grant_type: "authorization_code", code: query.get("code"), redirect_uri: BACK };
    const answer = await redeem(form);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    tokens = answer.body;
  },

  async "and reads a patient"() {
    const answer = await read(tokens.access_token);
    assert.equal(answer.status, 200, await answer.text());
  },

  async "whose roles came from the stranger"() {
    const headers = { Authorization: `Bearer ${tokens.access_token}` };
    const answer = await fetch(`${exchange}/oauth2/userinfo`, { headers });
    const said = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(said));
    assert.equal(said.nhsid_nrbac_roles[0].person_roleid, "555044004107");
  },

  async "the session goes on"() {
    const answer = await refresh();
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    tokens = answer.body;
  },

  async "signing out at the stranger's ends it"() {
    const question = await browser.open(`${issuer}/session/end`);
    const ended = await browser.submit(question, { logout: "yes" });
    assert.ok(ended.url.startsWith(issuer), ended.url);
    const answer = await refresh();
    assert.equal(answer.status, 401, JSON.stringify(answer.body));
    assert.equal(answer.body.error, "invalid_grant");
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      oidc-provider: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  oidc-provider: ${name}: ${error.message}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
child.kill("SIGTERM");
await new Promise((gone) => child.once("exit", gone));
server.close();
rmSync(home, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
