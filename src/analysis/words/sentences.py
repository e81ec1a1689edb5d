"""Where the sentences of a text begin and end, in English and Chinese."""

import re
from collections.abc import Iterator
from itertools import pairwise

_END = re.compile(r"(?<=[。！？!?])|(?<=\.)\s+(?=[A-Z“\u4e00-\u9fff])")


def places_of_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text begin and end."""
    cuts = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    yield from ((a, b) for a, b in pairwise(cuts) if a < b)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, without the space around them."""
    parts = (text[a:b].strip() for a, b in places_of_sentences(text))
    return [part for part in parts if part]
