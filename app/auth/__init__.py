"""Signing in and out. Single sign-on will come in by the same door: ``access.enter``."""

from flask import Blueprint

from app.auth import password

blueprint = Blueprint("auth", __name__)
blueprint.add_url_rule("/sign-in", view_func=password.sign_in, methods=["GET", "POST"])
blueprint.add_url_rule("/sign-out", view_func=password.sign_out, methods=["POST"])
