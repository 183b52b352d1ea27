#!/usr/bin/env bash
# What: scorm-again 3.4.3 runs a SCORM 1.2 package that reports a score and a bookmark, asks to be kept, and never sets a status. Once with
#   autoCompleteLessonStatus off, once with it on.
# Seen: 2026-11-30, Node 20.20.2: both end as “not attempted”, and that is what is committed.
# Why it surprises: the README says what the setting does for packages “that never set cmi.core.lesson_status”: “incomplete” without it and
#   “completed” with it. Neither comes: the status has its first value, “not attempted”, which is not the empty one that the
#   library looks for. A package that tracks by its score alone looks as if nobody had opened it. Take “not attempted” after a finish for
#   “incomplete”, and let the rule of the course decide by score.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit "scorm-again@3.4.3"

cat > expected << 'END'
the README: When false (default), the API leaves the status as `incomplete`
the README: when true, it restores the legacy behaviour of auto-upgrading to `completed`
autoCompleteLessonStatus false: not attempted, score 90, committed as not attempted
autoCompleteLessonStatus true: not attempted, score 90, committed as not attempted
END

cat > finish.js << 'END'
import { readFileSync } from "node:fs";
import { Scorm12API } from "scorm-again";

const line = readFileSync("node_modules/scorm-again/README.md", "utf8").split("\n").find((one) => one.includes("`autoCompleteLessonStatus`"));
for (const found of line.matchAll(/(When false[^;]*|when true[^.]*)/g)) console.log("the README:", found[0].trim());

for (const autoCompleteLessonStatus of [false, true]) {
  const api = new Scorm12API({ autoCompleteLessonStatus, mastery_override: false, logLevel: 5 });
  api.lmsInitialize();
  api.lmsSetValue("cmi.core.score.raw", "90");
  api.lmsSetValue("cmi.core.lesson_location", "12");
  api.lmsSetValue("cmi.core.exit", "suspend");
  api.lmsFinish();
  const { lesson_status, score } = api.cmi.core;
  const committed = api.renderCommitCMI(true).cmi.core.lesson_status;
  console.log(`autoCompleteLessonStatus ${autoCompleteLessonStatus}: ${lesson_status}, score ${score.raw}, committed as ${committed}`);
}
END

node finish.js | tee seen
diff expected seen
