"""Word files as bytes: opened, changed and saved as a person does it."""

import io
from collections.abc import Callable

import docx
from docx.document import Document


def opened(content: bytes) -> Document:
    """Return the document of a Word file."""
    return docx.Document(io.BytesIO(content))


def saved(document: Document) -> bytes:
    """Return the Word file of a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def exchange(document: Document, old: str, new: str) -> None:
    """Write a text in the place of another, which may stand in several runs."""
    paragraph = next(each for each in document.paragraphs if old in each.text)
    at, end = paragraph.text.index(old), paragraph.text.index(old) + len(old)
    for run in paragraph.runs:
        first, last = max(at, 0), min(end, len(run.text))
        at, end = at - len(run.text), end - len(run.text)
        if first < last:
            run.text, new = run.text[:first] + new + run.text[last:], ""


def edited(content: bytes, change: Callable[[Document], object]) -> bytes:
    """Return a Word file after a change of its document."""
    document = opened(content)
    change(document)
    return saved(document)
