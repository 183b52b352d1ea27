"""The read API: figures of one authority for programs, under a token, as JSON. May not import other audiences."""

from flask import Blueprint

from app.api import figures, people, problems, structure
from app.api.document import document

blueprint = Blueprint("api", __name__, url_prefix="/api")
problems.init_blueprint(blueprint)
blueprint.add_url_rule("/v1/openapi.json", view_func=document)
authority = "/v1/authorities/<slug>"
blueprint.add_url_rule(f"{authority}/figures", view_func=figures.figures)
blueprint.add_url_rule(f"{authority}/published", view_func=figures.published)
blueprint.add_url_rule(f"{authority}/published/<typed:figure_number>", view_func=figures.published_figure)
blueprint.add_url_rule(f"{authority}/courses", view_func=structure.courses)
blueprint.add_url_rule(f"{authority}/units", view_func=structure.units)
blueprint.add_url_rule(f"{authority}/people", view_func=people.people)
blueprint.add_url_rule("/<path:rest>", view_func=problems.nothing_here)
