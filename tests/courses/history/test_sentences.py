"""What a plan of past learning says in words, and of which past figures."""

from courses.history.runs import figures_of, sentences_for
from courses.history.sentences import figure_sentences
from tests.builders.region import a_person
from tests.courses.history.files import planned


def test_the_plan_says_in_words_what_it_does_and_which_past_figures_change(session, halton, care, course):
    for number in range(12):
        a_person(session, care, payroll_number=f"{number:04}")
    lines = [f"{number:04},,,TC,31/03/2024," for number in range(9)]
    run = planned(session, halton, *lines, "0001,,,TC,31/03/2024,", "9999,,,TC,31/03/2024,", "0001,,,TC,soon,")
    assert [one.plain for one in sentences_for(session, run)] == [
        "9 completions are added to people’s records. Test course: 9.",
        "1 row repeats one above it.",
        "1 row is kept as evidence. It belongs to nobody yet, and can be matched by hand.",
        "1 row cannot be used, and changes nothing.",
    ]
    (said,) = figure_sentences(figures_of(run, smallest_shown=10), authority="Halton")
    assert said.endswith(", 0 of the 12 people who count in Halton had finished Test course; with this file 9 had.")
    assert figures_of(run, smallest_shown=13) == ()


def test_figures_of_days_that_were_over_are_rounded_and_few_people_have_none(session, halton, care, course):
    for number in range(61):
        a_person(session, care, payroll_number=f"{number:04}")
    run = planned(session, halton, *(f"{number:04},,,TC,31/03/2024," for number in range(28)))
    found = figures_of(run, smallest_shown=10)
    assert [(one.people, one.before, one.after, one.step) for one in found] == [(60, 0, 30, 10)] * 3 + [(61, 0, 28, 1)]
    assert figure_sentences(found, authority="Halton")[0] == (
        "On 31 March 2024, about 0 of about 60 people who count in Halton had finished Test course;"
        " with this file about 30 had."
    )
    (of_today,) = figures_of(planned(session, halton, "0060,,,TC,31/03/2024,"), smallest_shown=10)
    assert of_today.after == 1
