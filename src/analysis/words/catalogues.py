"""The messages of each language as they are written: by key, converted where the language is.

They live in ``text/``, under the same keys in each catalogue. Traditional Chinese is the Simplified message
converted by OpenCC, so that a wording is written once and cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml
from opencc import OpenCC

from analysis.words.languages import LANGUAGES, Language

# libyaml, where PyYAML was built with it, reads the catalogues twelve times as fast.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the messages of one language by dotted key, converted where the language is."""
    known = Language.parse(language)
    file = resources.files("analysis.words") / "text" / known.catalogue
    messages = dict(_flatten(yaml.load(file.read_text(encoding="utf-8"), _LOADER), ""))
    return {key: converted(message, known) for key, message in messages.items()}


@cache
def _converter(conversion: str) -> OpenCC:
    return OpenCC(conversion)


@cache
def converted(simplified: str, language: Language) -> str:
    """Return a Simplified text in the script of a language."""
    if not language.conversion:
        return simplified
    known = _otherwise()
    parts = re.split(f"({'|'.join(map(re.escape, known))})", simplified)
    convert = _converter(language.conversion).convert
    written = "".join(known.get(part) or convert(part) for part in parts)
    return written.translate(str.maketrans("“”‘’", language.quotes))


@cache
def _otherwise() -> Mapping[str, str]:
    """Return how names and words are written that OpenCC converts otherwise, the longest first."""
    file = resources.files("analysis.words").joinpath("traditional.yaml")
    found: dict[str, str] = yaml.load(file.read_text(encoding="utf-8"), _LOADER)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def catalogue_files() -> str:
    """Return the paths of the catalogues, in words."""
    files = sorted({language.catalogue for language in LANGUAGES.values()})
    return " and ".join(f"src/analysis/words/text/{file}" for file in files)


def _flatten(node: object, prefix: str) -> Iterable[tuple[str, str]]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _flatten(child, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(node, str):
        yield prefix, node
    else:
        raise ValueError(f"message {prefix!r} is {node!r}; expected text: put it in quotation marks")
