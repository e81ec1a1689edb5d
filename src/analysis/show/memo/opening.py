"""A template from outside: whether it is a plain Word file, and what in it must not go into a memo."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate

from analysis.show.memo.zipped import unzipped

NO_WORD_FILE = "it is no Word file; save it in Word as .docx"
_CODE = ("vbaproject", "activex", "oleobject")  # in the names of kinds of relations


class StrictTemplate(DocxTemplate):  # type: ignore[misc]
    """A template that is filled, or raises ``SyntaxError`` where placeholders tear a paragraph apart."""

    def fix_tables(self, xml: str) -> object:
        """Return the tree of the filled text."""
        parse_xml(xml)
        return super().fix_tables(xml)

    def render_footnotes(self, *values: object) -> None:
        """Fill the footnotes."""
        super().render_footnotes(*values)
        for part in self.get_docx().part.package.iter_parts():
            if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
                parse_xml(part.blob)


def opened(template: bytes) -> tuple[StrictTemplate | None, list[str]]:
    """Return a template ready to be filled, and why it must not be: every fault of the file itself."""
    try:
        unzipped(template)
    except zipfile.BadZipFile:
        return None, [NO_WORD_FILE]
    except ValueError as error:
        return None, [str(error)]
    except Exception:  # whatever else a broken zip makes of itself: encrypted, an unknown compression
        return None, [NO_WORD_FILE]
    found = StrictTemplate(io.BytesIO(template))
    try:
        package = found.get_docx().part.package
    except Exception:
        return None, [NO_WORD_FILE]
    return found, list(dict.fromkeys(_foreign(package)))


def _foreign(package: OpcPackage) -> Iterator[str]:
    """Yield the macros that a template holds and the files elsewhere that it would have a reader load."""
    for relation in package.iter_rels():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind.lower() in _CODE:
            yield f"it holds a macro or a control ({kind}); save it in Word as .docx, which keeps none"
        elif relation.is_external and relation.reltype != RELATIONSHIP_TYPE.HYPERLINK:
            target = relation.target_ref[:200]
            yield f"it loads {target!r} ({kind}) from elsewhere when it is opened; embed it, or take it out"
