"""A small course that asks learners about themselves, for tests of ratings, plans and their figures."""

from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome, publish
from courses.content.bundle.reading import read_bundle
from tests.builders.region import FIRST, NOON, bundle_files

STATEMENTS = """
- id: TC-C
  title: Where I am now
  stem: How far do you agree?
  looking_back: How was it before?
  statements:
    - {id: C1, text: I can speak up}
    - {id: C2, text: I can step in, looks_back: true}
- id: TC-D
  title: What I have done
  stem: Have you done this?
  statements:
    - id: D1
      text: Used your plan
      choices: [{id: did, text: "Yes"}, {id: did-not, text: "No"}]
"""
SCREENS = """# Where I am {#TC-M1-S1}

::: statements TC-C before
:::

# Where I am, again {#TC-M1-S4}

::: statements TC-C after
:::

::: statements TC-C looking-back
:::

::: statements TC-D later
:::

::: change TC-C
:::

# My plan {#TC-M1-S5}

::: plan TC-PLAN
:::

# How is it going {#TC-M1-S6}

::: my-plan TC-PLAN
:::

::: plan-check TC-PLAN
:::
"""
PLANS = """
- id: TC-PLAN
  title: My plan
  ideas:
    - role: For everyone
      ideas:
        - {situation: a name is new to me, action: ask how to say it}
  checks: [Does it name a moment?]
  obstacles:
    - {id: time, text: Time, tip: Make it **smaller**.}
    - {id: other, text: Something else}
"""


def a_course_about_oneself(session: Session) -> PublishOutcome:
    """The test course with statements on its first two screens and a plan on the next two."""
    first = FIRST.replace("# Hello {#TC-M1-S1}\n\nWelcome to {{authority_name}}.\n", SCREENS)
    outcome = read_bundle(
        {**bundle_files(first=first), "statements.yaml": STATEMENTS.encode(), "plans.yaml": PLANS.encode()}
    )
    assert outcome.document is not None, outcome.findings
    return publish(session, document=outcome.document, account_id=None, now=NOON)
