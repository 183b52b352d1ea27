"""Signing in and out, one's own account, and new passwords. Single sign-on will use ``access.start_session`` too."""

from flask import Blueprint

from app.auth import account, first_time, held, new_password, own_names, password

blueprint = Blueprint("auth", __name__)
blueprint.add_url_rule("/sign-in", view_func=password.sign_in, methods=["GET", "POST"])
blueprint.add_url_rule("/sign-out", view_func=password.sign_out, methods=["POST"])
blueprint.add_url_rule("/sign-in/code", view_func=new_password.sign_in_code, methods=["GET", "POST"])
blueprint.add_url_rule("/forgotten-password", view_func=new_password.forgotten_password, methods=["GET", "POST"])
blueprint.add_url_rule("/new-password/<token>", view_func=new_password.new_password, methods=["GET", "POST"])
blueprint.add_url_rule("/card", view_func=first_time.card)
blueprint.add_url_rule("/invitation/<token>", view_func=first_time.invitation, methods=["GET", "POST"])
blueprint.add_url_rule("/first-password", view_func=first_time.first_password, methods=["GET", "POST"])
blueprint.add_url_rule("/account", view_func=account.account)
blueprint.add_url_rule("/account/names", view_func=own_names.own_names, methods=["GET", "POST"])
blueprint.add_url_rule("/account/password", view_func=account.change_own_password, methods=["GET", "POST"])
blueprint.add_url_rule("/account/sessions/<int:session_id>/end", view_func=account.end_own_session, methods=["POST"])
blueprint.add_url_rule("/account/sessions/end-others", view_func=account.end_other_sessions, methods=["POST"])
blueprint.add_url_rule("/account/held", view_func=held.held)
blueprint.add_url_rule("/account/held/looks", view_func=held.held_looks)
blueprint.add_url_rule("/account/held/<section>", view_func=held.held_section)
blueprint.add_url_rule("/account/held.json", view_func=held.held_json)
