"""A quiz as its author checks it: its rules in words, one draw as an example, and everything that it may ask."""

from dataclasses import dataclass

from flask import request, url_for

from app.course_pages.rendering import ReadyCourse
from app.manage.publishing.question_preview import QuestionPreview, question_preview
from courses.content.model.quiz_draw import drawn_questions
from courses.quizzes.sentences import rules_in_words


@dataclass(frozen=True)
class QuizPreview:
    """A quiz and its questions. ``drawn`` are those of the example draw, in the order in which they are asked."""

    id: str
    title: str
    rules: list[str]
    draw: int
    drawn: tuple[tuple[str, QuestionPreview | None], ...]
    others: tuple[tuple[str, QuestionPreview | None], ...]
    another_url: str


def quiz_preview(course: ReadyCourse, quiz_id: str | None, draw: int) -> QuizPreview | None:
    """The quiz of a screen with an example draw; nothing is stored. ``None`` when the screen has no quiz."""
    document = course.document
    quiz = document.quizzes.get(quiz_id or "")
    if quiz is None:
        return None
    drawn = drawn_questions(quiz, document.questions, f"preview/{draw}")
    others = [key for key in quiz.bank(document.questions) if key not in drawn]

    def previews(keys: tuple[str, ...] | list[str]) -> tuple[tuple[str, QuestionPreview | None], ...]:
        return tuple(
            (key, question_preview(course, document.questions[key])) for key in keys if key in document.questions
        )

    values = {**(request.view_args or {}), **request.args, "draw": draw + 1}
    skippable = [course.words(module.title) for module in document.modules if module.id in quiz.pre_test_for]
    return QuizPreview(
        id=quiz.id,
        title=course.words(quiz.title),
        rules=rules_in_words(quiz, skippable),
        draw=draw,
        drawn=previews(drawn),
        others=previews(others),
        another_url=url_for(request.endpoint or "", **values),
    )
