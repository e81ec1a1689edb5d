"""The words by which sentences say of what a numeral is: patterns of ``vocabulary.yaml``, by language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

HAN = re.compile("[\u4e00-\u9fff]")
_GLUE = re.compile("[的了在为是有对将把由从被等个名及其该本也均]")
_WORD = re.compile(r"[a-z]{3,}")
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ies|es|s|ed|ing|y)$")
_DULL = frozenset(
    """
    the and for with from that this its was were has had have are been each per which while than but into all
    also one two more most only both same such other over under yuan million year years by report says said
    reports according them they their who does did not
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Vocabulary:
    """The patterns of one language."""

    name: str
    patterns: Mapping[str, Any]

    @staticmethod
    def of(text: str) -> Vocabulary:
        """Return the vocabulary of a text: Chinese where it holds Chinese characters."""
        return vocabulary("zh" if HAN.search(text) else "en")

    def __getitem__(self, name: str) -> re.Pattern[str]:
        pattern: re.Pattern[str] = self.patterns[name]
        return pattern

    def group(self, name: str) -> Mapping[str, re.Pattern[str]]:
        """Return the patterns of a group by their name."""
        found: Mapping[str, re.Pattern[str]] = self.patterns[name]
        return found

    def terms(self, text: str) -> dict[str, list[tuple[int, int, str]]]:
        """Return where codes of each dimension are named, the longer match where two meet."""
        found = {}
        for field, codes in self.patterns["terms"].items():
            spans = [(m.start(), m.end(), code) for code, p in codes.items() for m in p.finditer(text)]
            found[field] = [
                span
                for span in spans
                if not any(_covers(other, span) for other in spans if other is not span)
            ]
        return found

    def tokens(self, text: str) -> Iterator[str]:
        """Yield what a text is about: stems of words, or pairs of Chinese characters."""
        for word, pattern in self.group("alike").items():
            text = pattern.sub(word, text)
        if self.name == "en":
            words = _WORD.findall(text.lower())
            yield from (_ENDINGS.sub("", word) for word in words if word not in _DULL)
            return
        yield from re.findall("“([^”]{1,6})”", text)
        for run in re.findall("[\u4e00-\u9fff]+", _GLUE.sub(" ", text)):
            yield from (run[i : i + 2] for i in range(len(run) - 1))


def _covers(other: tuple[int, int, str], span: tuple[int, int, str]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and (other[1] - other[0]) > (span[1] - span[0])


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary of a language: ``en`` or ``zh``."""
    text = resources.files(__package__).joinpath("vocabulary.yaml").read_text("utf-8")
    return Vocabulary(name, _compiled(yaml.safe_load(text)[name]))


def _compiled(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {key: _compiled(each) for key, each in entry.items()}
    return re.compile(entry, re.IGNORECASE)
