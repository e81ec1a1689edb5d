"""Policy memos in Word: from the dataset to a file that an office edits, every numeral accounted for."""

from analysis.show.memo.audit import Audit, AuditError, audit
from analysis.show.memo.document import TemplateError
from analysis.show.memo.marking import mark
from analysis.show.memo.request import MemoRequest, NumeralError, file_of, memo_on, write_memos
from analysis.show.memo.template import default_template

__all__ = [
    "Audit",
    "AuditError",
    "MemoRequest",
    "NumeralError",
    "TemplateError",
    "audit",
    "default_template",
    "file_of",
    "mark",
    "memo_on",
    "write_memos",
]
