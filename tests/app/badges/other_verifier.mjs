// What the verifier of the Digital Credentials Consortium says of the badges in the files named: one JSON list.
// It looks at the signature, the dates, the status list and the issuer's keys, and fetches what it needs by itself.
import { readFile } from "node:fs/promises";

const fetchAnything = globalThis.fetch;
globalThis.fetch = (request, options) => {
  const { hostname } = new URL(request.url ?? request);
  return hostname === "localhost" ? fetchAnything(request, options) : Promise.reject(new Error(`Not from ${hostname}`));
};

const { verifyCredential } = await import("@digitalcredentials/verifier-core");
const found = [];
for (const file of process.argv.slice(2)) {
  const { log = [], errors = [] } = await verifyCredential({
    credential: JSON.parse(await readFile(file, "utf8")),
    knownDIDRegistries: [],
  });
  found.push({
    steps: Object.fromEntries(log.map(({ id, valid, error }) => [id, valid ?? error.name])),
    errors: errors.map(({ name }) => name),
  });
}
console.log(JSON.stringify(found));
