"""Broken data sets, each with every message that it must get; made by hand, read by hand."""

from __future__ import annotations

from hostile.spoiling import (
    DEPUTY,
    FIGURE,
    TERMS,
    Spoil,
    another,
    cell,
    choices,
    deputy,
    folder,
    links_to,
    pipe,
    terms,
)

# What was done, how, and the messages without ``data/raw/``.
BROKEN: dict[str, tuple[Spoil, list[str]]] = {
    # Files that are no CSV in UTF-8.
    "UTF-16 with its mark": (terms(TERMS.encode("utf-16")), [
        "terms.csv:1: byte 0xff — expected text in UTF-8; save the file as CSV UTF-8 [encoding]",
    ]),
    "UTF-16 without a mark": (terms(TERMS.encode("utf-16-le")), [
        "terms.csv:1: '\\x00' — expected text in UTF-8; save the file as CSV UTF-8 [encoding]",
    ]),
    "GB18030": (terms(TERMS.replace("\n", "\n县", 1).encode("gb18030")), [
        "terms.csv:2: byte 0xcf — expected text in UTF-8; save the file as CSV UTF-8 [encoding]",
    ]),
    "a surrogate in UTF-8": (
        terms(TERMS.encode().replace(b"deputy,deputy", b"dep\xed\xa0\x80uty,deputy")), [
        "terms.csv:9: byte 0xed — expected text in UTF-8; save the file as CSV UTF-8 [encoding]",
    ]),
    "a workbook": (terms(b"PK\x03\x04" + bytes(range(256))), [
        "terms.csv:2: byte 0x80 — expected text in UTF-8; save the file as CSV UTF-8 [encoding]",
    ]),
    "nothing but NUL": (terms(b"\0" * 100_000), [
        "terms.csv:1: '\\x00' — expected text in UTF-8; save the file as CSV UTF-8 [encoding]",
    ]),
    "an empty file": (terms(""), [
        "terms.csv:1: empty — expected the columns field, code, rank, label, label_zh; restore the "
        "first line, with commas between the names [missing-column]",
    ]),
    "empty lines": (terms("\n\r\n\n"), [
        "terms.csv:1: empty — expected the columns field, code, rank, label, label_zh; restore the "
        "first line, with commas between the names [missing-column]",
    ]),
    "a page of a proxy": (terms("<!doctype html><p>Log in</p>"), [
        "terms.csv:1: '<!doctype html><p>Log in</p>' — expected the columns field, code, rank, label,"
        " label_zh; restore the first line, with commas between the names [missing-column]",
    ]),
    "a pointer of Git LFS": (
        terms("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n"), [
        "terms.csv:1: 'version https://git-lfs.github.com/spec/v1' — expected the columns field, "
        "code, rank, label, label_zh; restore the first line, with commas between the names "
        "[missing-column]",
    ]),
    "a second mark": (terms("\ufeff\ufeff" + TERMS), [
        "terms.csv:1: field: no such column — expected the columns field, code, rank, label, "
        "label_zh; add the column [missing-column]",
        "terms.csv:1: '\\ufefffield' — expected the columns field, code, rank, label, label_zh; rename"
        " or remove the column [unknown-column]",
    ]),
    "tabs": (terms(TERMS.replace(",", "\t")), [
        "terms.csv:1: 'field\\tcode\\trank\\tlabel\\tlabel_zh' — expected the columns field, code, rank, "
        "label, label_zh; restore the first line, with commas between the names [missing-column]",
    ]),
    "full-width commas": (terms(TERMS.replace(",", "，")), [
        "terms.csv:1: 'field，code，rank，label，label_zh' — expected the columns field, code, rank, "
        "label, label_zh; restore the first line, with commas between the names [missing-column]",
    ]),
    "the line sep= of a spreadsheet": (terms("sep=,\n" + TERMS), [
        "terms.csv:1: 'sep=,' — expected the columns field, code, rank, label, label_zh; restore the "
        "first line, with commas between the names [missing-column]",
    ]),
    "names in capitals": (terms(TERMS.replace("code,rank", "Code,rank", 1)), [
        "terms.csv:1: code: no such column — expected the columns field, code, rank, label, label_zh;"
        " add the column [missing-column]",
        "terms.csv:1: 'Code' — expected the columns field, code, rank, label, label_zh; rename or "
        "remove the column [unknown-column]",
    ]),
    "a conflict of git": (deputy(f"<<<<<<< HEAD\n{DEPUTY}\n=======\n{DEPUTY}\n>>>>>>> theirs"), [
        "terms.csv:9: 1 cell — expected 5, as in the header; look for a comma too many or too few, or"
        " a missing quotation mark [row-width]",
        "terms.csv:9: field: '<<<<<<< HEAD' — expected one of admin_level, theme, object, works, "
        "funder, place, post, stage, glossary; correct the code [unknown-code]",
        "terms.csv:9: code: empty — expected code; fill in the cell [required]",
        "terms.csv:9: rank: empty — expected order in reports; fill in the cell [required]",
        "terms.csv:9: label: empty — expected name in reports; fill in the cell [required]",
        "terms.csv:9: label_zh: empty — expected the same in Simplified Chinese: name in reports; "
        "fill in the cell [required]",
        "terms.csv:11: 1 cell — expected 5, as in the header; look for a comma too many or too few, "
        "or a missing quotation mark [row-width]",
        "terms.csv:11: field: '=======' — expected one of admin_level, theme, object, works, funder, "
        "place, post, stage, glossary; correct the code [unknown-code]",
        "terms.csv:11: code: empty — expected code; fill in the cell [required]",
        "terms.csv:11: rank: empty — expected order in reports; fill in the cell [required]",
        "terms.csv:11: label: empty — expected name in reports; fill in the cell [required]",
        "terms.csv:11: label_zh: empty — expected the same in Simplified Chinese: name in reports; "
        "fill in the cell [required]",
        "terms.csv:12: code: 'post deputy' — expected each field and code once, and line 10 has it "
        "already; remove the row, or give it an id of its own [duplicate-key]",
        "terms.csv:13: 1 cell — expected 5, as in the header; look for a comma too many or too few, "
        "or a missing quotation mark [row-width]",
        "terms.csv:13: field: '>>>>>>> theirs' — expected one of admin_level, theme, object, works, "
        "funder, place, post, stage, glossary; correct the code [unknown-code]",
        "terms.csv:13: code: empty — expected code; fill in the cell [required]",
        "terms.csv:13: rank: empty — expected order in reports; fill in the cell [required]",
        "terms.csv:13: label: empty — expected name in reports; fill in the cell [required]",
        "terms.csv:13: label_zh: empty — expected the same in Simplified Chinese: name in reports; "
        "fill in the cell [required]",
    ]),
    "a line break of old Macs in a cell": (deputy("post,deputy,1,dep\ruty,deputy"), [
        "terms.csv:9: 4 cells — expected 5, as in the header; look for a comma too many or too few, "
        "or a missing quotation mark [row-width]",
        "terms.csv:9: label_zh: empty — expected the same in Simplified Chinese: name in reports; "
        "fill in the cell [required]",
        "terms.csv:10: 2 cells — expected 5, as in the header; look for a comma too many or too few, "
        "or a missing quotation mark [row-width]",
        "terms.csv:10: field: 'uty' — expected one of admin_level, theme, object, works, funder, "
        "place, post, stage, glossary; correct the code [unknown-code]",
        "terms.csv:10: rank: empty — expected order in reports; fill in the cell [required]",
        "terms.csv:10: label: empty — expected name in reports; fill in the cell [required]",
        "terms.csv:10: label_zh: empty — expected the same in Simplified Chinese: name in reports; "
        "fill in the cell [required]",
    ]),
    "a quotation that begins in the first cell": (terms('"' + TERMS), [
        "terms.csv:1: unexpected end of data — expected rows of CSV; close the quotation marks of the"
        " row that begins here, and double those inside a cell [csv]",
    ]),
    "a quotation that is never closed, in a long file": (
        terms(TERMS + 'post,clerk,1,"clerk,x\n' + "a,b,c,d,e\n" * 20_000), [
        "terms.csv:12: a longer cell — expected cells of at most 131,072 characters; close the "
        "quotation marks of the row that begins here, or shorten the cell [csv]",
    ]),
    "a cell of 10 MB": (deputy(f"post,deputy,1,{'x' * 10_000_000},deputy"), [
        "terms.csv:9: a longer cell — expected cells of at most 131,072 characters; close the "
        "quotation marks of the row that begins here, or shorten the cell [csv]",
    ]),
    "a link to itself": (links_to("terms.csv"), [
        "terms.csv: Too many levels of symbolic links — expected a CSV file; make it readable "
        "[unreadable-file]",
    ]),
    "a link to nothing": (links_to("nowhere.csv"), [
        "terms.csv: no such file — expected a CSV file; restore it [missing-file]",
    ]),
    "a link to a device without an end": (links_to("/dev/zero"), [
        "terms.csv: no file — expected a CSV file; restore it [unreadable-file]",
    ]),
    "a pipe": (pipe, [
        "terms.csv: no file — expected a CSV file; restore it [unreadable-file]",
    ]),
    "a folder": (folder, [
        "terms.csv: no file — expected a CSV file; restore it [unreadable-file]",
    ]),
    # Characters that nobody sees, and texts that nobody reads.
    "a mark inside the file": (deputy("post,\ufeffdeputy,1,deputy,deputy"), [
        "terms.csv:9: code: '\\ufeff' — expected text; remove it [control-character]",
        "codings.csv:5: post: 'deputy' — expected one of head_split, \\ufeffdeputy; correct the code, "
        "or add it to data/raw/terms.csv [unknown-code]",
        "codings.csv:6: post: 'deputy' — expected one of head_split, \\ufeffdeputy; correct the code, "
        "or add it to data/raw/terms.csv [unknown-code]",
    ]),
    "NUL in a cell": (cell("figures", 2, subject="ven\0ues"), [
        "figures.csv:2: subject: '\\x00' — expected text; remove it [control-character]",
    ]),
    "escape sequences of a terminal": (cell("figures", 2, subject="\x1b[2Jvenues"), [
        "figures.csv:2: subject: '\\x1b' — expected text; remove it [control-character]",
    ]),
    "text that runs backwards": (cell("programmes", 2, label="\u202egnoL"), [
        "programmes.csv:2: label: '\\u202e' — expected text; remove it [control-character]",
    ]),
    "a mark of direction": (cell("programmes", 2, label_zh="青溪\u200f县"), [
        "programmes.csv:2: label_zh: '\\u200f' — expected text; remove it [control-character]",
    ]),
    "a zero-width space": (cell("choices", 3, question="Of\u200b which?"), [
        "choices.csv:3: question: '\\u200b' — expected text; remove it [control-character]",
    ]),
    "a line separator": (cell("codings", 2, note="one\u2028two", note_zh="一"), [
        "codings.csv:2: note: '\\u2028' — expected text; remove it [control-character]",
    ]),
    "a hidden tag": (cell("programmes", 2, label="County\U000e0041"), [
        "programmes.csv:2: label: '\\U000e0041' — expected text; remove it [control-character]",
    ]),
    "several at once": (
        cell("figures", 2, subject="\x01", subject_zh="\x02", note="\x03", note_zh="\x04"), [
        "figures.csv:2: subject: '\\x01' — expected text; remove it [control-character]",
        "figures.csv:2: note: '\\x03' — expected text; remove it [control-character]",
        "figures.csv:2: subject_zh: '\\x02' — expected text; remove it [control-character]",
        "figures.csv:2: note_zh: '\\x04' — expected text; remove it [control-character]",
    ]),
    "a name of four pages": (cell("programmes", 2, label="very long " * 40, label_zh="x" * 301), [
        "programmes.csv:2: label: 'very long very long very long very long very long very long very "
        "long very long very long very long very long very long …' — expected at most 300 characters;"
        " shorten it [too-long]",
        "programmes.csv:2: label_zh: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' — expected at most 300 "
        "characters; shorten it [too-long]",
    ]),
    "a note of a book": (cell("figures", 2, note="long " * 2_000, note_zh="长"), [
        "figures.csv:2: note: 'long long long long long long long long long long long long long long "
        "long long long long long long long long long long …' — expected at most 5,000 characters; "
        "shorten it [too-long]",
    ]),
    "only spaces": (cell("programmes", 2, label="  ", label_zh="\u3000"), [
        "programmes.csv:2: label: '  ' — expected text, or nothing; fill in or empty the cell [blank]",
        "programmes.csv:2: label_zh: '\\u3000' — expected text, or nothing; fill in or empty the cell "
        "[blank]",
    ]),
    # Names that become files.
    "a folder above": (another("../x"), [
        "programmes.csv:3: programme_id: '../x' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
    ]),
    "a folder below": (another("a/b"), [
        "programmes.csv:3: programme_id: 'a/b' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
    ]),
    "a folder on Windows": (another("a\\b"), [
        "programmes.csv:3: programme_id: 'a\\\\b' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
    ]),
    "a device in capitals": (another("CON"), [
        "programmes.csv:3: programme_id: 'CON' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
        "programmes.csv:3: programme_id: 'CON' — expected a name that Windows does not keep for a "
        "device (con, aux, nul, com1, …); choose another [file-name]",
    ]),
    "a device": (another("con"), [
        "programmes.csv:3: programme_id: 'con' — expected a name that Windows does not keep for a "
        "device (con, aux, nul, com1, …); choose another [file-name]",
    ]),
    "a device as a source": (another(source_id="aux"), [
        "sources.csv:3: source_id: 'aux' — expected a name that Windows does not keep for a device "
        "(con, aux, nul, com1, …); choose another [file-name]",
    ]),
    "a device as a document": (another(file="nul.txt"), [
        "sources.csv:3: file: 'nul.txt' — expected a name that Windows does not keep for a device "
        "(con, aux, nul, com1, …); choose another [file-name]",
    ]),
    "no name": (another(""), [
        "programmes.csv:3: programme_id: empty — expected id of the programme, also the name of its "
        "report; fill in the cell [required]",
        "sources.csv:3: programme_id: empty — expected programme it reports; fill in the cell "
        "[required]",
    ]),
    "a smile": (another("🙂"), [
        "programmes.csv:3: programme_id: '🙂' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
    ]),
    "a dot at the end": (another("baishui."), [
        "programmes.csv:3: programme_id: 'baishui.' — expected an id of lower-case letters, digits "
        "and hyphens, such as village-venues; correct the cell [form]",
        "programmes.csv:3: programme_id: 'baishui.' — expected a name that does not end in a dot; "
        "choose another [file-name]",
    ]),
    "a space at the end": (another("baishui "), [
        "programmes.csv:3: programme_id: 'baishui ' — expected an id of lower-case letters, digits "
        "and hyphens, such as village-venues; correct the cell [form]",
    ]),
    "a hidden folder": (another(".failed"), [
        "programmes.csv:3: programme_id: '.failed' — expected an id of lower-case letters, digits and"
        " hyphens, such as village-venues; correct the cell [form]",
    ]),
    "an option": (another("-rf"), [
        "programmes.csv:3: programme_id: '-rf' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
    ]),
    "capitals": (another("Qingxi"), [
        "programmes.csv:3: programme_id: 'Qingxi' — expected an id of lower-case letters, digits and "
        "hyphens, such as village-venues; correct the cell [form]",
        "programmes.csv:3: programme_id: 'Qingxi' — expected a name that differs from 'qingxi' in "
        "more than capitals; choose another [file-name]",
    ]),
    "a very long name": (another("b" * 101), [
        "programmes.csv:3: programme_id: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' — expected a name of at most 100 bytes; choose "
        "another [file-name]",
    ]),
    "a document with a dot at the end": (another(file="baishui."), [
        "sources.csv:3: file: 'baishui.' — expected a name that does not end in a dot; choose another"
        " [file-name]",
    ]),
    "a document that differs in capitals only": (another(file="Qingxi.TXT"), [
        "sources.csv:3: file: 'Qingxi.TXT' — expected a name that differs from 'qingxi.txt' in more "
        "than capitals; choose another [file-name]",
    ]),
    "a document on another drive": (another(file="c:baishui.txt"), [
        "sources.csv:3: file: 'c:baishui.txt' — expected the name of a file, without a folder; "
        "correct the cell [form]",
    ]),
    "a document with a line break": (another(file="bai\nshui.txt"), [
        "sources.csv:3: file: 'bai\\nshui.txt' — expected the name of a file, without a folder; "
        "correct the cell [form]",
    ]),
    # Numbers, years, encodings, places.
    "a value of 1e400": (cell("figures", 8, value='1e400'), [
        "figures.csv:8: value: '1e400' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of NaN": (cell("figures", 8, value='NaN'), [
        "figures.csv:8: value: 'NaN' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of -inf": (cell("figures", 8, value='-inf'), [
        "figures.csv:8: value: '-inf' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of 12,5": (cell("figures", 8, value='12,5'), [
        "figures.csv:8: value: '12,5' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of 0x10": (cell("figures", 8, value='0x10'), [
        "figures.csv:8: value: '0x10' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of =1+1": (cell("figures", 8, value='=1+1'), [
        "figures.csv:8: value: '=1+1' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of ½": (cell("figures", 8, value='½'), [
        "figures.csv:8: value: '½' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of -0": (cell("figures", 8, value='-0'), [
        "figures.csv:8: value: '-0' — expected 1, as printed in 1~2个月; correct the cell or the "
        "printed text [value-disagrees]",
    ]),
    "digits joined by an underscore": (cell("figures", 8, value="1_000"), [
        "figures.csv:8: value: '1_000' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
        "figures.csv:8: value: '1_000' — expected 1, as printed in 1~2个月; correct the cell or the "
        "printed text [value-disagrees]",
    ]),
    "full-width digits": (cell("figures", 8, value="１"), [
        "figures.csv:8: value: '１' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    "a value of 400 digits": (cell("figures", 8, value="9" * 400), [
        "figures.csv:8: value: '999999999999999999999999999999999999999999999999999999999999999999999"
        "999999999999999999999999999999999999999999999999999…' — expected a number such as 12 or "
        "0.98, of at most 15 digits, without separators and units; correct the cell [type]",
    ]),
    "a paragraph of 400 digits": (cell("figures", 8, paragraph="9" * 400), [
        "figures.csv:8: paragraph: '99999999999999999999999999999999999999999999999999999999999999999"
        "9999999999999999999999999999999999999999999999999999999…' — expected a whole number of at "
        "most 15 digits, such as 12; correct the cell [type]",
    ]),
    "a span that runs backwards": (cell("figures", 8, start="90", end="80"), [
        "figures.csv:8: end: '80' — expected 95, for 5 printed characters from 90; correct "
        "start, end or printed [impossible-span]",
    ]),
    "a span before the document": (cell("figures", 8, start="-5"), [
        "figures.csv:8: start: '-5' — expected a whole number of at most 15 digits, such as 12; "
        "correct the cell [type]",
    ]),
    "an empty span": (cell("figures", 8, start="85"), [
        "figures.csv:8: end: '85' — expected 90, for 5 printed characters from 85; correct "
        "start, end or printed [impossible-span]",
    ]),
    "a span without an end": (cell("figures", 8, start="999999999999999", end="999999999999999"), [
        "figures.csv:8: end: '999999999999999' — expected 1000000000000004, for 5 printed "
        "characters from 999999999999999; correct start, end or printed [impossible-span]",
    ]),
    "the year 0": (cell("figures", 2, year="0000"), [
        "figures.csv:2: year: '0000' — expected years from 1949 to 2100; correct the year "
        "[year-range]",
    ]),
    "a year with two digits swapped": (cell("figures", 3, year="2201"), [
        "figures.csv:3: year: '2201' — expected years from 1949 to 2100; correct the year "
        "[year-range]",
    ]),
    "a range of all years": (cell("figures", 2, year="0000/9999"), [
        "figures.csv:2: year: '0000/9999' — expected years from 1949 to 2100; correct the year "
        "[year-range]",
        "codings.csv:2: numerator: 'qingxi.venues.amount' — expected the choice "
        "qingxi.year-0000-9999 in data/raw/choices.csv, since the money is of 0000/9999; add it with a "
        "reading for each of these years [missing-choice]",
    ]),
    "a month in place of a year": (cell("figures", 2, year="2021-05"), [
        "figures.csv:2: year: '2021-05' — expected a year such as 2021, or the first and last year of"
        " a range, such as 2018/2021; correct the cell [form]",
    ]),
    "a date in the far future": (cell("sources", 2, published="9999-12-31"), [
        "sources.csv:2: published: '9999-12-31' — expected years from 1949 to 2100; correct the date "
        "[year-range]",
    ]),
    "a date with a time": (cell("sources", 2, published="2021-05-01T00:00"), [
        "sources.csv:2: published: '2021-05-01T00:00' — expected a date such as 2021-09-26, a year "
        "such as 2021, or a range such as 2018/2021; correct the cell [form]",
    ]),
    "a week": (cell("sources", 2, published="2021-W10-1"), [
        "sources.csv:2: published: '2021-W10-1' — expected a date such as 2021-09-26, a year such as "
        "2021, or a range such as 2018/2021; correct the cell [form]",
    ]),
    "an encoding that is a cipher": (cell("sources", 2, encoding="rot13"), [
        "sources.csv:2: encoding: 'rot13' — expected the name of an encoding, such as utf-8, gb18030 "
        "or big5; correct the cell [encoding]",
    ]),
    "an encoding that escapes": (cell("sources", 2, encoding="unicode_escape"), [
        "sources.csv:2: encoding: 'unicode_escape' — expected the name of an encoding, such as utf-8,"
        " gb18030 or big5; correct the cell [encoding]",
    ]),
    "an encoding of host names": (cell("sources", 2, encoding="idna"), [
        "sources.csv:2: encoding: 'idna' — expected the name of an encoding, such as utf-8, gb18030 "
        "or big5; correct the cell [encoding]",
    ]),
    # Arithmetic that wants to be a program, or to take for ever.
    "a division by zero": (cell("codings", 2, numerator="1 / 0"), [
        "codings.csv:2: numerator: '1 / 0' — expected figure ids of data/raw/figures.csv, with + - * "
        "between spaces; correct it, or add the row there [dangling-id]",
    ]),
    "a built-in function": (cell("codings", 2, numerator="__import__('os').system('id')"), [
        'codings.csv:2: numerator: "__import__(\'os\').system(\'id\')" — expected figure ids of '
        "data/raw/figures.csv, with + - * between spaces; correct it, or add the row there "
        "[dangling-id]",
    ]),
    "an attribute": (cell("codings", 2, numerator=f"{FIGURE}.__class__.__mro__"), [
        "codings.csv:2: numerator: 'qingxi.venues.new.__class__.__mro__' — expected figure ids of "
        "data/raw/figures.csv, with + - * between spaces; correct it, or add the row there "
        "[dangling-id]",
    ]),
    "a power": (cell("codings", 2, numerator=f"{FIGURE} ** 9999999"), [
        "codings.csv:2: numerator: 'qingxi.venues.new ** 9999999' — expected figure ids of "
        "data/raw/figures.csv, with + - * between spaces; correct it, or add the row there "
        "[dangling-id]",
    ]),
    "a template": (cell("codings", 2, numerator="{0.__class__}"), [
        "codings.csv:2: numerator: '{0.__class__}' — expected figure ids of data/raw/figures.csv, "
        "with + - * between spaces; correct it, or add the row there [dangling-id]",
    ]),
    "deep nesting": (cell("codings", 2, numerator="(" * 2_000 + FIGURE + ")" * 2_000), [
        "codings.csv:2: numerator: '((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
        "(((((((((((((((((((((((((((((((((((((((((((((((((((((((…' — expected figure ids of "
        "data/raw/figures.csv, with + - * between spaces; correct it, or add the row there "
        "[dangling-id]",
    ]),
    "an operator without a right side": (cell("codings", 2, numerator=f"{FIGURE} - "), [
        "codings.csv:2: numerator: 'qingxi.venues.new -' — expected figure ids of "
        "data/raw/figures.csv, with + - * between spaces; correct it, or add the row there "
        "[dangling-id]",
    ]),
    "a huge product": (
        cell("codings", 2, numerator=" * ".join(["999999999999999"] * 200 + ["qingxi.venues.amount"])), [
        "codings.csv:2: numerator: '999999999999999 * 999999999999999 * 999999999999999 * "
        "999999999999999 * 999999999999999 * 999999999999999 * 999999999999…' — expected a result of "
        "zero or more, not inf; correct the arithmetic [coding-result]",
    ]),
    "a product of one figure with itself": (cell("codings", 2, numerator=" * ".join([FIGURE] * 200)), [
        "codings.csv:2: numerator: 'qingxi.venues.new * qingxi.venues.new * qingxi.venues.new * "
        "qingxi.venues.new * qingxi.venues.new * qingxi.venues.new * …' — expected arithmetic over "
        "figure ids whose units go together; correct it: cannot multiply 'venue' by 'venue': one must"
        " be a rate per the other [arithmetic]",
    ]),
    "a denominator of zero": (cell("codings", 2, denominator=f"{FIGURE} - {FIGURE}"), [
        "codings.csv:2: numerator: 'qingxi.venues.amount' — expected arithmetic over figure ids whose"
        " units go together; correct it: division by 0 venue; a denominator must be above zero "
        "[arithmetic]",
    ]),
    "a denominator that is nearly zero": (cell("codings", 2, denominator="0." + "0" * 320 + "1 venue"), [
        "codings.csv:2: numerator: 'qingxi.venues.amount' — expected a result of zero or more, not "
        "inf; correct the arithmetic [coding-result]",
    ]),
    "an identity beyond all numbers": (cell("identities", 2, left="9" * 400 + " venue"), [
        "identities.csv:2: left: '9999999999999999999999999999999999999999999999999999999999999999999"
        "99999999999999999999999999999999999999999999999999999…' — expected arithmetic over figure "
        "ids whose units go together; correct it: the result is too large [arithmetic]",
    ]),
    "a reading that requires what nobody can compute": (
        cell("readings", 5, requires=f"{FIGURE} <= {'9' * 400} venue"), [
        "readings.csv:5: requires: 'qingxi.venues.new <= 99999999999999999999999999999999999999999999"
        "9999999999999999999999999999999999999999999999999999999…' — expected arithmetic over figure "
        "ids whose units go together; correct it: the result is too large [arithmetic]",
    ]),
    "a reading that requires itself": (cell("readings", 5, requires="qingxi.scope=new"), [
        "readings.csv:5: requires: 'qingxi.scope=new' — expected a + b <= c over figure ids; correct "
        "it: 'qingxi.scope=new' has no relation; expected ' = ', ' <= ' or ' >= ' between two sides "
        "[arithmetic]",
    ]),
    "a chain of comparisons": (cell("readings", 5, requires="1 <= 2 <= 3"), [
        "readings.csv:5: requires: '2 <= 3' — expected figure ids of data/raw/figures.csv, with + - *"
        " between spaces; correct it, or add the row there [dangling-id]",
    ]),
    "a condition that contradicts itself": (
        cell("codings", 2, when="qingxi.scope=all; qingxi.scope=new"), [
        "codings.csv:2: when: 'qingxi.scope=all; qingxi.scope=new' — expected each choice once; "
        "correct the cell [coding-when]",
        "codings.csv:3: when: 'qingxi.scope=new' — expected a reading under which line 2, which codes"
        " the same measure, does not hold; tell the two apart, or remove one [coding-twice]",
    ]),
    "a condition of semicolons": (cell("codings", 2, when=";" * 1_000), [
        "codings.csv:2: when: ';;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;"
        ";;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;…' — expected choice=reading, or several "
        "of them joined by a semicolon; correct the cell [coding-when]",
    ]),
    "a condition on an unknown reading": (cell("codings", 2, when="qingxi.scope=ALL"), [
        "codings.csv:2: when: 'qingxi.scope=ALL' — expected a choice and a reading of "
        "data/raw/readings.csv; correct it, or add the row there [dangling-id]",
    ]),
    "a sum of ten thousand figures": (cell("codings", 2, numerator=" + ".join([FIGURE] * 5_000)), [
        "codings.csv:2: numerator: 'qingxi.venues.new + qingxi.venues.new + qingxi.venues.new + "
        "qingxi.venues.new + qingxi.venues.new + qingxi.venues.new + …' — expected at most 5,000 "
        "characters; shorten it [too-long]",
        "codings.csv:2: numerator: 'qingxi.venues.new + qingxi.venues.new + qingxi.venues.new + "
        "qingxi.venues.new + qingxi.venues.new + qingxi.venues.new + …' — expected a result in "
        "CNY/venue or CNY/facility, not in ratio; use other figures or another measure [coding-unit]",
    ]),
    "2^40 combinations of readings": (choices(40), [
        "codings.csv:46: when: 'qingxi.c0=b; qingxi.c1=b; qingxi.c2=b; qingxi.c3=b; qingxi.c4=b; "
        "qingxi.c5=b; qingxi.c6=b; qingxi.c7=b; qingxi.c8=b; qin…' — expected at most 64 combinations"
        " of readings of one measure, not 1,099,511,627,776; decide some of its 40 choices, or give "
        "them fewer readings [coding-when]",
    ]),
}  # fmt: skip
