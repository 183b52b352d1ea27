#!/usr/bin/env bash
# What: icalendar 7.3.2 and recurring-ical-events 3.8.2 read night shifts of eight hours (DURATION:PT8H) over the two nights in which the
#   clocks change in London. node-ical 0.26.1 reads the same file, and in it a day (DURATION:P1D) that begins on the eve at noon.
# Seen: 2026-11-30, Python 3.11 and Node 20.20.2: both Python libraries end the shift in March after seven hours and that in October after
#   nine. node-ical gives both eight hours, and ends the day of P1D at 13:00 instead of noon.
# Why it surprises: RFC 5545, section 3.3.6, has two kinds of durations: days and weeks follow the calendar, hours are hours. In Python both
#   become a timedelta, and adding that to a local time moves the hands of the clock. Each library is right about the half that
#   the other gets wrong. For hours add in UTC, for days in local time, and read from the file which of them stands there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "icalendar==7.3.2" "recurring-ical-events==3.8.2" "tzdata==2026.6"
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit --ignore-scripts "node-ical@0.26.1"

cat > expected << 'END'
icalendar: March ends 05:00 UTC, after 7.0 hours
icalendar: October ends 06:00 UTC, after 9.0 hours
icalendar: Day ends 11:00 UTC, after 23.0 hours
recurring-ical-events: March ends 05:00 UTC, after 7.0 hours
recurring-ical-events: October ends 06:00 UTC, after 9.0 hours
recurring-ical-events: Day ends 11:00 UTC, after 23.0 hours
node-ical: March ends 06:00 UTC, after 8.0 hours
node-ical: October ends 05:00 UTC, after 8.0 hours
node-ical: Day ends 12:00 UTC, after 24.0 hours
END

cat > write.py << 'END'
from pathlib import Path

ZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:19961027T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""
EVENT = """BEGIN:VEVENT
UID:{name}@example.org
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/London:{start}
DURATION:{duration}
SUMMARY:{name}
END:VEVENT
"""
events = (("March", "20260328T220000", "PT8H"), ("October", "20261024T220000", "PT8H"), ("Day", "20260328T120000", "P1D"))
body = ZONE + "".join(EVENT.format(name=name, start=start, duration=duration) for name, start, duration in events)
file = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example.org//Shifts//EN\n{body}END:VCALENDAR\n"
Path("shifts.ics").write_bytes(file.replace("\n", "\r\n").encode())
END

cat > read.py << 'END'
from datetime import UTC
from pathlib import Path

import icalendar
import recurring_ical_events

calendar = icalendar.Calendar.from_ical(Path("shifts.ics").read_bytes())
found = recurring_ical_events.of(calendar).between((2026, 1, 1), (2027, 1, 1))
for reader, events in (("icalendar", calendar.events), ("recurring-ical-events", found)):
    for name in ("March", "October", "Day"):
        event = next(one for one in events if one["SUMMARY"] == name)
        start, end = event.start.astimezone(UTC), event.end.astimezone(UTC)
        print(f"{reader}: {name} ends {end:%H:%M} UTC, after {(end - start).total_seconds() / 3600} hours")
END

cat > read.js << 'END'
import ical from "node-ical";

for (const { type, start, end, summary } of Object.values(ical.sync.parseFile("shifts.ics"))) {
  if (type !== "VEVENT") continue;
  console.log(`node-ical: ${summary} ends ${end.toISOString().slice(11, 16)} UTC, after ${((end - start) / 3.6e6).toFixed(1)} hours`);
}
END

venv/bin/python write.py
(venv/bin/python read.py && node read.js) | tee seen
diff expected seen
