"""Policy memos in Word: from the dataset to a file that an office edits, every numeral accounted for."""

from analysis.show.memo.audit import Audit, AuditError, audit
from analysis.show.memo.document import TemplateError
from analysis.show.memo.marking import audit_file, mark
from analysis.show.memo.request import (
    MemoRequest,
    NumeralError,
    checked,
    file_of,
    memo_on,
    named,
    prepare,
    write_memo,
    write_memos,
)
from analysis.show.memo.template import default_template
from analysis.show.memo.updating import Update, update, update_file
from analysis.show.memo.value_list import catalogue, list_values, to_text

__all__ = [
    "Audit",
    "AuditError",
    "MemoRequest",
    "NumeralError",
    "TemplateError",
    "Update",
    "audit",
    "audit_file",
    "catalogue",
    "checked",
    "default_template",
    "file_of",
    "list_values",
    "mark",
    "memo_on",
    "named",
    "prepare",
    "to_text",
    "update",
    "update_file",
    "write_memo",
    "write_memos",
]
