#!/usr/bin/env bash
# What: scorm-again 3.4.3 takes a SCORM 1.2 package to its end that has a mastery score of 80 and reports 90 and "completed". Once the
#   API is made without settings, once with settings that only quieten its log, once with mastery_override said to be off.
# Seen: 2026-11-29, Node 20.20.2: with the log level alone, "completed" becomes "passed" at the end. Without settings it stays.
# Why it surprises: the README's table of settings gives false as the default of mastery_override. Any settings at all turn it on, and
#   every real page has some (where to commit). The status that a package chose is then replaced, and a course that asks for
#   "completed" never is. Always say mastery_override.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit "scorm-again@3.4.3"

cat > expected << 'END'
no settings: completed
log level: passed
log level, mastery_override false: completed
END

cat > finish.js << 'END'
import { Scorm12API } from "scorm-again";

function finished(api) {
  api.settings.logLevel = 5;
  api.loadFromJSON({ core: { credit: "credit" }, student_data: { mastery_score: "80" } });
  api.lmsInitialize();
  api.lmsSetValue("cmi.core.score.raw", "90");
  api.lmsSetValue("cmi.core.lesson_status", "completed");
  api.lmsFinish();
  return api.cmi.core.lesson_status;
}

console.log("no settings:", finished(new Scorm12API()));
console.log("log level:", finished(new Scorm12API({ logLevel: 5 })));
console.log("log level, mastery_override false:", finished(new Scorm12API({ logLevel: 5, mastery_override: false })));
END

node finish.js | tee seen
diff expected seen
