"""A new document as it arrives: which encoding it is in, whether it is a web page, what text it holds.

A plain text is kept byte for byte. A web page becomes the text a reader sees, in UTF-8, and so does a PDF or
a Word file: that text, and not the file, is the document that figures are located in.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache

from bs4 import BeautifulSoup, Tag

from analysis.curation.office import office_text
from analysis.curation.tables import LONGEST_CELL
from analysis.evidence.characters import to_simplified
from analysis.evidence.sources import Document, SourceError

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CHINESE = ("gb18030", "big5", "cp950")
LEAST_COMMON = 0.6  # of the characters of a real text nearly all are; of a wrong encoding about 0.3
TRADITIONAL = 0.05  # share of characters with another Simplified form, above which a text is Traditional

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_UNSEEN = re.compile(
    "script|style|noscript|template|head|nav|footer|aside|form|button|select|iframe|svg|object|rt|rp"
)
# Menus and lists of other pages, by what their authors call them.
_ASIDE = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|menu\w*|breadcrumbs?|crumbs?|sidebar|related\w*|recommend\w*|friendlinks?|share"
    r"|foot(?:er)?|copyright|toolbar)(?:[-_\s]|$)",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』…—－～·％０１２３４５６７８９\u3000\ufeff"
# A line wrapped in the page's code puts no space between Chinese characters.
_WRAP = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\n|\n(?=[\u2e80-\u9fff\uff00-\uffef])")
_LINE, _CELL = "\0", "\1"  # no page that is text holds them
_BLOCKS = re.compile(
    "^(?:address|article|blockquote|body|br|caption|center|d[dlt]|div|fieldset|figcaption|figure|h[1-6r]|header"
    "|html|li|main|[ou]l|p|pre|section|table|tbody|t[dhr]|tfoot|thead)$"
)


@dataclass(frozen=True)
class Incoming:
    """A new document as it will be kept; ``origin`` says how its encoding and text were found."""

    content: bytes
    encoding: str
    origin: str
    title: str

    @property
    def text(self) -> str:
        """The decoded text."""
        return self.content.decode(self.encoding)

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes that are kept."""
        return hashlib.sha256(self.content).hexdigest()


def read_incoming(content: bytes, name: str) -> Incoming:
    """Return the document in the bytes of a file.

    Raises ``SourceError`` where they are no text in UTF-8, GB18030 or Big5, no PDF and no Word file, or hold
    nothing to read.
    """
    if read := office_text(content, name):
        text, what = read
        return Incoming(text.encode(), "utf-8", f"{what}: its text is kept in UTF-8, with page numbers", "")
    encoding, origin = detect_encoding(content, name)
    text = content.decode(encoding)
    if "\0" in text:
        raise SourceError(f"{name}: holds NUL characters, so it is no text; save the article as text or HTML")
    title = ""
    if _PAGE.match(text.removeprefix("\ufeff")):
        text, title = page_text(text)
        content, encoding = text.encode(), "utf-8"
        origin += ", a web page: its text is kept in UTF-8"
    if not text.replace("\ufeff", "").strip():
        raise SourceError(f"{name}: holds no text; save the article itself, not a page that loads it")
    return Incoming(content, encoding, origin, title)


def detect_encoding(content: bytes, name: str) -> tuple[str, str]:
    """Return the encoding of a text and a sentence that says how it was found.

    A byte order mark decides; then UTF-8, if every byte fits; then GB18030 or Big5, whichever gives more of
    the common characters. Raises ``SourceError`` where none of them gives a Chinese text.
    """
    for mark, encoding in BOMS.items():
        if content.startswith(mark):
            _decode(content, encoding, name)
            return encoding, f"{encoding.removesuffix('-sig')} by its byte order mark"
    try:
        content.decode("utf-8")
        return "utf-8", "utf-8: every byte fits"
    except UnicodeDecodeError as error:
        fault = f"byte {error.start} is {content[error.start]:#04x}"
    shares = {
        encoding: share for encoding in CHINESE if (share := _common_share(content, encoding)) is not None
    }
    best = max(shares, key=lambda encoding: shares[encoding], default="")
    found = ", ".join(f"{encoding} {share:.0%}" for encoding, share in shares.items())
    if not best or shares[best] < LEAST_COMMON:
        raise SourceError(
            f"{name}: not utf-8 ({fault}), and not Chinese text in gb18030 or big5 "
            f"(common characters: {found or 'neither decodes'}); save it as UTF-8 in a text editor"
        )
    return best, f"{best}: not utf-8 ({fault}); common characters: {found}"


def _decode(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name}: begins with the mark of {encoding}, but not every byte fits it; "
            "save it as UTF-8 in a text editor"
        ) from error


def _common_share(content: bytes, encoding: str) -> float | None:
    """Return which part of the characters outside ASCII is common, or ``None`` where it does not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    others = [char for char in to_simplified(text) if ord(char) > 127]
    return sum(char in _common() for char in others) / len(others) if others else 0.0


@cache
def _common() -> frozenset[str]:
    """Return the characters of GB 2312 level 1, the 3,755 in daily use, and Chinese punctuation."""
    rows = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low))
    return frozenset(rows.decode("gb2312", errors="ignore") + _PUNCTUATION)


def script_of(document: Document) -> str:
    """Return the script of a document as ``sources.csv`` names it."""
    if len(document.clean) < len(document.raw):
        return "traditional_glossed"
    pairs = zip(document.raw, document.clean, strict=True)
    changed = [raw != clean for raw, clean in pairs if "\u4e00" <= raw <= "\u9fff"]
    return "traditional" if sum(changed) > TRADITIONAL * len(changed) else "simplified"


def page_text(page: str) -> tuple[str, str]:
    """Return the text that a reader of a web page sees, one line for each block, and the page's title.

    Left out are scripts, navigation, forms, hidden parts and the pinyin of ruby annotations.
    """
    soup = BeautifulSoup(page, "html.parser")
    heading = soup.find("h1") or soup.find("title")
    title = " ".join(heading.get_text().split()) if heading else ""
    for tag in soup.find_all(_is_unseen):
        tag.extract()
    for line in soup.find_all("pre"):
        line.string = line.get_text().replace("\n", _LINE)
    for row in soup.find_all("tr"):
        _join_cells(row)
    for tag in soup.find_all(_BLOCKS):
        tag.insert_before(_LINE)
        tag.insert_after(_LINE)
    lines = (_unwrap(line).strip(_CELL).replace(_CELL, "\t") for line in soup.get_text().split(_LINE))
    return "\n".join(line for line in lines if line) + "\n", title


def _join_cells(row: Tag) -> None:
    """Make one line of a row of a table; a row that lays out the page, with long cells, is left as it is."""
    cells = row.find_all(["td", "th"], recursive=False)
    texts = [" ".join(cell.get_text(" ").split()) for cell in cells]
    if len(cells) < 2 or row.find("table") or max(map(len, texts)) > LONGEST_CELL:
        return
    row.string = _CELL.join(text or "—" for text in texts)


def _unwrap(line: str) -> str:
    """Return one line of a page, however its code is wrapped and indented."""
    spaced = re.sub(r"\s+", lambda space: "\n" if "\n" in space[0] else " ", line.strip())
    return _WRAP.sub("", spaced).replace("\n", " ")


def _is_unseen(tag: Tag) -> bool:
    hidden = tag.has_attr("hidden") or bool(_HIDDEN.search(str(tag.get("style", ""))))
    named = " ".join([str(tag.get("id") or ""), *(tag.get_attribute_list("class") or [])])
    return bool(_UNSEEN.fullmatch(tag.name)) or hidden or bool(_ASIDE.search(named))
