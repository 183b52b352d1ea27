"""Pages for HR leads and managers: figures of their own authority or unit, with small groups hidden.

Imports reports and the rooms to its right. Whoever asks for another authority is told that it does not exist.
"""

from flask import Blueprint

from app.council.api_tokens import page as tokens
from app.council.certificates import admin, runs, zips
from app.council.certificates import issue as certificate_issue
from app.council.certificates import reissue as certificate_reissue
from app.council.enquiries import answering, listing
from app.council.exports import page as exports
from app.council.feed import deciding, files_back, limits, lists, log, mapping, plan, sending, undoing
from app.council.feed.sources import overview as hr_sources
from app.council.feed.sources import setting_up as hr_source
from app.council.figures import (
    authorities,
    downloads,
    downloads_page,
    freshness,
    learning,
    overview,
    ratings,
    target,
    trend,
    units,
)
from app.council.history import earlier, matching, rows_file, uploading
from app.council.history import files as history_files
from app.council.history import run as history_file
from app.council.papers import actions, board, evidence, policy, schedules
from app.council.people import acting, acts, downloaders, downloading, people, person_why, printing, unreached
from app.council.structure import decided, reorganising, tree
from app.council.structure import unit as structure_unit
from app.council.ways_in import choosing, sheets, starting, zip_of_sheets
from app.council.ways_in import overview as first_ways

region = Blueprint("region", __name__, url_prefix="/council")
region.add_url_rule("", view_func=authorities.authorities)

blueprint = Blueprint("council", __name__, url_prefix="/council/<slug>")
blueprint.add_url_rule("", view_func=overview.overview)
blueprint.add_url_rule("/who-counts", view_func=overview.who_counts)
blueprint.add_url_rule("/units", view_func=units.units)
blueprint.add_url_rule("/units/<int:unit_id>", view_func=units.unit)
blueprint.add_url_rule("/trend", view_func=trend.trend)
blueprint.add_url_rule("/freshness", view_func=freshness.freshness)
blueprint.add_url_rule("/freshness.csv", view_func=freshness.freshness_csv)
blueprint.add_url_rule("/learning", view_func=learning.learning)
blueprint.add_url_rule("/target", view_func=target.target, methods=["GET", "POST"])
blueprint.add_url_rule("/downloads", view_func=downloads_page.downloads)
everything = "/downloads/everything"
blueprint.add_url_rule(everything, view_func=exports.exports, methods=["GET", "POST"])
blueprint.add_url_rule(f"{everything}/now", view_func=exports.export_asked, methods=["POST"])
blueprint.add_url_rule(f"{everything}/keys/remove", view_func=exports.export_key_removed, methods=["POST"])
blueprint.add_url_rule(f"{everything}/<int:export_id>/file", view_func=exports.export_file)
asked = "/questions"
blueprint.add_url_rule(asked, view_func=listing.questions)
blueprint.add_url_rule(f"{asked}/new", view_func=listing.question_new, methods=["GET", "POST"])
of_question = f"{asked}/<int:enquiry_id>"
blueprint.add_url_rule(of_question, view_func=answering.question)
blueprint.add_url_rule(f"{of_question}/figures", view_func=answering.question_figure, methods=["POST"])
blueprint.add_url_rule(f"{of_question}/figures/remove", view_func=answering.question_figure_removed, methods=["POST"])
blueprint.add_url_rule(f"{of_question}/draft", view_func=answering.question_drafted, methods=["POST"])
blueprint.add_url_rule(f"{of_question}/answer", view_func=answering.question_answer, methods=["POST"])
blueprint.add_url_rule(f"{of_question}/sent", view_func=answering.question_sent, methods=["POST"])
blueprint.add_url_rule(f"{of_question}/printed", view_func=answering.question_printed)
programs = "/downloads/api"
blueprint.add_url_rule(programs, view_func=tokens.api_tokens, methods=["GET", "POST"])
blueprint.add_url_rule(f"{programs}/revoke", view_func=tokens.api_token_revoked, methods=["POST"])
blueprint.add_url_rule("/people", view_func=people.people)
for_many = "/people/for-many"
blueprint.add_url_rule(for_many, view_func=acts.people_acts)
decide = acting.people_act_new
blueprint.add_url_rule(f"{for_many}/new/<kind>", view_func=decide, methods=["GET", "POST"])
blueprint.add_url_rule(f"{for_many}/<int:act_id>", view_func=acts.people_act)
blueprint.add_url_rule(f"{for_many}/<int:act_id>/status", view_func=acts.people_act_status)
take_act_back = acts.people_act_taken_back
blueprint.add_url_rule(f"{for_many}/<int:act_id>/take-back", view_func=take_act_back, methods=["POST"])
rows = downloading.people_downloaded
blueprint.add_url_rule("/people/rows", view_func=rows, methods=["GET", "POST"])
who_may = downloaders.people_downloaders
blueprint.add_url_rule("/people/rows/who-may", view_func=who_may, methods=["GET", "POST"])
no_more = downloaders.people_downloader_stopped
blueprint.add_url_rule("/people/rows/who-may/stop", view_func=no_more, methods=["POST"])
blueprint.add_url_rule("/people/printed", view_func=printing.people_printed)
blueprint.add_url_rule("/people/not-reached", view_func=unreached.people_unreached)
blueprint.add_url_rule("/people/<int:person_id>", view_func=person_why.person_why)
blueprint.add_url_rule("/completion.csv", view_func=downloads.completion_csv)
blueprint.add_url_rule("/completion.xlsx", view_func=downloads.completion_xlsx)
blueprint.add_url_rule("/completion.svg", view_func=downloads.completion_svg)
blueprint.add_url_rule("/completion.pdf", view_func=board.completion_pdf)
blueprint.add_url_rule("/completion.pdf/status", view_func=board.completion_pdf_status)
duty = "/evidence"
blueprint.add_url_rule(duty, view_func=evidence.evidence, methods=["GET", "POST"])
blueprint.add_url_rule(f"{duty}/policy", view_func=policy.evidence_policy, methods=["GET", "POST"])
blueprint.add_url_rule(f"{duty}/actions", view_func=actions.evidence_actions, methods=["GET", "POST"])
one_action = actions.evidence_action
blueprint.add_url_rule(f"{duty}/actions/<int:action_id>", view_func=one_action, methods=["GET", "POST"])
pack = f"{duty}/packs/<int:paper_id>"
blueprint.add_url_rule(pack, view_func=evidence.evidence_pack)
blueprint.add_url_rule(f"{pack}/status", view_func=evidence.evidence_pack_status)
blueprint.add_url_rule(f"{pack}/file", view_func=evidence.evidence_pack_file)
blueprint.add_url_rule(f"{pack}/cancel", view_func=evidence.evidence_pack_cancel, methods=["POST"])
blueprint.add_url_rule("/reports", view_func=schedules.reports, methods=["GET", "POST"])
stop_report = schedules.report_stopped
blueprint.add_url_rule("/reports/<int:schedule_id>/stop", view_func=stop_report, methods=["POST"])
blueprint.add_url_rule("/reports/files/<int:paper_id>", view_func=schedules.report_file)
blueprint.add_url_rule("/ratings", view_func=ratings.ratings)
blueprint.add_url_rule("/ratings.svg", view_func=ratings.ratings_svg)

