#!/usr/bin/env bash
# What: node-ical 0.26.1 reads an event that says where the slides are: S:\training\new starters\notes, escaped as iCalendar wants it.
#   ical.js 2.2.1 and ts-ics 2.4.6 read the same.
# Seen: 2026-11-30, Node 20.20.2: each “\n” of the path is a new line, and its letter n is gone. The other two give the path.
# Why it surprises: in a calendar file a backslash is written as two (RFC 5545, section 3.3.11), so that “\\n” is a backslash and an n, and
#   only “\n” a new line. node-ical looks for “\n” first, and finds it in the second half of “\\n”. Paths of Windows and of network drives
#   are what a council’s calendar is full of; only folders with an n after the backslash break. (ics 0.7.3 of PyPI does the same.)
#   Read the text by a reader that goes from left to right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit --ignore-scripts "node-ical@0.26.1" "ical.js@2.2.1" "ts-ics@2.4.6"

cat > expected << 'END'
written: S:\\training\\new starters\\notes
node-ical: ["S:\\training\\","ew starters\\","otes"]
ical.js: ["S:\\training\\new starters\\notes"]
ts-ics: ["S:\\training\\new starters\\notes"]
END

cat > read.js << 'END'
import ICAL from "ical.js";
import ical from "node-ical";
import { convertIcsCalendar } from "ts-ics";

const written = String.raw`S:\\training\\new starters\\notes`;
const file = [
  "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//Training//EN",
  "BEGIN:VEVENT", "UID:1@example.org", "DTSTAMP:20261130T090000Z", "DTSTART:20261207T090000Z", "DTEND:20261207T100000Z",
  `DESCRIPTION:${written}`,
  "END:VEVENT", "END:VCALENDAR", "",
].join("\r\n");

const show = (reader, text) => console.log(`${reader}: ${JSON.stringify(text.split("\n"))}`);
console.log(`written: ${written}`);
show("node-ical", Object.values(ical.sync.parseICS(file)).find((one) => one.type === "VEVENT").description);
show("ical.js", new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent("vevent").getFirstPropertyValue("description"));
show("ts-ics", convertIcsCalendar(undefined, file).events[0].description);
END

node read.js | tee seen
diff expected seen
