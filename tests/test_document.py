"""A document with its marks: what the page draws of it, and its marks as W3C Web Annotations and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from invented import write_country
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis import cli
from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.rows import Source, rows_of
from analysis.evidence.sources import Document
from analysis.show.document import annotations
from analysis.show.document.annotations import AnnotationError
from analysis.show.document.marks import Marked, marked
from analysis.show.document.view import DocumentView
from analysis.words.language import Text

SOURCE = "synthetic-0001"
SELECTORS = {"TextPositionSelector", "TextQuoteSelector"}


class Strict(BaseModel):
    """Holds what it declares and nothing else: of a quotation neither prefix nor suffix."""

    model_config = ConfigDict(extra="forbid", strict=True)


Iri = Annotated[str, Field(pattern=r"^(urn:uuid:[0-9a-f-]{36}|ni:///sha-256;[\w-]{43})$")]
Offset = Annotated[int, Field(ge=0)]


class Body(Strict):
    type: Literal["TextualBody"]
    purpose: Literal["tagging", "classifying", "identifying"]
    value: Annotated[str, Field(min_length=1)]
    format: Literal["text/plain"]


class Position(Strict):
    type: Literal["TextPositionSelector"]
    start: Offset
    end: Offset


class Quote(Strict):
    type: Literal["TextQuoteSelector"]
    exact: Annotated[str, Field(min_length=1)]


class Target(Strict):
    source: Iri
    selector: Annotated[list[Position | Quote], Field(min_length=2, max_length=2)]


class Annotation(Strict):
    id: Iri
    type: Literal["Annotation"]
    motivation: Literal["classifying"]
    body: Annotated[list[Body], Field(min_length=2, max_length=3)]
    target: Target


class Page(Strict):
    id: Iri
    type: Literal["AnnotationPage"]
    startIndex: Literal[0]
    items: list[Annotation]


class Collection(Strict):
    """The Web Annotation Data Model as far as an export uses it: https://www.w3.org/TR/annotation-model/."""

    context: Literal["http://www.w3.org/ns/anno.jsonld"] = Field(alias="@context")
    id: Iri
    type: Literal["AnnotationCollection"]
    label: str
    total: Offset
    first: Page


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three invented places with their documents."""
    root = tmp_path_factory.mktemp("country")
    write_country(root, 3, 1, sources=True)
    return root


@pytest.fixture(scope="module")
def places(country: Path) -> Dataset:
    return processed.load(country)


@pytest.fixture
def found(country: Path, places: Dataset) -> Marked:
    return marked(places, SOURCE, country / "sources")


def shaken(found: Marked, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return an export in which the first annotation was changed."""
    collection = json.loads(annotations.to_json(found))
    change(collection["first"]["items"][0])
    return json.dumps(collection).encode()


# Out and back


def test_an_export_has_the_shape_of_the_standard(found: Marked) -> None:
    collection = Collection.model_validate_json(annotations.to_json(found))
    items = collection.first.items
    assert collection.total == len(items) == len(found.marks)
    assert len({item.id for item in items}) == len(items)
    assert all({each.type for each in item.target.selector} == SELECTORS for item in items)
    more = shaken(found, lambda item: item["target"]["selector"][1].update(prefix="新建"))
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Collection.model_validate_json(more)


def test_an_export_holds_no_word_of_the_document_but_the_numerals(found: Marked) -> None:
    items = json.loads(annotations.to_json(found))["first"]["items"]
    for mark, item in zip(found.marks, items, strict=True):
        place, quote = item["target"]["selector"]
        assert (place["start"], place["end"]) == (mark.start, mark.end)
        assert quote["exact"] == found.document.raw[mark.start : mark.end]
    assert annotations.to_json(found) == annotations.to_json(found)


@pytest.mark.parametrize("source", [SOURCE, f"{SOURCE}-later", "synthetic-0003"])
def test_what_is_exported_comes_back_without_loss(country: Path, places: Dataset, source: str) -> None:
    found = marked(places, source, country / "sources")
    assert annotations.from_json(annotations.to_json(found), found) == found.marks


def test_all_367_spans_of_the_five_documents_come_back(data: Dataset, sources_dir: Path) -> None:
    back = []
    for source in data.sources["source_id"]:
        found = marked(data, source, sources_dir)
        content = annotations.to_json(found)
        assert Collection.model_validate_json(content).total == len(found.marks)
        back += annotations.from_json(content, found)
        assert annotations.compare(found.marks, annotations.from_json(content, found)).is_none
    rows = [*data.figures["start"], *data.tables["exclusions"]["start"]]
    assert len(back) == len(rows) == 367


