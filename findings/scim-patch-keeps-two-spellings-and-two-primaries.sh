#!/usr/bin/env bash
# What: scim-patch 0.8.3 takes three PATCH requests of RFC 7644: one that changes a job title, with “Title” spelt large; one that changes
#   the address of the type “Work”; and one that adds an address which is now the first (primary). scim2-models 0.12.3 takes the same.
# Seen: 2026-11-30, Node 20.20.2 and Python 3.11: the person of scim-patch has a title and, beside it, another Title; the new address of
#   “Work” stands beside the old one; and two addresses are primary. scim2-models replaces both, and leaves one primary.
# Why it surprises: names of attributes are the same in whatever case (RFC 7643, section 2.1), a type is compared without regard to it
#   (caseExact false), and a PATCH that makes one value primary shall make the others not so (RFC 7644, section 3.5.2). All three
#   look like a success. Spell names as the schema does before the patch, and put primary right after it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "scim2-models==0.12.3"
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit --ignore-scripts "scim-patch@0.8.3"

cat > requests.json << 'END'
[
  {"op": "replace", "path": "Title", "value": "Team leader"},
  {"op": "replace", "path": "emails[type eq \"Work\"].value", "value": "ada.b@example.org"},
  {"op": "add", "path": "emails", "value": [{"value": "ada@home.example.org", "type": "home", "primary": true}]}
]
END

cat > expected << 'END'
scim-patch: title is Clerk; Title is Team leader; ada@example.org primary
scim-patch: title is Clerk; ada@example.org primary; ada.b@example.org
scim-patch: title is Clerk; ada@example.org primary; ada@home.example.org primary
scim2-models: title is Team leader; ada@example.org primary
scim2-models: title is Clerk; ada.b@example.org primary
scim2-models: title is Clerk; ada@example.org; ada@home.example.org primary
END

cat > patch.js << 'END'
import { readFileSync } from "node:fs";
import { scimPatch } from "scim-patch";

for (const request of JSON.parse(readFileSync("requests.json"))) {
  const person = {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: "ada",
    title: "Clerk",
    emails: [{ value: "ada@example.org", type: "work", primary: true }],
  };
  const { emails, ...rest } = scimPatch(person, [request]);
  const states = Object.keys(rest).filter((name) => /title/i.test(name)).map((name) => `${name} is ${rest[name]}`);
  const addresses = emails.map(({ value, primary }) => value + (primary ? " primary" : ""));
  console.log(`scim-patch: ${[...states, ...addresses].join("; ")}`);
}
END

cat > patch.py << 'END'
import json
from pathlib import Path

from scim2_models import Context, Email, PatchOp, User

for request in json.loads(Path("requests.json").read_text()):
    person = User(user_name="ada", title="Clerk", emails=[Email(value="ada@example.org", type="work", primary=True)])
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [request]}
    PatchOp[User].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST).patch(person)
    addresses = [f"{one.value} primary" if one.primary else str(one.value) for one in person.emails]
    print("scim2-models:", "; ".join([f"title is {person.title}", *addresses]))
END

(node patch.js && venv/bin/python patch.py) | tee seen
diff expected seen
