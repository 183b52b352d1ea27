#!/usr/bin/env bash
# What: ics 0.7.3 reads a meeting on a summer morning at 9 as Outlook sends it in Britain (TZID “GMT Standard Time”, with the VTIMEZONE that
#   says what that is), and a reminder at 9 wherever somebody is (a time without a zone). icalendar 7.3.2 reads the same.
# Seen: 2026-11-30, Python 3.11: both are 09:00 UTC to ics, and it writes both back with a Z. icalendar reads 09:00 at +01:00, and a time
#   without a zone.
# Why it surprises: the VTIMEZONE in the file is what counts for the name beside it (RFC 5545, section 3.2.19), and ics reads it without
#   complaint, into a list of its own; the event is read before. In winter nothing is wrong. From April on every invitation
#   of Outlook is an hour late. A time without a zone is not UTC either (section 3.3.5). Read calendar files of others with icalendar.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "ics==0.7.3" "icalendar==7.3.2" "tzdata==2026.6"

cat > expected << 'END'
Outlook: icalendar 2026-07-01T09:00:00+01:00, ics 2026-07-01T09:00:00+00:00
Anywhere: icalendar 2026-07-01T09:00:00, ics 2026-07-01T09:00:00+00:00
ics writes DTSTART:20260701T090000Z
ics writes DTSTART:20260701T090000Z
END

cat > read.py << 'END'
import icalendar
import ics

ZONE = """BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
EVENT = """BEGIN:VEVENT
UID:{name}@example.org
DTSTAMP:20260101T000000Z
DTSTART{zone}:20260701T090000
DTEND{zone}:20260701T100000
SUMMARY:{name}
END:VEVENT
"""
events = EVENT.format(name="Outlook", zone=";TZID=GMT Standard Time") + EVENT.format(name="Anywhere", zone="")
text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example.org//Meetings//EN\n{ZONE}{events}END:VCALENDAR\n".replace("\n", "\r\n")

calendar = ics.Calendar(text)
for event in icalendar.Calendar.from_ical(text).events:
    other = next(one for one in calendar.events if one.name == event["SUMMARY"])
    print(f"{event['SUMMARY']}: icalendar {event.start.isoformat()}, ics {other.begin.isoformat()}")
for line in calendar.serialize().splitlines():
    if line.startswith("DTSTART"):
        print("ics writes", line)
END

venv/bin/python -W ignore read.py | tee seen
diff expected seen