def test_what_differs_is_named_on_either_side(found: Marked) -> None:
    first, *others = found.marks
    content = shaken(found, lambda item: item["body"][1].update(value="elsewhere"))
    told = annotations.compare(found.marks, annotations.from_json(content, found))
    assert (told.same, told.is_none) == (len(others), False)
    name = first.figure_id or first.kind
    assert str(told).splitlines() == [
        f"{len(others)} of {len(found.marks)} marks of the tables are in the file",
        f"only in the tables: {first.start}..{first.end} {first.exact!r} {name} ({first.code})",
        f"only in the file: {first.start}..{first.end} {first.exact!r} {name} (elsewhere)",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda item: item["target"].update(source="ni:///sha-256;x"),
         "annotation 1: it is on another document (ni:///sha-256;x), not on synthetic-0001 ("),
        (lambda item: item["target"]["selector"][0].update(start=0, end=2),
         "does not stand at 0..2 of the document"),
        (lambda item: item["target"]["selector"].pop(), "annotation 1: not as export writes it ("),
        (lambda item: item["body"][0].update(value="picture"),
         "annotation 1: 'picture' is neither figure nor exclusion"),
        (lambda item: item.pop("body"), "annotation 1: not as export writes it ('body' is missing)"),
    ],
)  # fmt: skip
def test_an_annotation_that_is_none_of_the_document_is_named(
    found: Marked, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(AnnotationError) as caught:
        annotations.from_json(shaken(found, change), found)
    assert said in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"first": {}}'])
def test_a_file_that_is_no_collection_is_refused(found: Marked, content: bytes) -> None:
    with pytest.raises(AnnotationError, match=r"^no annotation collection with its items in its first page$"):
        annotations.from_json(content, found)


# The document at hand


def test_a_source_that_there_is_not(places: Dataset) -> None:
    with pytest.raises(InputError, match=r"^no source 'synthetic-001'; did you mean synthetic-0001 or "):
        marked(places, "synthetic-001")


def test_another_document_is_not_marked(places: Dataset, tmp_path: Path) -> None:
    (tmp_path / f"{SOURCE}.txt").write_text("青溪县新建3个场所。", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        marked(places, SOURCE, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / SOURCE}.txt: its SHA-256 is ")
    assert str(caught.value).endswith("use the document that they were read from")


def test_the_command_exports_and_compares(
    country: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], found: Marked
) -> None:
    file, count = tmp_path / "marks.jsonld", len(found.marks)
    asked = ["--data", str(country), "document", SOURCE, "--sources", str(country / "sources")]
    assert cli.main([*asked, "--export", str(file)]) == 0
    assert cli.main([*asked, "--import", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}\n{count} of {count} marks of the tables are in the file\n"
    file.write_bytes(shaken(found, lambda item: item["body"][1].update(value="elsewhere")))
    assert cli.main([*asked, "--import", str(file)]) == 1


# What the page draws


def test_every_mark_stands_in_the_text_once_and_no_letter_is_lost(places: Dataset, found: Marked) -> None:
    state = DocumentView(places, found, Text.of("en")).state()
    pieces = [piece for paragraph in state["paragraphs"] for piece in paragraph["pieces"]]
    assert sorted(piece["row"] for piece in pieces if "row" in piece) == [*range(len(found.marks))]
    assert "".join(piece["text"] for piece in pieces) == "".join(found.document.clean.split("\n"))
    for piece in pieces:
        if "row" in piece:
            assert piece["text"] == state["marks"][piece["row"]]["printed"]


def test_a_figure_is_used_if_a_measure_rests_on_it(places: Dataset, found: Marked) -> None:
    marks = DocumentView(places, found, Text.of("en")).state()["marks"]
    figures = [mark for mark in marks if mark["kind"] == "figure"]
    sides = " ".join(places.codings["numerator"] + " " + places.codings["denominator"]).split()
    assert {mark["id"] for mark in figures if mark["used"]} == {
        mark["id"] for mark in figures if mark["id"] in sides
    }
    assert sum(number for *_, number in DocumentView(places, found, Text.of("en"))._themes()) == len(figures)


def test_the_inspector_leads_from_a_figure_to_codings_estimates_and_sentences(
    places: Dataset, found: Marked
) -> None:
    view = DocumentView(places, found, Text.of("en"))
    names = [mark.figure_id for mark in found.marks]
    told = view.inspected(names.index(f"{SOURCE}.pay.head-split.after"))
    sections = {heading: [line["text"] for line in lines] for heading, lines in told["sections"]}
    assert ["As printed", "6000元"] in [list(pair) for pair in told["facts"]]
    assert any(line.startswith("Yearly pay · ") for line in sections["Evidence for"])
    assert any("72,000 yuan" in line for line in sections["Estimates that use it"])
    assert any("to 6,000 yuan a month" in line for line in sections["What reports and memos say of it"])


def test_a_sentence_of_reports_and_memos_belongs_to_the_figures_that_it_rests_on(data: Dataset) -> None:
    [source] = rows_of(Source, data.sources, source_id="ludian")
    view = DocumentView(data, Marked(source, Document.from_text("", "ludian"), ()), Text.of("en"))
    venues = (
        "Spending on 79 new or upgraded village venues came to 59.56 million yuan, about 754,000 yuan each."
    )
    assert dict(view._sentences)[venues] == {"ludian.village-venues.amount", "ludian.village-venues.count"}
