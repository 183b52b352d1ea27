#!/usr/bin/env bash
# What: @digitalcredentials/http-client 5.0.4 fetches one JSON document under five types, those of the standards among them.
# Seen: 2026-11-29, Node 20.20.2: the document is read only where the type has "json" in its name. As application/did (DID Core) and
#   application/vc (Verifiable Credentials 2.0) it counts as not there, without an error.
# Why it surprises: both standards register these types for JSON documents, and DID Core names application/did for them. So a
#   verifier says that a key was not found, or that a signature is invalid, where only a type is new to it.
#   Serve such documents as a type with "json" in it to whoever does not ask for the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes > /dev/null
npm install --silent --ignore-scripts "@digitalcredentials/http-client@5.0.4"

cat > expected << 'END'
application/did: nothing
application/vc: nothing
application/did+ld+json: read
application/ld+json: read
application/json: read
END

cat > ask.mjs << 'END'
import { createServer } from "node:http";
import { httpClient } from "@digitalcredentials/http-client";

const server = createServer((request, response) => {
  response.setHeader("Content-Type", decodeURIComponent(request.url.slice(1)));
  response.end('{"id": "did:example:1"}');
}).listen(0, "127.0.0.1", async () => {
  for (const type of ["did", "vc", "did+ld+json", "ld+json", "json"].map((end) => `application/${end}`)) {
    const { data } = await httpClient.get(`http://127.0.0.1:${server.address().port}/${encodeURIComponent(type)}`);
    console.log(`${type}: ${data ? "read" : "nothing"}`);
  }
  server.close();
});
END
node ask.mjs | tee seen
diff expected seen
