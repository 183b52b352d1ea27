"""A course that each reader meets in their own way, and somebody who has just begun it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from tests.builders import region
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

COURSE = "/courses/test-course"
FIRST = f"{COURSE}/first-steps"
CAPTION = "People in each area"

SETS = """
examples:
  - {id: libraries, name: Libraries, default: true}
  - {id: parks, name: Parks and depots}
tokens:
  colleague:
    sets: {libraries: Rukhsana at the enquiry desk, parks: Derek at the depot}
modules:"""

SCREENS = """---
id: TC-M1
slug: first-steps
title: First steps
minutes: 4
---
# Detail: what happened {#TC-M1-S1}

::: detail racist violence
The short version in one sentence.
:::

The whole of it, with {{colleague}}.

# Areas {#TC-M1-S2}

::: table own-first sortable People in each area
| Area | Residents | Share |
| --- | --- | --- |
| Halton | 128,478 | 6.4% (8,177) |
| St Helens | 183,248 | 6.3% (11,702) |
| City region | 1,551,764 | 12.2% (189,140) |

[1] has [2] residents.
:::

::: table sortable folded A second table
| Name | Figure |
| --- | --- |
| **Beta** | 2 |
| Alpha | 10 |
:::

# Your examples {#TC-M1-S3}

::: examples
The stories can take place in your own kind of work.
:::

# A story {#TC-M1-S4}

You work with {{colleague}}.

# A question {#TC-M1-S5}

::: question TC-M1-Q1
:::
"""


@pytest.fixture
def enter(browser: Browser, session: Session) -> Callable[[str], Browser]:
    """Somebody of an authority who has just begun the course."""
    a_course(session, course=region.COURSE.replace("modules:", SETS.strip("\n")), first=SCREENS)

    def begin(slug: str) -> Browser:
        unit = a_unit(session, an_organisation(session, slug, slug))
        account: Account = an_account(session, a_person(session, unit))
        session.commit()
        browser.enter_as(account)
        browser.submit(COURSE, "Start this course")
        return browser

    return begin
