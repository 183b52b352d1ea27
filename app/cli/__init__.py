"""The commands, after ``flask --app wsgi``: docs/architecture.md lists them. They print sentences."""

from flask import Flask

from app.cli import (
    audit,
    badge_key,
    certificates,
    content_report,
    course,
    demo,
    doctor,
    export,
    feed,
    figures,
    people,
    privacy,
    signing_key,
    units,
)
from app.cli.asked import explain, reminders, requirements
from app.cli.past_learning import earlier_training, history
from app.cli.scheduler import scheduler
from app.cli.worker import worker


def init_app(app: Flask) -> None:
    """Add the commands to ``flask --app wsgi``."""
    for command in (
        audit.audit,
        badge_key.badge_key,
        certificates.certificates,
        content_report.content_report,
        course.course,
        demo.demo,
        demo.prepare,
        doctor.doctor,
        earlier_training.earlier_training,
        explain.explain_command,
        export.export,
        feed.feed,
        figures.figures,
        history.history,
        people.people,
        privacy.privacy,
        reminders.reminders,
        requirements.requirements,
        worker,
        scheduler,
        signing_key.signing_test_key,
        units.units,
    ):
        app.cli.add_command(command)
