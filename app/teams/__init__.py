"""Pages for learning together: the pack for a live session, and the card for a ten-minute team talk.

Imports reports and the rooms to its right.
"""

from flask import Blueprint

from app.teams import live_session, talks

blueprint = Blueprint("teams", __name__)
blueprint.add_url_rule("/live-session", view_func=live_session.live_session)
blueprint.add_url_rule("/live-session/file", view_func=live_session.prepare_file, methods=["POST"])
blueprint.add_url_rule("/live-session/file", view_func=live_session.live_session_file)
blueprint.add_url_rule("/live-session/status", view_func=live_session.live_session_status)
blueprint.add_url_rule("/team-talks", view_func=talks.talks)
blueprint.add_url_rule("/team-talks/done", view_func=talks.mark_done, methods=["POST"])
