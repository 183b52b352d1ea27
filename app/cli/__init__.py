"""The commands, after ``flask --app wsgi``.

badge-key, certificates, content-report, course, demo, doctor, people, prepare, scheduler,
signing-test-key, worker.

They print sentences.
"""

from flask import Flask

from app.cli import badge_key, certificates, content_report, course, demo, doctor, people, processes, signing_key


def init_app(app: Flask) -> None:
    """Add the commands to ``flask --app wsgi``."""
    for command in (
        badge_key.badge_key,
        certificates.certificates,
        content_report.content_report,
        course.course,
        demo.demo,
        demo.prepare,
        doctor.doctor,
        people.people,
        processes.worker,
        processes.scheduler,
        signing_key.signing_test_key,
    ):
        app.cli.add_command(command)
