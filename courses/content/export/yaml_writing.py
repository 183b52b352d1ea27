"""YAML as people write it: texts of several lines as they read, no anchors, keys in the order of the format."""

from typing import Any

import yaml

Entry = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Writes what ``courses/content/source/yaml_reading.py`` reads: no alias, and no tag."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def yaml_of(value: Entry | list[Entry]) -> str:
    """The file for a group of keys or a list of such groups; an empty line stands between the entries of a list."""
    if isinstance(value, list):
        return "\n".join(_dumped([entry]) for entry in value)
    return _dumped(value)


def _dumped(value: Any) -> str:
    # Lines are never folded: a folded text of one paragraph would be harder to compare than a long line.
    written: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return written


def without_empty(entry: Entry) -> Entry:
    """The keys that say something: a text, a list or a group that is empty is left out, and so is ``None``."""
    return {key: value for key, value in entry.items() if value not in (None, "", [], {}, ())}
