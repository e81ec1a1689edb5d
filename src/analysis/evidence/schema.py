"""The one declaration of the raw tables: fields, types, codes, keys.

Reading, checking, ``datapackage.json`` and ``docs/data-dictionary.md`` are all made from ``TABLES``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["string", "integer", "number", "boolean"]

ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
DOTTED_ID = rf"{ID}(?:\.{ID})+"
READING = rf"{ID}|[0-9]{{4}}"
YEARS = r"[0-9]{4}(?:/[0-9]{4})?"
CODE = r"[a-z][a-z0-9_]*"

QUALIFIERS = {
    "exact": "the number as it stands",
    "approximately": "about (约, 左右): no bound follows",
    "at_least": "that much or more (以上, 多, 余)",
    "nearly": "a little less (近)",
    "below": "less (不足, 以下)",
}
PERIODS = {
    "month": "per month",
    "year": "per year",
    "once": "paid or done once",
    "cumulative": "summed over the years given",
    "none": "no period belongs to it",
}
BASES = {
    "total": "of the whole",
    "per_unit": "for each unit of what is counted",
    "threshold": "a limit that a rule sets",
    "share": "a part of a whole, as a fraction",
}
STATUSES = {
    "achieved": "reported as done",
    "planned": "a plan, an aim or work under way",
    "open": "the text does not say whether it is planned or done",
    "standard": "a rate or rule in force",
    "reported": "a stock or a finding, as it is",
    "superseded": "a later document corrects it (更正为); the note names the figure that holds instead",
}
YEAR_BASES = {
    "stated": "the text names the year, or says “this year” in a document whose date is stated",
    "inferred": "from the date of the document or from its context",
    "unknown": "no year can be given",
}
DATE_BASES = {"stated": "printed in the document", "inferred": "from elsewhere; the note says how"}
EXCLUSION_REASONS = {
    "ordinal": "numbers an item or belongs to a title (一是, 第一书记)",
    "date": "part of a date or time",
    "name": "part of a slogan, name or code (五抓五强, 三会一课, 〔2021〕15号)",
    "structural": "says only how many parts, levels or steps a thing has, or their ratio (两级书记, 1：1：1)",
    "idiom": "part of a word or idiom (统一, 进一步)",
    "elsewhere": "a quantity, but not of the programme: of the country, another place, an example, a law",
    "boilerplate": "belongs to the page, not to the article",
}
ABSENCES = {
    "not_reported": "the source prints no such figure",
    "not_applicable": "the measure has no meaning for the programme",
    "not_comparable": "something is printed that must not be compared",
    "not_coded": "figures of the theme are in the tables, and no coding says what they are evidence for",
}
# That nothing is coded, no coding says.
CODED_ABSENCES = {code: meaning for code, meaning in ABSENCES.items() if code != "not_coded"}
CHOICE_KINDS = {
    "uncertain": "the text does not decide",
    "definitional": "the analyst decides, the same for all programmes",
}
GLOSSED = "traditional_glossed"
SCRIPTS = {
    "simplified": "Simplified Chinese",
    "traditional": "Traditional Chinese",
    GLOSSED: "Traditional Chinese with pinyin glosses",
}
BOUNDS = {
    "lower": "the quantity asked for is at least the value",
    "upper": "the quantity asked for is at most the value",
}
RELATIONS = {"=": "equal", "<=": "not more than", ">=": "not less than"}
EXPECTATIONS = {"holds": "the arithmetic adds up", "fails": "it does not add up: a finding that reports show"}
TERM_FIELDS = ("admin_level", "theme", "object", "works", "funder", "place", "post", "stage")
TERM_FIELD_NAMES = {name: f"codes of the column {name}" for name in TERM_FIELDS} | {
    "glossary": "words of the documents that a stranger needs: the label explains them in a sentence, which "
    "in Chinese begins with the word and a comma or colon",
}
DIMENSIONS = ("object", "works", "funder", "place", "post", "stage")


@dataclass(frozen=True)
class Field:
    """One column. ``codes`` is closed; ``term`` names a field of ``terms.csv`` whose codes are allowed;
    ``refers_to`` is ``table.column``. A table may do without an ``optional`` column."""

    name: str
    description: str
    kind: Kind = "string"
    required: bool = False
    pattern: str | None = None
    codes: Mapping[str, str] | None = None
    term: str | None = None
    refers_to: str | None = None
    minimum: int | None = None
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One CSV file below ``data/raw``."""

    name: str
    path: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def columns(self) -> list[str]:
        """The column names, in the order of the file."""
        return [field.name for field in self.fields]


def _required(name: str, description: str, **rest: Any) -> Field:
    return Field(name, description, required=True, **rest)


