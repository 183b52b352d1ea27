"""Pages for whoever manages people: their team by name, what is due when, and a nudge.

Imports reports and the rooms to its right, and no other audience.
"""

from flask import Blueprint

from app.managing import nudging, rota, team

blueprint = Blueprint("managing", __name__, url_prefix="/team")
blueprint.add_url_rule("", view_func=team.team)
blueprint.add_url_rule("/rota", view_func=rota.rota, methods=["GET", "POST"])
blueprint.add_url_rule("/rota/<int:hour_id>", view_func=rota.rota_hour, methods=["GET", "POST"])
blueprint.add_url_rule("/rota/<int:hour_id>/cancelled", view_func=rota.rota_hour_cancelled, methods=["POST"])
blueprint.add_url_rule("/printed", view_func=team.team_printed)
nudge = "/<slug>/<int:person_id>/<course_slug>/nudge"
blueprint.add_url_rule(nudge, view_func=nudging.team_nudge, methods=["POST"])
