"""What a quiz says about itself and about how sure people were: the sentences, beside the rules that they state."""

from collections.abc import Iterable, Sequence

from courses.content.model.quiz import Quiz
from courses.quizzes.policy import minutes_in_words
from courses.records.quiz_records import Certainty, QuizAnswer

CERTAINTY_WORDS = {
    Certainty.NOT_SURE: "Not sure",
    Certainty.FAIRLY_SURE: "Fairly sure",
    Certainty.VERY_SURE: "Very sure",
}
_REMARKS = {
    (Certainty.NOT_SURE, True): "You were not sure, and you were right. You know more than you think.",
    (Certainty.NOT_SURE, False): "You were not sure, which was a fair judgement.",
    (Certainty.FAIRLY_SURE, True): "You were fairly sure, and you were right.",
    (Certainty.FAIRLY_SURE, False): "You were fairly sure, and this is easily mixed up.",
    (Certainty.VERY_SURE, True): "You were very sure, and you were right.",
    (Certainty.VERY_SURE, False): "You were very sure, and this is a common mix-up. It is worth another look.",
}
_FEEDBACK = {
    "at-once": "You see what each answer says as soon as you give it. An answer that you have given stands.",
    "on-submit": "You see which answers are right when you hand it in. Until then you can change them.",
    "on-pass": "When you hand it in you see how you did. The answers themselves are shown once you pass.",
}


def certainty_remark(certainty: Certainty, *, is_right: bool) -> str:
    """What feedback says about how sure somebody was. It never blames, and no marks hang on it."""
    return _REMARKS[certainty, is_right]


def certainty_summary(answers: Iterable[QuizAnswer]) -> str | None:
    """One sentence about the answers that somebody was very sure of; ``None`` when there were none."""
    sure = [answer.is_right for answer in answers if answer.certainty is Certainty.VERY_SURE]
    if not sure:
        return None
    if all(sure):
        return f"You were very sure of {_answers(len(sure))}, and {'that was' if len(sure) == 1 else 'all were'} right."
    if len(sure) == 1:
        return "You were very sure of 1 answer, and it is worth another look."
    return f"You were very sure of {_answers(len(sure))}, and {sum(sure) or 'none'} of them {_were(sum(sure))} right."


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _were(count: int) -> str:
    return "was" if count < 2 else "were"


def needed_to_pass(quiz: Quiz, out_of: int) -> int:
    """How many of so many questions have to be right."""
    return -(-quiz.pass_percent * out_of // 100)


def rules_in_words(quiz: Quiz, skippable: Sequence[str]) -> list[str]:
    """The rules of a quiz, a sentence each. ``skippable`` are the titles of the modules that it is a pre-test for."""
    questions = "1 question" if quiz.length == 1 else f"{quiz.length} questions"
    needed = f"{needed_to_pass(quiz, quiz.length)} of {quiz.length}"
    sentences = [f"It has {questions}, and no time limit. You can stop and come back: your answers are saved."]
    if quiz.mode == "check":
        sentences.append(f"You pass with {needed} right, and then you can go on.")
    elif quiz.pre_test_for and skippable:
        titles = " and ".join(f"“{title}”" for title in skippable)
        sentences.append(f"If you know this already, you can skip {titles}: with {needed} right, it is up to you.")
    else:
        sentences.append("It is practice. However many you get right, you can go on.")
    if quiz.optional:
        sentences.append("You can leave it out.")
    if quiz.attempts is not None:
        sentences.append(f"You can take it {'once' if quiz.attempts == 1 else f'{quiz.attempts} times'}.")
    if quiz.pause_minutes:
        sentences.append(f"There is a pause of {minutes_in_words(quiz.pause_minutes)} between two tries.")
    sentences.append(_FEEDBACK[quiz.feedback])
    if quiz.certainty:
        sentences.append("With each answer you say how sure you are. It changes no marks, and it helps you to learn.")
    return sentences