certificates = "/certificates"
blueprint.add_url_rule(certificates, view_func=admin.certificates)
issue = certificate_issue.certificates_issue
blueprint.add_url_rule(f"{certificates}/issue", view_func=issue, methods=["GET", "POST"])
reissue = certificate_reissue.certificates_reissue
blueprint.add_url_rule(f"{certificates}/reissue", view_func=reissue, methods=["GET", "POST"])
run = f"{certificates}/runs/<int:run_id>"
blueprint.add_url_rule(run, view_func=runs.certificate_run)
blueprint.add_url_rule(f"{run}/status", view_func=runs.certificate_run_status)
blueprint.add_url_rule(f"{run}/<act>", view_func=runs.certificate_run_change, methods=["POST"])

archive = f"{certificates}/zips"
ask_for_zip = zips.certificates_zip
blueprint.add_url_rule(f"{archive}/new", view_func=ask_for_zip, methods=["GET", "POST"])
blueprint.add_url_rule(f"{archive}/<int:archive_id>", view_func=zips.certificate_zip)
blueprint.add_url_rule(f"{archive}/<int:archive_id>/status", view_func=zips.certificate_zip_status)
blueprint.add_url_rule(f"{archive}/<int:archive_id>/file", view_func=zips.certificate_zip_file)
cancel_zip = zips.certificate_zip_cancel
blueprint.add_url_rule(f"{archive}/<int:archive_id>/cancel", view_func=cancel_zip, methods=["POST"])

blueprint.add_url_rule("/feed", view_func=sending.feed, methods=["GET", "POST"])
blueprint.add_url_rule("/feed/mapping", view_func=mapping.feed_mapping, methods=["GET", "POST"])
blueprint.add_url_rule("/feed/limits", view_func=limits.feed_limits, methods=["GET", "POST"])
blueprint.add_url_rule("/feed/log", view_func=log.feed_log)
blueprint.add_url_rule("/feed/log.csv", view_func=log.feed_log_file)
hr_file = "/feed/<int:run_id>"
blueprint.add_url_rule(hr_file, view_func=plan.feed_run)
blueprint.add_url_rule(f"{hr_file}/status", view_func=plan.feed_run_status)
blueprint.add_url_rule(f"{hr_file}/decide", view_func=deciding.feed_decide, methods=["GET", "POST"])
blueprint.add_url_rule(f"{hr_file}/undo", view_func=undoing.feed_undo, methods=["GET", "POST"])
blueprint.add_url_rule(f"{hr_file}/to-put-right", view_func=files_back.feed_unusable_file)
blueprint.add_url_rule(f"{hr_file}/record", view_func=files_back.feed_record_file)
blueprint.add_url_rule(f"{hr_file}/who/<about>", view_func=lists.feed_items)

