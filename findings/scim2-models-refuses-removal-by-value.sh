#!/usr/bin/env bash
# What: scim2-models 0.12.3 reads the PATCH with which Microsoft Entra ID takes one person out of a group: "remove", the path
#   "members" and, as the value, a list with that person. Beside it the form of RFC 7644, with a filter in the path, as Okta sends it.
# Seen: 2026-11-29, Python 3.11: the first is refused as invalid, the second removes the member.
# Why it surprises: the value of a "remove" is neither asked for nor forbidden by RFC 7644, section 3.5.2.2, and large directories send it
#   for years. A server that answers 400 keeps the member, and whoever left a team keeps what the team may see.
#   Rewrite such an operation into one with a filter before the models read it. (Without that, to ignore the value would be worse: a bare
#   "remove members" empties the group.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "scim2-models==0.12.3"

cat > expected << 'END'
a list as value: refused (scim_invalidValue)
a filter in the path: members left: ['bea']
END

cat > remove.py << 'END'
from pydantic import ValidationError
from scim2_models import Context, Group, PatchOp


def left(operation):
    group = Group(display_name="Depot", members=[{"value": "ada"}, {"value": "bea"}])
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
    try:
        PatchOp[Group].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST).patch(group)
    except ValidationError as problem:
        return f"refused ({problem.errors()[0]['type']})"
    return f"members left: {[member.value for member in group.members]}"


print("a list as value:", left({"op": "remove", "path": "members", "value": [{"value": "ada"}]}))
print("a filter in the path:", left({"op": "remove", "path": 'members[value eq "ada"]'}))
END

venv/bin/python remove.py | tee seen
diff expected seen
