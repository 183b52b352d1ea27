#!/usr/bin/env bash
# What: fsspec 2026.9.0 with paramiko 5.1.0: two options that fsspec gives to every file system, use_listings_cache and listings_expiry_time,
#   are given to its SFTP file system, and for comparison to its file systems for zips, local folders and memory.
# Seen: 2026-11-29, Python 3.11: the SFTP file system hands them on to paramiko, which refuses them with a TypeError before it connects to
#   anything; the other three take them.
# Why it surprises: the base class documents both options for its constructor, to be used "if the implementation supports" caching, and most
#   implementations that cache nothing take and ignore them. A folder that is watched for new files wants no cache of listings, so the
#   setting that works for a local folder stops all fetching from a server. Leave them out for SFTP, which caches no listings.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "fsspec==2026.9.0" "paramiko==5.1.0"

cat > expected << 'END'
file use_listings_cache: taken
file listings_expiry_time: taken
memory use_listings_cache: taken
memory listings_expiry_time: taken
zip use_listings_cache: taken
zip listings_expiry_time: taken
sftp use_listings_cache: TypeError: SSHClient.connect() got an unexpected keyword argument 'use_listings_cache'
sftp listings_expiry_time: TypeError: SSHClient.connect() got an unexpected keyword argument 'listings_expiry_time'
END

cat > options.py << 'END'
import zipfile

import fsspec

with zipfile.ZipFile("staff.zip", "w") as made:
    made.writestr("staff.csv", "Payroll number,Name\n")

OF_EACH = {"file": {}, "memory": {}, "zip": {"fo": "staff.zip"}, "sftp": {"host": "127.0.0.1", "port": 1}}
for protocol, own in OF_EACH.items():
    for name, value in (("use_listings_cache", False), ("listings_expiry_time", 5)):
        try:
            fsspec.filesystem(protocol, **own, **{name: value}, skip_instance_cache=True)
            said = "taken"
        except TypeError as refused:
            said = f"TypeError: {refused}"
        print(f"{protocol} {name}: {said}")
END

venv/bin/python options.py | tee seen
diff expected seen
