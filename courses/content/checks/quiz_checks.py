"""Rules for quizzes: where they stand, which questions they can ask, and policies that fit together."""

from courses.content.format.draft import Draft, Named, QuizDraft
from courses.content.model.course import QuestionBlock
from courses.content.model.quiz import Draw, Quiz
from courses.content.model.quiz_draw import is_large_enough
from courses.content.source.findings import Findings, Place
from courses.marking.question import Question


def quizzes_of(draft: Draft) -> dict[str, Quiz]:
    """The quizzes that could be read, by id."""
    quizzes: dict[str, Quiz] = {}
    for one in draft.quizzes:
        if one.quiz is not None:
            quizzes.setdefault(one.quiz.id, one.quiz)
    return quizzes


def questions_in_quizzes(draft: Draft) -> set[str]:
    """The ids of the questions that some quiz may ask; they need no screen of their own."""
    questions = _questions(draft)
    return {key for quiz in quizzes_of(draft).values() for key in quiz.bank(questions)}


def check_quizzes(draft: Draft, findings: Findings) -> None:
    """Note everything that is wrong with quizzes, and with what questions say for them."""
    _check_places(draft, findings)
    modules = {module.front.id for module in draft.modules if module.front is not None}
    for question in draft.questions:
        outcome = question.question.outcome if question.question else None
        if outcome not in (None, *modules) and _knows_modules(draft):
            findings.error(
                question.place,
                f"The outcome {outcome} of {question.id} is no module of this course. "
                "Write the id of a module, such as RE-M1.",
            )
    for one in draft.quizzes:
        if one.quiz is not None:
            _check_questions(draft, one, one.quiz, findings)
            _check_policy(one, one.quiz, findings)
            _check_pre_test(one, one.quiz, modules if _knows_modules(draft) else None, findings)


def _knows_modules(draft: Draft) -> bool:
    """Whether the id of every module could be read."""
    return draft.is_read("modules/") and all(module.front is not None for module in draft.modules)


def _questions(draft: Draft) -> dict[str, Question]:
    return {one.question.id: one.question for one in draft.questions if one.question is not None}


def _check_places(draft: Draft, findings: Findings) -> None:
    known = {one.id for one in draft.quizzes if one.id}
    placed: dict[str, Place] = {}
    for screen in (screen for module in draft.modules for screen in module.screens):
        if (
            screen.quizzes
            and len(screen.questions) + len(screen.reflections) + len(screen.personal) + len(screen.quizzes) > 1
        ):
            findings.error(
                screen.quizzes[0].place,
                "A quiz is the only thing to answer on its screen. Move the questions, reflections and other "
                "quizzes to screens of their own.",
            )
        for named in screen.quizzes:
            _check_place(named, known, placed, findings, is_read=draft.is_read("quizzes/"))
    for one in draft.quizzes:
        if one.id and one.id not in placed and draft.is_read("modules/"):
            findings.error(one.place(), f"The quiz {one.id} is on no screen. Put “::: quiz {one.id}” and “:::” on one.")


def _check_place(named: Named, known: set[str], placed: dict[str, Place], findings: Findings, *, is_read: bool) -> None:
    if named.id not in known and is_read:
        findings.error(named.place, f"No quiz file has a quiz {named.id}. Write it, or correct the id.")
    elif named.id in placed:
        where = placed[named.id]
        findings.error(
            named.place,
            f"The quiz {named.id} is placed on line {where.line} of {where.file} already. Remove one of the two.",
        )
    placed.setdefault(named.id, named.place)


def _check_questions(draft: Draft, one: QuizDraft, quiz: Quiz, findings: Findings) -> None:
    questions, known = _questions(draft), {question.id for question in draft.questions}
    if not quiz.length:
        findings.error(one.place(), f"The quiz {quiz.id} asks nothing. Add “questions” or “draw”.")
    for key in sorted(_for_some_people(draft).intersection(quiz.bank(questions))):
        findings.error(
            one.place(),
            f"{key} is only for people who completed some course, and a quiz asks everybody the same. "
            "Leave it out, or take its tag and outcome off.",
        )
    for number, key in enumerate(quiz.questions):
        place = one.place("questions", number)
        question = questions.get(key)
        if key not in known and draft.is_read("questions/"):
            findings.error(place, f"No question file has a question {key}. Write it, or correct the id.")
        elif key in quiz.questions[:number]:
            findings.error(place, f"The question {key} is listed twice. Remove one of the two.")
        elif question is not None and question.about == "reflection":
            findings.error(place, f"{key} is about reflection, and no quiz marks what people believe. Remove it.")
        elif question is not None and question.branching is not None:
            findings.error(place, f"{key} is a branching story, which is taken step by step on a screen. Remove it.")
        elif question is not None and not question.scored:
            findings.error(place, f"{key} has “scored: false”, and a quiz counts every question. Remove it.")
    if not draft.is_read("questions/"):
        return
    sizes_are_known = [_check_draw(one, number, draw, questions, findings) for number, draw in enumerate(quiz.draws)]
    if all(sizes_are_known) and not is_large_enough(quiz, questions):
        findings.error(
            one.place("draw"),
            "The draws and listed questions of this quiz want the same questions, and there are not enough for all. "
            "Ask for fewer, or tag more.",
        )


def _for_some_people(draft: Draft) -> set[str]:
    """The ids of role questions: see ``files/role_questions.py``."""
    blocks = [block for module in draft.modules for screen in module.screens for block in screen.screen.blocks]
    return {block.question_id for block in blocks if isinstance(block, QuestionBlock) and block.courses}


def _check_draw(one: QuizDraft, number: int, draw: Draw, questions: dict[str, Question], findings: Findings) -> bool:
    """Whether this draw alone can be filled; what is wrong with it is noted."""
    place = one.place("draw", number)
    if draw.tag is None and draw.outcome is None:
        findings.error(place, "Say which questions to draw: add “tag” or “outcome”.")
        return False
    named = [("tag", draw.tag, {tag for question in questions.values() for tag in question.tags})]
    named += [("outcome", draw.outcome, {question.outcome or "" for question in questions.values()})]
    unknown = [(key, value) for key, value, known in named if value is not None and value not in known]
    for key, value in unknown:
        findings.error(
            one.place("draw", number, key),
            f"No question has the {key} “{value}”. Add it to questions, or correct it here.",
        )
    size = sum(draw.takes(question) for question in questions.values())
    if not unknown and size < draw.count:
        findings.error(
            one.place("draw", number, "count"),
            f"This draws {draw.count} questions, but only {size} that are scored fit. Ask for fewer, or tag more.",
        )
    return not unknown and size >= draw.count


def _check_policy(one: QuizDraft, quiz: Quiz, findings: Findings) -> None:
    if quiz.mode == "check" and quiz.optional:
        findings.error(
            one.place("optional"),
            "A check has to be passed, so it cannot be optional. Remove this, or write “practice”.",
        )
    if quiz.mode == "check" and not quiz.pass_percent:
        findings.error(
            one.place("pass_percent"), "Everybody would pass this check. Give a share, or write “mode: practice”."
        )


def _check_pre_test(one: QuizDraft, quiz: Quiz, modules: set[str] | None, findings: Findings) -> None:
    for number, key in enumerate(quiz.pre_test_for):
        if modules is not None and key not in modules:
            place = one.place("pre_test_for", number)
            findings.error(place, f"There is no module {key} in this course. Correct the id.")
    if quiz.pre_test_for and not quiz.pass_percent:
        findings.error(
            one.place("pass_percent"), "Everybody would pass this pre-test and could skip modules. Give a share."
        )
