"""Of whom courses are asked, and by when: for HR leads in their authority, for admins in every one.

Imports the rooms to its right, and no other audience.
"""

from flask import Blueprint

from app.requirements import asking, audiences, deciding, ending, exempting, exemptions, listing, requests, wording
from app.requirements.programmes import deciding as one_programme
from app.requirements.programmes import pages as programmes

blueprint = Blueprint("requirements", __name__, url_prefix="/requirements")
add = blueprint.add_url_rule
add("", view_func=listing.requirements)
add("/<slug>/ask", view_func=asking.requirement_form, methods=["GET", "POST"])
add("/<slug>/ask/preview", view_func=asking.requirement_preview, methods=["GET", "POST"])
add("/<slug>/end", view_func=ending.requirement_ended, methods=["GET", "POST"])
add("/<slug>/audiences/new", view_func=audiences.audience_new, methods=["GET", "POST"])
add("/<slug>/audiences/<int:audience_id>", view_func=audiences.audience)
add("/<slug>/audiences/<int:audience_id>/change", view_func=audiences.audience_changed, methods=["GET", "POST"])
add("/<slug>/audiences/<int:audience_id>/<decision>", view_func=audiences.audience_decided, methods=["POST"])
add("/<slug>/exemptions", view_func=exemptions.exemptions)
add("/<slug>/exemptions/new/<int:person_id>", view_func=exempting.exemption_new, methods=["GET", "POST"])
add("/<slug>/exemptions/<int:exemption_id>/end", view_func=exempting.exemption_ended, methods=["GET", "POST"])
add("/<slug>/requests", view_func=requests.requests)
add("/<slug>/requests/<int:request_id>", view_func=deciding.request_decided, methods=["GET", "POST"])
add("/<slug>/wording", view_func=wording.wordings)
add("/<slug>/wording/<text_name>", view_func=wording.wording, methods=["GET", "POST"])
restored = "/<slug>/wording/<text_name>/restored/<int:version_number>"
add(restored, view_func=wording.wording_restored, methods=["POST"])
add("/<slug>/programmes/new", view_func=programmes.programme_new, methods=["GET", "POST"])
add("/<slug>/programmes/<int:programme_id>", view_func=one_programme.programme)
add("/<slug>/programmes/<int:programme_id>/change", view_func=programmes.programme_changed, methods=["GET", "POST"])
decided = "/<slug>/programmes/<int:programme_id>/<decision>"
add(decided, view_func=one_programme.programme_decided, methods=["POST"])