def _bilingual(name: str, description: str, *, required: bool = False) -> tuple[Field, Field]:
    return (
        Field(name, description, required=required),
        Field(f"{name}_zh", f"the same in Simplified Chinese: {description}", required=required),
    )


def _dimensions() -> tuple[Field, ...]:
    return (
        Field("object", "what the measure is about", term="object"),
        Field("works", "whether built new, upgraded, or both", term="works"),
        Field(
            "funder", "whose money: all of it, or a subsidy, which is a lower bound on cost", term="funder"
        ),
        Field("place", "kind of place it holds for", term="place"),
        Field("post", "post that is paid", term="post"),
        Field("stage", "before or after a rise", term="stage"),
    )


_SOURCE = _required("source_id", "document", refers_to="sources.source_id")
_SPAN = (
    _required("paragraph", "non-empty line of the document, counted from 1", kind="integer", minimum=1),
    _required("start", "offset of the first character in the decoded file", kind="integer", minimum=0),
    _required("end", "offset after the last character", kind="integer", minimum=1),
    _required("printed", "numeral, unit and adjacent qualifiers as printed, unglossed and Simplified"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "terms",
            "terms.csv",
            "Codes that a curator may add to, with their names. Reports order by rank.",
            ("field", "code"),
            (
                _required("field", "column in which the code is used", codes=TERM_FIELD_NAMES),
                _required("code", "code", pattern=CODE),
                _required("rank", "order in reports", kind="integer", minimum=1),
                *_bilingual("label", "name in reports", required=True),
            ),
        ),
        Table(
            "programmes",
            "programmes.csv",
            "The places compared. They are not all of one administrative level.",
            ("programme_id",),
            (
                _required("programme_id", "id of the programme, also the name of its report", pattern=ID),
                *_bilingual("label", "name of the place", required=True),
                Field(
                    "label_zh_hant",
                    "the same in Traditional Chinese, where the Simplified name is not converted right; a "
                    "table may do without the column",
                    optional=True,
                ),
                _required("admin_level", "administrative level", term="admin_level"),
                Field(
                    "division_code",
                    "code of the division (GB/T 2260), by which the series of its region are found",
                    pattern=r"[1-9][0-9]{5}",
                ),
                *_bilingual("parent", "prefecture-level city; empty where the source does not say"),
                *_bilingual("province", "province; empty where the source does not say"),
                *_bilingual("programme_name", "what the programme is called", required=True),
                *_bilingual("note", "what a reader must know of the place"),
            ),
        ),
        Table(
            "sources",
            "sources.csv",
            "The documents, identified by their SHA-256. Their text is not part of the project.",
            ("source_id",),
            (
                _required("source_id", "id of the document", pattern=ID),
                _required("programme_id", "programme it reports", refers_to="programmes.programme_id"),
                _required("title", "title as printed; in brackets where it is supplied"),
                _required("title_en", "title in English"),
                Field("author", "author as printed; empty where none is printed"),
                Field("publisher", "publisher as printed; empty where none is printed"),
                _required(
                    "published",
                    "date, year or range of years",
                    pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}|" + YEARS,
                ),
                _required("date_basis", "how the date is known", codes=DATE_BASES),
                *_bilingual("date_note", "how an inferred date was inferred"),
                _required("script", "script of the document on disk", codes=SCRIPTS),
                _required("file", "file name in the folder of the documents", pattern=r"\w[\w.-]*"),
                _required("encoding", "encoding of the file"),
                _required("sha256", "SHA-256 of the bytes on disk", pattern=r"[0-9a-f]{64}"),
                _required("paragraphs", "number of non-empty lines", kind="integer", minimum=1),
                Field("url", "where it is published"),
                Field("accessed", "day on which it was read there", pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
                Field("archive", "where a copy is archived"),
            ),
        ),
        Table(
            "figures",
            "figures.csv",
            "One row for each quantity printed in a document.",
            ("figure_id",),
            (
                _required("figure_id", "id; stable and never reused", pattern=DOTTED_ID),
                _SOURCE,
                *_SPAN,
                _required("value", "value in base units (元, persons; a share as a fraction)", kind="number"),
                Field(
                    "value_to", "upper end of a printed range (1~2个月); empty for one value", kind="number"
                ),
                _required("unit", "unit code; see the list of units"),
                _required("qualifier", "word that limits the value", codes=QUALIFIERS),
                _required("period", "what stretch of time the value is for", codes=PERIODS),
                _required("basis", "what the value is a value of", codes=BASES),
                _required("status", "whether done, planned, a standard or a stock as it is", codes=STATUSES),
                Field("year", "year, or first/last year of a range; empty where unknown", pattern=YEARS),
                _required("year_basis", "how the year is known", codes=YEAR_BASES),
                _required("subject", "what is counted"),
                _required("theme", "theme", term="theme"),
                Field("note", "what a reader must know of the figure"),
                _required("subject_zh", "what is counted, in Simplified Chinese"),
                Field("note_zh", "the note in Simplified Chinese"),
            ),
        ),
        Table(
            "exclusions",
            "exclusions.csv",
            "Numerals of a document that are no figure. With the figures they account for every numeral.",
            ("source_id", "start"),
            (
                _SOURCE,
                *_SPAN,
                _required("reason", "why it is no figure", codes=EXCLUSION_REASONS),
                Field("note", "note"),
            ),
        ),
        Table(
            "choices",
            "choices.csv",
            "Open questions about what figures mean.",
            ("choice_id",),
            (
                _required("choice_id", "id", pattern=rf"{ID}(?:\.{ID})*"),
                Field("programme_id", "programme; empty for all", refers_to="programmes.programme_id"),
                _required("kind", "who decides", codes=CHOICE_KINDS),
                *_bilingual("question", "the question", required=True),
                *_bilingual(
                    "matter", "what is open, as a clause that completes “depending on …” (“取决于…”)"
                ),
                *_bilingual("note", "note"),
            ),
        ),
        Table(
            "readings",
            "readings.csv",
            "Possible answers to a choice. One whose required arithmetic fails is infeasible: shown, "
            "never used.",
            ("choice_id", "reading"),
            (
                _required("choice_id", "choice", refers_to="choices.choice_id"),
                _required(
                    "reading",
                    "id of the answer; a year where that is open",
                    pattern=READING,
                ),
                _required("rank", "order in reports", kind="integer", minimum=1),
                _required("is_default", "true for exactly one reading of a choice", kind="boolean"),
                *_bilingual("label", "the answer", required=True),
                Field("requires", "arithmetic that must hold for the reading to be feasible"),
                *_bilingual("reason", "why it is read so, or what rules it out"),
            ),
        ),
        Table(
            "codings",
            "codings.csv",
            "What figures are evidence for: the terms of one measure for one programme, under one reading.",
            ("coding_id",),
            (
                _required("coding_id", "id", pattern=DOTTED_ID),
                _required("programme_id", "programme", refers_to="programmes.programme_id"),
                _required("measure", "measure; see the list of measures"),
                *_dimensions(),
                Field("numerator", "arithmetic over figure ids: a + b, a - b, 3 venue * a"),
                Field("denominator", "arithmetic that the numerator is divided by; empty for none"),
                Field("when", "choice=reading under which the row holds; several joined by ;"),
                Field("bound", "the value only bounds the quantity asked for", codes=BOUNDS),
                Field("status", "replaces the status of the figures under this reading", codes=STATUSES),
                Field("absence", "why there is no value; then no numerator", codes=CODED_ABSENCES),
                *_bilingual("note", "why so"),
            ),
        ),
        Table(
            "identities",
            "identities.csv",
            "Arithmetic that a text implies. One that fails is a finding, if it is declared as failing.",
            ("identity_id",),
            (
                _required("identity_id", "id", pattern=DOTTED_ID),
                _SOURCE,
                _required("left", "arithmetic over figure ids"),
                _required("relation", "relation", codes=RELATIONS),
                _required("right", "arithmetic over figure ids"),
                _required("expected", "whether it is known to hold", codes=EXPECTATIONS),
                *_bilingual("note", "what it says", required=True),
            ),
        ),
        Table(
            "reference_series",
            "reference/reference_series.csv",
            "Consumer prices and rural income of the whole country. The old-scope net income must not be "
            "spliced to the disposable income.",
            ("series", "year"),
            (
                _required("series", "series", pattern=CODE),
                _required("year", "year", kind="integer", minimum=1949),
                _required("value", "value", kind="number"),
                _required("unit", "percent, or yuan per person per year"),
                _required("source", "the release: who, and when"),
            ),
        ),
        Table(
            "regional_series",
            "reference/regional_series.csv",
            "Consumer prices and income of provinces and places; published levels only. The next larger "
            "region follows from the code of one: 611002 is in 611000, and that in 610000.",
            ("series", "region_code", "year", "when"),
            (
                _required("series", "series", pattern=CODE),
                _required("region_code", "code of the region (GB/T 2260)", pattern=r"[1-9][0-9]{5}"),
                *_bilingual("region", "name of the region", required=True),
                _required("year", "year", kind="integer", minimum=1949),
                _required("value", "value", kind="number"),
                _required("unit", "yuan per person per year, or previous year = 100"),
                _required("source", "the release: who, and when"),
                Field("when", "choice=reading under which the value holds, where two are in print"),
            ),
        ),
    )
}
