#!/usr/bin/env bash
# What: govuk-bank-holidays 0.19 is asked, from the data that it brings along, whether Christmas Day is a work day in England.
# Seen: 2026-11-29, Python 3.11: in 2028 no, in 2029 yes. For 2029 it knows no holiday at all, and says nothing about that.
# Why it surprises: the package brings data for machines without a connection, and an unknown year looks like a year without holidays. A due
#   date worked out "30 working days on" is days too early, in the first winter that nobody has upgraded for. Ask for the last year with
#   data first, and refuse what lies after it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "govuk-bank-holidays==0.19"

cat > expected << 'END'
2028: 8 holidays, Christmas Day is a work day: False
2029: 0 holidays, Christmas Day is a work day: True
END

cat > christmas.py << 'END'
from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays

england = BankHolidays.ENGLAND_AND_WALES
calendar = BankHolidays(use_cached_holidays=True)
for year in (2028, 2029):
    known = len(calendar.get_holidays(division=england, year=year))
    is_work_day = calendar.is_work_day(date(year, 12, 25), division=england)
    print(f"{year}: {known} holidays, Christmas Day is a work day: {is_work_day}")
END

venv/bin/python christmas.py | tee seen
diff expected seen
