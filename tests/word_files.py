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


def edited(content: bytes, change: Callable[[Document], object]) -> bytes:
    """Return a Word file after a change of its document."""
    document = opened(content)
    change(document)
    return saved(document)
