"""Pages of the record of people: finding somebody, their page, adding them, roles, one-time codes on paper.

Admins look after everybody, HR leads after the people of their authority. Imports the rooms to its right, and no other
audience.
"""

from flask import Blueprint

from app.people import (
    account_adding,
    adding,
    addresses,
    codes,
    completions,
    erasing,
    explained,
    finding,
    job_adding,
    jobs,
    merging,
    names,
    old_addresses,
    person,
    role_giving,
)
from app.people.helping import acting

blueprint = Blueprint("people", __name__)
blueprint.add_url_rule("/people", view_func=finding.people)
blueprint.add_url_rule("/people/add", view_func=adding.add_account, methods=["GET", "POST"])
blueprint.add_url_rule("/people/addresses", view_func=addresses.addresses)
blueprint.add_url_rule("/people/duplicates", view_func=merging.duplicates)
one = "/people/<int:person_id>"
blueprint.add_url_rule(f"{one}/merge/<int:other_id>", view_func=merging.people_merged, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/separate/<int:merge_id>", view_func=merging.people_separated, methods=["POST"])
blueprint.add_url_rule(one, view_func=person.person)
blueprint.add_url_rule(f"{one}/address/again", view_func=addresses.address_tried_again, methods=["POST"])
blueprint.add_url_rule(f"{one}/address", view_func=names.person_address, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/number/again", view_func=addresses.number_tried_again, methods=["POST"])
blueprint.add_url_rule(f"{one}/asked", view_func=explained.person_asked)
blueprint.add_url_rule(f"{one}/completions", view_func=completions.person_completions)
about_a_course = "<slug>/<course_slug>"
blueprint.add_url_rule(f"{one}/nudge/{about_a_course}", view_func=acting.person_nudged, methods=["POST"])
more_time = acting.person_more_time
blueprint.add_url_rule(f"{one}/more-time/{about_a_course}", view_func=more_time, methods=["GET", "POST"])
a_completion = f"{one}/completions/<int:completion_id>"
blueprint.add_url_rule(f"{a_completion}/correct", view_func=completions.completion_amended, methods=["GET", "POST"])
an_amendment = f"{one}/corrections/<int:amendment_id>"
blueprint.add_url_rule(f"{an_amendment}/undo", view_func=completions.completion_amendment_undone, methods=["POST"])
blueprint.add_url_rule(f"{one}/names", view_func=names.person_names, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/account", view_func=account_adding.person_account, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/jobs/new", view_func=job_adding.job_added, methods=["GET", "POST"])
a_job = f"{one}/jobs/<int:employment_id>"
blueprint.add_url_rule(f"{a_job}/correct", view_func=jobs.job_corrected, methods=["GET", "POST"])
blueprint.add_url_rule(f"{a_job}/end", view_func=jobs.job_ended, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/changes/<int:change_id>/undo", view_func=jobs.job_change_undone, methods=["POST"])
blueprint.add_url_rule(f"{one}/code", view_func=codes.password_code, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/role", view_func=role_giving.role_choice)
blueprint.add_url_rule(f"{one}/role/give", view_func=role_giving.role_given, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/roles/<int:grant_id>/take", view_func=person.person_role_taken, methods=["POST"])
blueprint.add_url_rule(f"{one}/sign-out", view_func=person.person_signed_out, methods=["POST"])
blueprint.add_url_rule(f"{one}/switch-off", view_func=person.person_switched_off, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/erase", view_func=erasing.person_erased, methods=["GET", "POST"])
blueprint.add_url_rule(f"{one}/switch-on", view_func=person.person_switched_on, methods=["POST"])

old = "/manage/people"
blueprint.add_url_rule(old, view_func=old_addresses.moved)
blueprint.add_url_rule(f"{old}/<path:rest>", view_func=old_addresses.moved)
