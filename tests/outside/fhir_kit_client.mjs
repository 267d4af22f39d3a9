// A stranger's client, fhir-kit-client from npm, reads and searches unchanged.
//
// Usage: node fhir_kit_client.mjs BASE_URL FOLDER_WITH_NODE_MODULES

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [base, folder] = process.argv.slice(2);
const library = resolve(folder, "node_modules/fhir-kit-client/dist/index.js");
const module = await import(pathToFileURL(library).href);
const Client = module.Client ?? module.default;

const client = () =>
  new Client({
    baseUrl: `${base}/personal-demographics/FHIR/R4`,
    customHeaders: { "X-Request-ID": randomUUID() },
  });

const checks = {
  async "read by number"() {
    const patient = await client().read({ resourceType: "Patient", id: "9000000009" });
    assert.equal(patient.resourceType, "Patient");
    assert.equal(patient.id, "9000000009");
    const { response } = Client.httpFor(patient);
    assert.equal(response.headers.get("etag"), `W/"${patient.meta.versionId}"`);
  },

  async "search"() {
    const bundle = await client().search({
      resourceType: "Patient",
      searchParams: { family: "Smith", birthdate: "eq2010-10-22", gender: "female" },
    });
    assert.equal(bundle.type, "searchset");
    assert.equal(bundle.total, bundle.entry.length);
    assert.ok(bundle.entry.some(({ resource }) => resource.id === "9000000009"));
  },

  async "an error comes as an OperationOutcome"() {
    const failure = await client()
      .read({ resourceType: "Patient", id: "9000000000" })
      .then(() => assert.fail("a wrong check digit was accepted"), (error) => error);
    assert.equal(failure.response.status, 400);
    const outcome = failure.response.data;
    assert.equal(outcome.resourceType, "OperationOutcome");
    assert.equal(outcome.issue[0].details.coding[0].code, "INVALID_RESOURCE_ID");
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      fhir-kit-client ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  fhir-kit-client ${name}: ${error.message}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
