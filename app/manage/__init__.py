"""Pages for those who publish courses (authors) and look after wording and certificates (admins)."""

from flask import Blueprint

from app.manage.bundles import copying, downloading, guide, uploading
from app.manage.certificates import changes, files, queue
from app.manage.certificates import look as certificate_look
from app.manage.certificates import sample as certificate_sample
from app.manage.comparing import changes as version_changes
from app.manage.platform import administration, audit, counts, local_wording, messages, parked, quiz_tries, retention
from app.manage.publishing import (
    comments,
    courses,
    facts,
    glossary_preview,
    items,
    previewing,
    publishing,
    ratings,
)
from app.manage.requirements import asking, changing

blueprint = Blueprint("manage", __name__, url_prefix="/manage")

blueprint.add_url_rule("", view_func=administration.administration)
blueprint.add_url_rule("/find", view_func=administration.found)
blueprint.add_url_rule("/courses", view_func=courses.courses)
blueprint.add_url_rule("/courses/<slug>", view_func=courses.course, methods=["GET", "POST"])
blueprint.add_url_rule("/courses/<slug>/versions/<int:version_number>", view_func=courses.course_version)
blueprint.add_url_rule(
    "/courses/<slug>/versions/<int:version_number>/preview/<module_slug>/<int:screen_number>",
    view_func=previewing.preview_version,
)

a_version = "/courses/<slug>/versions/<int:version_number>"
blueprint.add_url_rule(f"{a_version}/comments", view_func=comments.course_comments)
blueprint.add_url_rule(f"{a_version}/files", view_func=downloading.version_bundle)
blueprint.add_url_rule(f"{a_version}/changes", view_func=version_changes.version_differences)
blueprint.add_url_rule(f"{a_version}/copy", view_func=copying.copy_version, methods=["GET", "POST"])

asked = "/courses/<slug>/requirements"
blueprint.add_url_rule(asked, view_func=asking.requirement_asked, methods=["GET", "POST"])
of_one = f"{asked}/<organisation_slug>"
blueprint.add_url_rule(of_one, view_func=changing.requirement, methods=["GET", "POST"])
blueprint.add_url_rule(f"{of_one}/withdraw", view_func=changing.requirement_withdrawn, methods=["GET", "POST"])

questions = "/courses/<slug>/items"
blueprint.add_url_rule(questions, view_func=items.items)
blueprint.add_url_rule(f"{questions}.csv", view_func=items.items_csv)
blueprint.add_url_rule(f"{questions}.xlsx", view_func=items.items_xlsx)
blueprint.add_url_rule(f"{questions}/<question_id>", view_func=items.item)
blueprint.add_url_rule("/courses/<slug>/items-status", view_func=items.items_status)
blueprint.add_url_rule("/courses/<slug>/count-items", view_func=items.count_items, methods=["POST"])

blueprint.add_url_rule("/courses/upload", view_func=uploading.upload_course, methods=["GET", "POST"])
blueprint.add_url_rule("/courses/format", view_func=guide.course_format)
blueprint.add_url_rule("/courses/format/schema", view_func=guide.course_schema)
blueprint.add_url_rule("/courses/example", view_func=guide.example_course)
blueprint.add_url_rule("/uploads/<int:upload_id>", view_func=publishing.upload, methods=["GET", "POST"])
blueprint.add_url_rule("/uploads/<int:upload_id>/changes", view_func=version_changes.upload_differences)
blueprint.add_url_rule("/uploads/<int:upload_id>/files", view_func=downloading.upload_bundle)
blueprint.add_url_rule("/uploads/<int:upload_id>/discard", view_func=publishing.discard_upload, methods=["POST"])
blueprint.add_url_rule(
    "/uploads/<int:upload_id>/preview/<module_slug>/<int:screen_number>", view_func=previewing.preview_upload
)

blueprint.add_url_rule("/uploads/<int:upload_id>/glossary", view_func=glossary_preview.glossary_of_upload)
blueprint.add_url_rule(
    "/courses/<slug>/versions/<int:version_number>/glossary", view_func=glossary_preview.glossary_of_version
)

