"""What somebody is told who has just finished a course."""

from flask import flash

from courses.content.model.course import CourseDocument


def say_finished(document: CourseDocument) -> None:
    """Tell somebody on the next page that they have finished a course."""
    thanks = "We are preparing your certificate." if document.certificate else "Thank you."
    flash(f"You have finished {document.title}. {thanks}")
