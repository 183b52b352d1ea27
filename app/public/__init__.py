"""Pages that anybody may open: verification, badges, support, accessibility, privacy, and what monitors ask."""

from flask import Blueprint

from app.platform.extensions import csrf
from app.public import badges, evidence, figures, file_check, pages, probes, stopping, verification

blueprint = Blueprint("public", __name__)
blueprint.add_url_rule("/verify", view_func=verification.verify_form, methods=["GET", "POST"])
blueprint.add_url_rule("/verify/file", view_func=file_check.verify_file, methods=["GET", "POST"])
blueprint.add_url_rule("/verify/<typed:certificate_number>", view_func=verification.verify)
blueprint.add_url_rule("/verify/<typed:certificate_number>/name/<secret>", view_func=verification.verify_holder)
blueprint.add_url_rule("/figures/<typed:figure_number>", view_func=figures.published_figure)
blueprint.add_url_rule("/evidence", view_func=evidence.check_evidence, methods=["GET", "POST"])
blueprint.add_url_rule("/evidence/<typed:evidence_number>", view_func=evidence.sealed_evidence)
blueprint.add_url_rule("/badges/did.json", view_func=badges.badge_keys)
blueprint.add_url_rule("/badges/issuer", view_func=badges.badge_issuer)
blueprint.add_url_rule("/badges/achievements/<name>", view_func=badges.badge_achievement)
blueprint.add_url_rule("/badges/achievements/<name>/picture", view_func=badges.badge_picture)
blueprint.add_url_rule("/badges/status/<int:list_number>", view_func=badges.badge_status)
blueprint.add_url_rule("/badges/<secret>", view_func=badges.badge)
blueprint.add_url_rule("/accessibility", view_func=pages.accessibility)
blueprint.add_url_rule("/privacy", view_func=pages.privacy)
blueprint.add_url_rule("/support", view_func=pages.support)
blueprint.add_url_rule("/messages/stop/<token>", view_func=stopping.stop_messages, methods=["GET", "POST"])
csrf.exempt(stopping.stop_messages)  # it asks for a form token itself, unless a mail provider posts the one click
blueprint.add_url_rule("/t/<token>", view_func=stopping.stop_texts, methods=["GET", "POST"])
blueprint.add_url_rule("/healthz", view_func=probes.healthz)
blueprint.add_url_rule("/readyz", view_func=probes.readyz)
