#!/usr/bin/env bash
# What: scorm-again 3.4.3 (SCORM 1.2) is given back the state that it committed, as a learner comes back twice to look.
# Seen: 2026-11-28, Node 20: ten minutes of learning are 20 minutes after the second visit, and 30 after the third.
# Why it surprises: SCORM 1.2 says that total_time is the sum of earlier sessions, and session_time that of this one; a
#   state that was committed and loaded again is expected to change nothing. The committed tree holds a total with the last
#   session in it and that session as well, and loading it adds the session once more.
#   Take session_time out of the state before it is loaded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit "scorm-again@3.4.3"

cat > visits.js << 'END'
import { Scorm12API } from "scorm-again";

function visit(state) {
  const api = new Scorm12API({ autocommit: false, logLevel: 5 });
  if (state) api.loadFromJSON(JSON.parse(state));
  api.lmsInitialize();
  if (!state) api.lmsSetValue("cmi.core.session_time", "00:10:00");
  const committed = api.renderCommitCMI(true).cmi;
  api.lmsFinish();
  return committed;
}

let state;
for (const number of [1, 2, 3]) {
  const committed = visit(state);
  console.log(`visit ${number}: total ${committed.core.total_time}, session ${committed.core.session_time}`);
  state = JSON.stringify(committed);
}
END

cat > expected << 'END'
visit 1: total 00:10:00, session 00:10:00
visit 2: total 00:20:00, session 00:10:00
visit 3: total 00:30:00, session 00:10:00
END

node visits.js | tee seen
diff expected seen