blueprint.add_url_rule("/facts", view_func=facts.facts)

blueprint.add_url_rule("/local-wording", view_func=local_wording.local_texts)
blueprint.add_url_rule("/local-wording/<slug>", view_func=local_wording.local_text, methods=["GET", "POST"])

blueprint.add_url_rule("/audit", view_func=audit.audit)
blueprint.add_url_rule("/audit.csv", view_func=audit.audit_csv)
blueprint.add_url_rule("/retention", view_func=retention.retention)
blueprint.add_url_rule("/retention/<kind_name>", view_func=retention.retention_rule, methods=["GET", "POST"])

blueprint.add_url_rule("/quiz-tries", view_func=quiz_tries.quiz_tries, methods=["GET", "POST"])
blueprint.add_url_rule("/quiz-tries/<int:attempt_id>/<quiz_id>", view_func=quiz_tries.quiz_try, methods=["GET", "POST"])

blueprint.add_url_rule("/certificates-for-many", view_func=administration.certificates_for_many)
blueprint.add_url_rule("/hr-files", view_func=administration.hr_files)
blueprint.add_url_rule("/past-learning", view_func=administration.past_learning)
blueprint.add_url_rule("/first-sign-in", view_func=administration.first_sign_in)
blueprint.add_url_rule("/structure", view_func=administration.structure)
blueprint.add_url_rule("/ratings", view_func=ratings.ratings)
blueprint.add_url_rule("/certificates", view_func=queue.certificate_queue)
checks = "/certificates/checks"
blueprint.add_url_rule(checks, view_func=files.certificate_checks)
blueprint.add_url_rule(f"{checks}/again", view_func=files.certificate_check_again, methods=["POST"])
blueprint.add_url_rule(f"{checks}/recreate-all", view_func=files.certificate_recreate_all, methods=["POST"])
blueprint.add_url_rule("/certificates/retry-all", view_func=queue.certificate_retry_all, methods=["POST"])
blueprint.add_url_rule("/certificates/<certificate_number>", view_func=changes.certificate)
blueprint.add_url_rule(
    "/certificates/<certificate_number>/recreate", view_func=files.certificate_recreate, methods=["POST"]
)
blueprint.add_url_rule("/certificates/<certificate_number>/retry", view_func=queue.certificate_retry, methods=["POST"])
blueprint.add_url_rule(
    "/certificates/<certificate_number>/<act>", view_func=changes.certificate_change, methods=["GET", "POST"]
)

blueprint.add_url_rule("/messages", view_func=messages.messages)
blueprint.add_url_rule("/messages/retry-all", view_func=messages.message_retry_all, methods=["POST"])
blueprint.add_url_rule("/messages/<int:message_id>/retry", view_func=messages.message_retry, methods=["POST"])

blueprint.add_url_rule("/counts", view_func=counts.counts)
blueprint.add_url_rule("/parked", view_func=parked.parked)
blueprint.add_url_rule("/parked/<kind_name>/retry-all", view_func=parked.parked_retry_all, methods=["POST"])
blueprint.add_url_rule("/parked/<kind_name>/<int:task_id>/retry", view_func=parked.parked_retry, methods=["POST"])

look = "/certificate-looks/<slug>"
blueprint.add_url_rule("/certificate-looks", view_func=certificate_look.certificate_looks)
blueprint.add_url_rule(look, view_func=certificate_look.certificate_look, methods=["GET", "POST"])
blueprint.add_url_rule(f"{look}/preview", view_func=certificate_look.certificate_look_region, methods=["POST"])
blueprint.add_url_rule(f"{look}/restore", view_func=certificate_look.certificate_look_restore, methods=["POST"])
sample = f"{look}/samples/<int:preview_id>"
blueprint.add_url_rule(sample, view_func=certificate_sample.certificate_sample)
blueprint.add_url_rule(f"{sample}/status", view_func=certificate_sample.certificate_sample_status)
blueprint.add_url_rule(f"{sample}/file", view_func=certificate_sample.certificate_sample_file)
