"""Taking quizzes: sittings and their answers, the policy of tries, adjustments for one person, and skipping modules.

What a quiz *is* stands in ``courses/content/model/quiz.py``; how its questions are marked in ``courses/marking``.
"""