structure = "/structure"
blueprint.add_url_rule(structure, view_func=tree.structure)
blueprint.add_url_rule(f"{structure}/units/<int:unit_id>", view_func=structure_unit.structure_unit)
blueprint.add_url_rule(f"{structure}/units/new", view_func=structure_unit.structure_add, methods=["GET", "POST"])
reshape = f"{structure}/reorganisations"
begin = reorganising.reorganisation_new
blueprint.add_url_rule(f"{reshape}/new", view_func=begin, methods=["GET", "POST"])
blueprint.add_url_rule(f"{reshape}/<int:reorganisation_id>", view_func=decided.reorganisation)
take_back = decided.reorganisation_undo
blueprint.add_url_rule(f"{reshape}/<int:reorganisation_id>/undo", view_func=take_back, methods=["GET", "POST"])

sources = "/feed/sources"
blueprint.add_url_rule(sources, view_func=hr_sources.feed_sources)
new_source = hr_source.feed_source_new
blueprint.add_url_rule(f"{sources}/new/<kind>", view_func=new_source, methods=["GET", "POST"])
blueprint.add_url_rule(f"{sources}/<int:source_id>", view_func=hr_sources.feed_source)
blueprint.add_url_rule(f"{sources}/<int:source_id>/status", view_func=hr_sources.feed_source_status)
change_source = hr_source.feed_source_change
blueprint.add_url_rule(f"{sources}/<int:source_id>/change", view_func=change_source, methods=["GET", "POST"])
blueprint.add_url_rule(f"{sources}/<int:source_id>/<act>", view_func=hr_source.feed_source_act, methods=["POST"])

history = "/history"
blueprint.add_url_rule(history, view_func=history_files.history)
blueprint.add_url_rule(f"{history}/new", view_func=uploading.history_new, methods=["GET", "POST"])
earlier_training = f"{history}/earlier"
blueprint.add_url_rule(earlier_training, view_func=earlier.history_earlier)
change_rule = earlier.history_earlier_rule
blueprint.add_url_rule(f"{earlier_training}/<course_slug>", view_func=change_rule, methods=["GET", "POST"])
file = f"{history}/files/<int:run_id>"
blueprint.add_url_rule(file, view_func=history_file.history_run)
blueprint.add_url_rule(f"{file}/status", view_func=history_file.history_run_status)
blueprint.add_url_rule(f"{file}/rows/<outcome>", view_func=history_file.history_rows)
blueprint.add_url_rule(f"{file}/rows/<outcome>/file", view_func=rows_file.history_rows_file)
blueprint.add_url_rule(f"{file}/courses", view_func=history_file.history_courses, methods=["POST"])
blueprint.add_url_rule(f"{file}/<act>", view_func=history_file.history_run_change, methods=["POST"])
match = matching.history_evidence
blueprint.add_url_rule(f"{history}/evidence/<int:row_id>", view_func=match, methods=["GET", "POST"])
first = "/first-sign-in"
blueprint.add_url_rule(first, view_func=first_ways.ways_in)
blueprint.add_url_rule(f"{first}/status", view_func=first_ways.ways_in_status)
blueprint.add_url_rule(f"{first}/choice", view_func=choosing.ways_in_choice, methods=["GET", "POST"])
blueprint.add_url_rule(f"{first}/new", view_func=starting.ways_in_start, methods=["GET", "POST"])
blueprint.add_url_rule(f"{first}/stop", view_func=starting.ways_in_stopped, methods=["POST"])
blueprint.add_url_rule(f"{first}/sheets/<int:batch_id>", view_func=sheets.way_in_sheet, methods=["GET", "POST"])
blueprint.add_url_rule(f"{first}/sheets/<int:batch_id>/file", view_func=sheets.way_in_sheet_file)
blueprint.add_url_rule(f"{first}/rounds/<int:round_id>/zip", view_func=zip_of_sheets.ways_in_zip_new, methods=["POST"])
blueprint.add_url_rule(f"{first}/zips/<int:zip_id>/file", view_func=zip_of_sheets.ways_in_zip_file)
blueprint.add_url_rule(f"{first}/zips/<int:zip_id>/stop", view_func=zip_of_sheets.ways_in_zip_stopped, methods=["POST"])
