"""The pages of the project, taken apart: blocks, links, commands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READMES = {"README.md": "en", "README.zh.md": "zh-Hans"}
PAGES = [
    *READMES,
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "deploy/README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.md")),
]
TRANSLATIONS = {page: page.replace(".zh.md", ".md") for page in PAGES if page.endswith(".zh.md")}
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?(?:analysis|make) [a-z][^`]*)`")
FORM = re.compile(r"\b[A-Z]{2,}\b|[<…]")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose_of(page: str) -> str:
    """The page without its fenced blocks, in which # begins a comment and not a heading."""
    return FENCE.sub("", text_of(page))


def links_of(page: str) -> list[re.Match[str]]:
    return list(LINK.finditer(prose_of(page)))


def blocks_of(page: str, language: str) -> list[str]:
    return [block for name, block in FENCE.findall(text_of(page)) if name == language]


def lines_of(block: str) -> list[str]:
    """The commands of a block, one a line, without comments and empty lines."""
    lines = block.replace("\\\n", " ").splitlines()
    return [line for line in lines if shlex.split(line, comments=True)]


def shell_lines(page: str) -> list[list[str]]:
    """The commands of the page's sh blocks as words, without comments and variables set in front."""
    return [words_of(line) for block in blocks_of(page, "sh") for line in lines_of(block)]


def words_of(command: str) -> list[str]:
    words = shlex.split(command, comments=True)
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words.pop(0)
    return words


def commands_in_sentences(page: str) -> Iterator[str]:
    """The whole commands of the page's prose: neither a bare name nor a form with places to fill in."""
    for match in INLINE.finditer(prose_of(page)):
        if len(words_of(match[1])) > 2 and not FORM.search(match[1]):
            yield match[1]
