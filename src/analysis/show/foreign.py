"""Words of another language than that of their page, marked with it: for voices, fonts and hyphens."""

from __future__ import annotations

import re

from analysis.words.language import Text

# What has no words for readers, cannot hold an element, or says its language itself.
_PIECES = re.compile(
    r"(<(script|style|svg|title|option|textarea|code|pre)\b.*?</\2>|<!--.*?-->"
    r'|<(blockquote|dd|span|a)\b[^>]* lang="[^>]*>.*?</\3>|<[^>]*>)',
    re.DOTALL,
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_CHINESE = re.compile(rf"[“《]?[{_HAN}](?:[{_HAN}0-9、，。；：（）《》“”—·]*[{_HAN}）》”])?")
_WORD = r"[A-Za-z][a-z]+(?:[’'-][A-Za-z]+)*"
_ENGLISH = re.compile(rf"(?<![&#\w])“?{_WORD}(?:[,:;]? (?:{_WORD}|[0-9]+))+”?")


def with_languages(page: str, text: Text) -> str:
    """Return HTML with Chinese words of an English page, and English words of a Chinese one, in a ``span``.

    Single Latin words stay as they are: names of files and programs, abbreviations, units.
    """
    english = text.rules.data == "en"
    words, language = (_CHINESE, text.documents) if english else (_ENGLISH, "en")
    pieces = _PIECES.split(page)
    # Three groups: text, then what is no text, then twice the name of its element.
    pieces[::4] = (words.sub(rf'<span lang="{language}">\g<0></span>', piece) for piece in pieces[::4])
    del pieces[2::4], pieces[2::3]
    return "".join(pieces)
