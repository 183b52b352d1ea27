"""One of the application's own commands, with the demo's settings.

python -m tools.command course check FOLDER
"""

import os
import sys

from tools import demo_settings, setup
from tools.console import finish
from tools.paths import HERE


def main() -> int:
    setup.for_running(HERE)
    settings = demo_settings.ensure(HERE, os.environ, is_start=False)
    command = [str(HERE.python), "-m", "flask", "--app", "wsgi", *sys.argv[1:]]
    # The command takes this process over, so that its output and exit status are ours.
    os.execve(command[0], command, {**os.environ, **settings})  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    finish(main)
