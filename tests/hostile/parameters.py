"""Broken parameter files, each with every message that it must get."""

from __future__ import annotations

# The file, and the messages without ``params/report.yaml``.
BROKEN: dict[str, tuple[bytes, list[str]]] = {
    "a bomb of aliases": (b"a: &a [x, x]\nb: &b [*a, *a]\nprogramme: *b\n", [
        ":1: &a — expected no anchors or aliases; write the value out, in quotation marks",
        ":2: &b — expected no anchors or aliases; write the value out, in quotation marks",
        ":2: *a — expected no anchors or aliases; write the value out, in quotation marks",
        ":2: *a — expected no anchors or aliases; write the value out, in quotation marks",
        ":3: *b — expected no anchors or aliases; write the value out, in quotation marks",
    ]),
    "a shell command": (b"programme: !!python/object/apply:os.system [id]\n", [
        ":1: tag:yaml.org,2002:python/object/apply:os.system — expected no tags; write the plain "
        "value",
    ]),
    "a file to include": (b"programme: !include secret.yaml\n", [
        ":1: !include — expected no tags; write the plain value",
    ]),
    "bytes": (b"programme: !!binary cWluZ3hp\n", [
        ":1: tag:yaml.org,2002:binary — expected no tags; write the plain value",
    ]),
    "a merged key": (b"<<: {language: fr}\nprogramme: qingxi\n", [
        ":1: << — expected no merged keys; write the keys out",
    ]),
    "a merged alias": (b"base: &base {language: en}\n<<: *base\nprogramme: qingxi\n", [
        ":1: &base — expected no anchors or aliases; write the value out, in quotation marks",
        ":2: << — expected no merged keys; write the keys out",
        ":2: *base — expected no anchors or aliases; write the value out, in quotation marks",
    ]),
    "another version of YAML": (b"%YAML 9.9\n---\nprogramme: qingxi\n", [
        ":1: found incompatible YAML document (version 1.* is required) — expected YAML; correct this"
        " line",
    ]),
    "a second document": (b"programme: qingxi\n---\nprogramme: qingxi\n", [
        ":2: but found another document — expected YAML; correct this line",
    ]),
    "a key twice, once in quotation marks": (b"programme: qingxi\n'programme': baishui\n", [
        ":2: programme: repeated — expected each key once; it stands already in line 1; remove one of"
        " them",
    ]),
    "a number of 12,000 digits": (b"programme: qingxi\nprice_year: " + b"9" * 12_000, [
        ":2: '99999999999999999999999999999999999999999999999999999999… — expected a number in at "
        "most 15 plain digits; write it so, or in quotation marks if it is none",
    ]),
    "a hexadecimal number of 12,000 digits": (b"programme: qingxi\nprice_year: 0x" + b"f" * 12_000, [
        ":2: '0xffffffffffffffffffffffffffffffffffffffffffffffffffffff… — expected a number in at "
        "most 15 plain digits; write it so, or in quotation marks if it is none",
    ]),
    "a number to the base of 60, for ever": (b"programme: qingxi\nprice_year: 1" + b":59" * 4_000, [
        ":2: '1:59:59:59:59:59:59:59:59:59:59:59:59:59:59:59:59:59:59:… — expected a number in at "
        "most 15 plain digits; write it so, or in quotation marks if it is none",
    ]),
    "a time that YAML takes for the number 2021": (b"programme: qingxi\nprice_year: 33:41\n", [
        ":2: '33:41' — expected a number in at most 15 plain digits; write it so, or in quotation "
        "marks if it is none",
    ]),
    "an octal number that would be 2022": (b"programme: qingxi\nprice_year: 03746\n", [
        ":2: '03746' — expected a number in at most 15 plain digits; write it so, or in quotation "
        "marks if it is none",
    ]),
    "infinity": (b"programme: qingxi\nprice_year: .inf\n", [
        ":2: price_year: inf — expected a year from 1978 to 2100 as a plain number, printed or null; correct "
        "the value",
    ]),
    "a date as a year": (b"programme: qingxi\nprice_year: 2021-01-01\n", [
        ":2: price_year: datetime.date(2021, 1, 1) — expected a year from 1978 to 2100 as a plain "
        "number, printed or null; correct the value",
    ]),
    "a date as a programme": (b"programme: 2021-01-01\n", [
        ":1: programme: datetime.date(2021, 1, 1) — expected one of the programmes qingxi; correct "
        "the value",
    ]),
    "a day that is none": (b"programme: qingxi\nprice_year: 2021-02-30\n", [
        ": day is out of range for month — expected YAML; correct this line",
    ]),
    "yes and no": (b"programme: yes\nlanguage: no\n", [
        ":1: programme: True — expected one of the programmes qingxi; correct the value",
        ":2: language: False — expected one of the languages en, zh-Hans, zh-Hant; choose one of "
        "these",
    ]),
    "nothing": (b"programme: ~\n", [
        ":1: programme: None — expected one of the programmes qingxi; correct the value",
    ]),
    "keys that are no text": (b"1: x\ntrue: x\n~: x\n2021-01-01: x\nprogramme: qingxi\n", [
        ":1: 1: unknown key — expected one of the keys programme, language, price_year, "
        "with_sentences, peers; choose one of these",
        ":2: true: unknown key — expected one of the keys programme, language, price_year, "
        "with_sentences, peers; choose one of these",
        ":3: ~: unknown key — expected one of the keys programme, language, price_year, "
        "with_sentences, peers; choose one of these",
        ":4: 2021-01-01: unknown key — expected one of the keys programme, language, price_year, "
        "with_sentences, peers; choose one of these",
    ]),
    "a list as a key": (b"? [a, b]\n: x\nprogramme: qingxi\n", [
        ":1: found a key that is no word — expected YAML; correct this line",
    ]),
    "a key without a name": (b"'': x\nprogramme: qingxi\n", [
        ":1: unknown key — expected one of the keys programme, language, price_year, "
        "with_sentences, peers; choose one of these",
    ]),
    "deep lists": (b"programme: " + b"[" * 8_000, [
        ":1: nested too deeply — expected at most 4 levels; write plain values and lists",
    ]),
    "deep mappings": (b"{a: " * 4_000, [
        ":1: nested too deeply — expected at most 4 levels; write plain values and lists",
    ]),
    "NUL": (b"programme: qing\0xi\n", [
        ":1: special characters are not allowed — expected YAML; correct this line",
    ]),
    "an escaped escape": (b'programme: "qing\\x1b[2Jxi"\n', [
        ":1: programme: 'qing\\x1b[2Jxi' — expected one of the programmes qingxi; did you mean "
        "'qingxi'?",
    ]),
    "an escape in a key": (b'"\\x1b[2J": x\nprogramme: qingxi\n', [
        ':1: \\x1b[2J: unknown key — expected one of the keys programme, language, price_year, '
        "with_sentences, peers; choose one of these",
    ]),
    "text that runs backwards": ("programme: \u202eqingxi\n".encode(), [
        ":1: programme: '\\u202eqingxi' — expected one of the programmes qingxi; did you mean "
        "'qingxi'?",
    ]),
    "UTF-16": ("programme: qingxi\n".encode("utf-16"), [
        ": byte 0xff at 0 — expected a text file of at most 16384 bytes in UTF-8; save it as UTF-8",
    ]),
    "a tab": (b"programme:\tqingxi\n\tlanguage: en\n", [
        ":1: found character '\\t' that cannot start any token — expected YAML; correct this line",
    ]),
    "folders above and below": (b"programme: ../../etc\npeers: [../x, a/b, '']\n", [
        ":1: programme: '../../etc' — expected one of the programmes qingxi; choose one of these",
        ":2: peers: '../x' — expected a list of programmes out of qingxi, or null for all; choose one"
        " of these",
        ":2: peers: 'a/b' — expected a list of programmes out of qingxi, or null for all; choose one "
        "of these",
        ":2: peers: '' — expected a list of programmes out of qingxi, or null for all; choose one of "
        "these",
    ]),
    "a folder to write to": (b"programme: qingxi\ncharts_dir: /\n", [
        ":2: charts_dir: unknown key — expected one of the keys programme, language, price_year, "
        "with_sentences, peers; choose one of these",
    ]),
    "a line break after an id": (b"programme: |\n  qingxi\n", [
        ":1: programme: 'qingxi\\n' — expected one of the programmes qingxi; did you mean 'qingxi'?",
    ]),
    "seven thousand peers": (b"programme: qingxi\npeers: [" + b"x," * 7_000 + b"]\n", [
        ":2: peers: 'x' — expected a list of programmes out of qingxi, or null for all; choose one of"
        " these",
    ]),
    "peers in a mapping": (b"programme: qingxi\npeers: {qingxi, baishui}\n", [
        ":2: peers: {'qingxi': None, 'baishui': None} — expected a list of programmes out of qingxi, "
        "or null for all; correct the value",
    ]),
    "a cell of code": (b"programme: qingxi\"); import os; os.abort() #\n", [
        ':1: programme: \'qingxi"); import os; os.abort()\' — expected one of the programmes qingxi; '
        "choose one of these",
    ]),
    "markup": (b"programme: <script>alert(1)</script>\n", [
        ":1: programme: '<script>alert(1)</script>' — expected one of the programmes qingxi; choose "
        "one of these",
    ]),
    "a template": (b"programme: '{{ 7 * 7 }}'\n", [
        ":1: programme: '{{ 7 * 7 }}' — expected one of the programmes qingxi; choose one of these",
    ]),
}  # fmt: skip
