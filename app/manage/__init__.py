"""Pages for those who publish courses (authors) and look after wording and certificates (admins)."""

from flask import Blueprint

from app.manage import (
    administration,
    certificate_changes,
    certificate_files,
    certificate_look,
    certificate_queue,
    certificate_sample,
    comments,
    courses,
    facts,
    glossary_preview,
    items,
    messages,
    previewing,
    publishing,
    quiz_tries,
    ratings,
    uploading,
    wording,
)

blueprint = Blueprint("manage", __name__, url_prefix="/manage")

blueprint.add_url_rule("", view_func=administration.administration)
blueprint.add_url_rule("/courses", view_func=courses.courses)
blueprint.add_url_rule("/courses/<slug>", view_func=courses.course, methods=["GET", "POST"])
blueprint.add_url_rule("/courses/<slug>/versions/<int:number>", view_func=courses.course_version)
blueprint.add_url_rule(
    "/courses/<slug>/versions/<int:number>/preview/<module_slug>/<int:screen>",
    view_func=previewing.preview_version,
)

blueprint.add_url_rule("/courses/<slug>/versions/<int:number>/comments", view_func=comments.course_comments)

questions = "/courses/<slug>/items"
blueprint.add_url_rule(questions, view_func=items.items)
blueprint.add_url_rule(f"{questions}.csv", view_func=items.items_csv)
blueprint.add_url_rule(f"{questions}/<question_id>", view_func=items.item)
blueprint.add_url_rule("/courses/<slug>/items-status", view_func=items.items_status)
blueprint.add_url_rule("/courses/<slug>/count-items", view_func=items.count_items, methods=["POST"])

blueprint.add_url_rule("/courses/upload", view_func=uploading.upload_course, methods=["GET", "POST"])
blueprint.add_url_rule("/uploads/<int:upload_id>", view_func=publishing.upload, methods=["GET", "POST"])
blueprint.add_url_rule("/uploads/<int:upload_id>/discard", view_func=publishing.discard_upload, methods=["POST"])
blueprint.add_url_rule(
    "/uploads/<int:upload_id>/preview/<module_slug>/<int:screen>", view_func=previewing.preview_upload
)

blueprint.add_url_rule("/uploads/<int:upload_id>/glossary", view_func=glossary_preview.glossary_of_upload)
blueprint.add_url_rule("/courses/<slug>/versions/<int:number>/glossary", view_func=glossary_preview.glossary_of_version)

blueprint.add_url_rule("/facts", view_func=facts.facts)

blueprint.add_url_rule("/local-wording", view_func=wording.local_texts)
blueprint.add_url_rule("/local-wording/<slug>", view_func=wording.local_text, methods=["GET", "POST"])

blueprint.add_url_rule("/quiz-tries", view_func=quiz_tries.quiz_tries, methods=["GET", "POST"])
blueprint.add_url_rule("/quiz-tries/<int:attempt_id>/<quiz_id>", view_func=quiz_tries.quiz_try, methods=["GET", "POST"])

blueprint.add_url_rule("/certificates-by-the-thousand", view_func=administration.certificates_by_the_thousand)
blueprint.add_url_rule("/ratings", view_func=ratings.ratings)
blueprint.add_url_rule("/certificates", view_func=certificate_queue.certificate_queue)
checks = "/certificates/checks"
blueprint.add_url_rule(checks, view_func=certificate_files.certificate_checks)
blueprint.add_url_rule(f"{checks}/again", view_func=certificate_files.certificate_check_again, methods=["POST"])
blueprint.add_url_rule(f"{checks}/recreate-all", view_func=certificate_files.certificate_recreate_all, methods=["POST"])
blueprint.add_url_rule("/certificates/retry-all", view_func=certificate_queue.certificate_retry_all, methods=["POST"])
blueprint.add_url_rule("/certificates/<number>", view_func=certificate_changes.certificate)
blueprint.add_url_rule(
    "/certificates/<number>/recreate", view_func=certificate_files.certificate_recreate, methods=["POST"]
)
blueprint.add_url_rule("/certificates/<number>/retry", view_func=certificate_queue.certificate_retry, methods=["POST"])
blueprint.add_url_rule(
    "/certificates/<number>/<act>", view_func=certificate_changes.certificate_change, methods=["GET", "POST"]
)

blueprint.add_url_rule("/messages", view_func=messages.messages)
blueprint.add_url_rule("/messages/retry-all", view_func=messages.message_retry_all, methods=["POST"])
blueprint.add_url_rule("/messages/<int:message_id>/retry", view_func=messages.message_retry, methods=["POST"])

look = "/certificate-looks/<slug>"
blueprint.add_url_rule("/certificate-looks", view_func=certificate_look.certificate_looks)
blueprint.add_url_rule(look, view_func=certificate_look.certificate_look, methods=["GET", "POST"])
blueprint.add_url_rule(f"{look}/preview", view_func=certificate_look.certificate_look_region, methods=["POST"])
blueprint.add_url_rule(f"{look}/restore", view_func=certificate_look.certificate_look_restore, methods=["POST"])
sample = f"{look}/samples/<int:preview_id>"
blueprint.add_url_rule(sample, view_func=certificate_sample.certificate_sample)
blueprint.add_url_rule(f"{sample}/status", view_func=certificate_sample.certificate_sample_status)
blueprint.add_url_rule(f"{sample}/file", view_func=certificate_sample.certificate_sample_file)
