"""The settings of the running application, with their types, which ``current_app.config`` does not keep."""

from flask import current_app

from config import Settings


def current_settings() -> Settings:
    """The settings that ``create_app`` was given."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings
