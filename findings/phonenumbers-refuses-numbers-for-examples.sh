#!/usr/bin/env bash
# What: phonenumbers 9.0.42 (libphonenumber's data in Python), asked about numbers that Ofcom sets aside for drama and examples: mobiles, among
#   them those that GOV.UK Notify documents for smoke tests and for failures, and lines in Leeds, in London and of no area.
# Seen: 2026-11-30, Python 3.11: all are possible. Those of Leeds and London are valid, of the kind that they are; every mobile and every
#   number of no area (01632) is invalid, and of no kind.
# Why it surprises: they are set aside together, for the same use, and are the only numbers that may stand in demos, tests and documents. A form
#   that asks is_valid_number takes the example of a line and refuses that of a mobile, and Notify's own test numbers never reach Notify. We
#   take the set-aside mobiles beside what is valid.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "phonenumbers==9.0.42"

cat > expected << 'END'
07700 899999: possible True, valid True, mobile True
07700 900000: possible True, valid False, mobile False
07700 900003: possible True, valid False, mobile False
07700 900111: possible True, valid False, mobile False
07700 900999: possible True, valid False, mobile False
0113 496 0123: possible True, valid True, mobile False
020 7946 0123: possible True, valid True, mobile False
01632 960123: possible True, valid False, mobile False
END

cat > ask.py << 'END'
from phonenumbers import (
    PhoneNumberFormat, PhoneNumberType, format_number, is_possible_number, is_valid_number, number_type, parse,
)

for written in (
    "07700899999", "07700900000", "07700900003", "07700900111", "07700900999",
    "01134960123", "02079460123", "01632960123",
):
    number = parse(written, "GB")
    said = format_number(number, PhoneNumberFormat.NATIONAL)
    is_mobile = number_type(number) == PhoneNumberType.MOBILE
    print(f"{said}: possible {is_possible_number(number)}, valid {is_valid_number(number)}, mobile {is_mobile}")
END

venv/bin/python ask.py | tee seen
diff expected seen
