"""The WSGI entry point: ``granian --interface wsgi wsgi:app``, ``gunicorn wsgi:app`` or ``flask --app wsgi …``."""

import gc
import sys

from app import create_app
from app.platform.demo_guard import DemoInProduction
from config import BadSettings, load_settings
from kernel.plugs import UnusablePlug

try:
    app = create_app(load_settings())
except DemoInProduction as refusal:
    sys.exit(str(refusal))
except UnusablePlug as problem:
    sys.exit(f"Common Ground cannot start. A package that is installed beside it does not fit:\n{problem}")
except BadSettings as problems:
    sys.exit(f"Common Ground cannot start. Put these settings right (docs/running.md explains them):\n{problems}")

# What is loaded by now stays as long as the process: garbage is not looked for among it again.
gc.freeze()
