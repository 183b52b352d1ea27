"""Pages for HR leads and managers: figures of their own authority or unit, with small groups hidden.

Imports reports and the rooms to its right. Whoever asks for another authority is told that it does not exist.
"""

from flask import Blueprint

from app.council import (
    certificate_archives,
    certificate_desk,
    certificate_issue,
    certificate_reissue,
    certificate_runs,
    downloads,
    overview,
    ratings,
    units,
)

blueprint = Blueprint("council", __name__, url_prefix="/council/<slug>")
blueprint.add_url_rule("", view_func=overview.overview)
blueprint.add_url_rule("/who-counts", view_func=overview.who_counts)
blueprint.add_url_rule("/units", view_func=units.units)
blueprint.add_url_rule("/units/<int:unit_id>", view_func=units.unit)
blueprint.add_url_rule("/completion.csv", view_func=downloads.completion_csv)
blueprint.add_url_rule("/completion.svg", view_func=downloads.completion_svg)
blueprint.add_url_rule("/ratings", view_func=ratings.ratings)
blueprint.add_url_rule("/ratings.svg", view_func=ratings.ratings_svg)

desk = "/certificates"
blueprint.add_url_rule(desk, view_func=certificate_desk.certificates)
issue = certificate_issue.certificates_issue
blueprint.add_url_rule(f"{desk}/issue", view_func=issue, methods=["GET", "POST"])
reissue = certificate_reissue.certificates_reissue
blueprint.add_url_rule(f"{desk}/reissue", view_func=reissue, methods=["GET", "POST"])
run = f"{desk}/runs/<int:run_id>"
blueprint.add_url_rule(run, view_func=certificate_runs.certificate_run)
blueprint.add_url_rule(f"{run}/status", view_func=certificate_runs.certificate_run_status)
blueprint.add_url_rule(f"{run}/<act>", view_func=certificate_runs.certificate_run_change, methods=["POST"])

archive = f"{desk}/zips"
ask_for_zip = certificate_archives.certificates_zip
blueprint.add_url_rule(f"{archive}/new", view_func=ask_for_zip, methods=["GET", "POST"])
blueprint.add_url_rule(f"{archive}/<int:archive_id>", view_func=certificate_archives.certificate_zip)
blueprint.add_url_rule(f"{archive}/<int:archive_id>/status", view_func=certificate_archives.certificate_zip_status)
blueprint.add_url_rule(f"{archive}/<int:archive_id>/file", view_func=certificate_archives.certificate_zip_file)
cancel_zip = certificate_archives.certificate_zip_cancel
blueprint.add_url_rule(f"{archive}/<int:archive_id>/cancel", view_func=cancel_zip, methods=["POST"])
