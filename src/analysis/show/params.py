"""Report parameters: one small YAML file per report, checked completely before anything runs.

A parameter file is data. It is read by safe load, without tags, anchors or repeated keys, and its names can
only be plain ids, so that no file can reach outside the folder of its report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from analysis.evidence.checks.names import file_name_fault
from analysis.evidence.checks.problems import one_line, told
from analysis.evidence.errors import InputError, did_you_mean
from analysis.evidence.themes import THEMES
from analysis.words.languages import LANGUAGES, Language

ID = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)
MAX_BYTES = 16_384
MAX_DEPTH = 4
PRICE_YEARS = range(1978, 2101)
# libyaml, where PyYAML was built with it: thousands of files are read in a second.
QUICK_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What all parameter files are made of, and both loaders read alike: of tabs or tags they think differently.
PLAIN = re.compile(r"""[A-Za-z0-9_ \r\n:#,.'"\[\]-]*""")
# What YAML reads as another number than people do (010 is 8, 33:41 is 2021), or as one without an end.
ODD_NUMBER = re.compile(r"[-+]?(?:0[0-9xXob_].*|[0-9][0-9_]*[_:][0-9_:.]*|[0-9]{16,})", re.ASCII)
MERGE = "<<"
ENDING = ".yaml"
# Other endings that mean it, and what Windows makes of it where it shows no endings.
ALIKE = (ENDING, ".yml", ".yaml.txt", ".yml.txt")


YearOfPrices = Annotated[int, Field(ge=PRICE_YEARS.start, lt=PRICE_YEARS.stop)]


class Parameters(BaseModel):
    """What one report is about; its fields are the parameters of its notebook, by the same names."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    NOTEBOOK: ClassVar[str]

    language: Annotated[str, AfterValidator(lambda spelling: Language.parse(spelling).code)] = "en"
    """The language of the report."""
    price_year: YearOfPrices | Literal["printed"] | None = None
    """The year whose prices amounts are converted to, or as printed; without one as the report does."""
    with_sentences: bool = False
    """Whether the page quotes the sentences of its figures, where the documents are at hand."""

    @classmethod
    def keys(cls) -> list[str]:
        """Return the names of the parameters, those that a file must set first."""
        return sorted(cls.model_fields, key=lambda name: not cls.model_fields[name].is_required())


class ReportParameters(Parameters):
    """The report on one programme."""

    NOTEBOOK = "county_report.ipynb"

    programme: str
    """The programme of the report."""
    peers: list[str] | None = None
    """The programmes shown beside it; ``None`` shows all."""


class ComparisonParameters(Parameters):
    """The comparison of the programmes in one theme."""

    NOTEBOOK = "comparison_report.ipynb"

    theme: Literal[tuple(THEMES)]  # type: ignore[valid-type]
    """The theme compared."""


@dataclass(frozen=True)
class ParameterFault:
    """One fault of a parameter file: where, what stands there, what was expected and what to do."""

    file: str
    line: int | None
    key: str
    value: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        what = " ".join(part for part in (self.key and f"{self.key}:", self.value) if part)
        return one_line(f"{place}: {what or 'file'} — expected {self.expected}; {self.remedy}")


class ParameterError(InputError):
    """Parameter files that cannot be used; ``faults`` holds every fault found."""

    def __init__(self, faults: Sequence[ParameterFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(told(self.faults)))


def load(path: Path, programmes: Collection[str], price_years: range = PRICE_YEARS) -> Parameters:
    """Return the checked parameters of one file; ``price_years`` are those that the price series covers.

    Raises ``ParameterError`` with all faults of the file.
    """
    file = path.as_posix()
    faults = _name_faults(path)
    text = _read(path, faults)
    loader = QUICK_LOADER if PLAIN.fullmatch(text or "") else yaml.SafeLoader
    values, lines = _parse(text, file, faults, loader) if text is not None else ({}, {})
    if faults:
        raise ParameterError(faults)
    parameters, found = _validate(values, programmes, price_years)
    if parameters is None or found:
        found.sort(key=lambda fault: lines.get(fault[0], 0))
        raise ParameterError([ParameterFault(file, lines.get(key), key, *rest) for key, *rest in found])
    return parameters


class Folder(NamedTuple):
    """The parameter files of a folder: those that could be read, and the faults of each and of all."""

    reports: dict[str, Parameters]
    faults: dict[str, list[ParameterFault]]
    of_all: list[ParameterFault]

    def checked(self) -> dict[str, Parameters]:
        """Return the parameters of all reports; raises ``ParameterError`` with every fault."""
        if faults := [*self.of_all, *(fault for found in self.faults.values() for fault in found)]:
            raise ParameterError(faults)
        return self.reports


def read_folder(
    params_dir: Path,
    programmes: Collection[str],
    names: Collection[str] | None = None,
    price_years: range = PRICE_YEARS,
) -> Folder:
    """Return the parameters of all reports of a folder, or of those named, by report name, with all faults.

    A name without a file is a fault of the folder.
    """
    files: dict[str, list[Path]] = {}
    for path in sorted(params_dir.glob("*.*")):
        if path.name.lower().endswith(ALIKE):
            name = path.stem if ID.fullmatch(path.stem) else one_line(path.name)
            files.setdefault(name, []).append(path)
    found = Folder({}, {}, list(_folder_faults(params_dir, files, names)))
    for name in files if not names else dict.fromkeys(name for name in names if name in files):
        faults: list[ParameterFault] = []
        for path in files[name]:
            try:
                found.reports[name] = load(path, programmes, price_years)
            except ParameterError as error:
                faults.extend(error.faults)
        if faults:
            found.reports.pop(name, None)
            found.faults[name] = faults
    return found


def _folder_faults(
    params_dir: Path, files: Collection[str], names: Collection[str] | None
) -> Iterator[ParameterFault]:
    folder = params_dir.as_posix()
    if not files:
        expected = "at least one file <report>.yaml"
        yield ParameterFault(folder, None, "", "", expected, "add one, or name another folder with --params")
    for name in names or ():
        if files and name not in files:
            expected = f"one of the reports {', '.join(files)}"
            yield ParameterFault(folder, None, "report", repr(name), expected, did_you_mean(name, files))


def _name_faults(path: Path) -> list[ParameterFault]:
    if not path.name.endswith(ENDING):
        expected = "the ending .yaml, so that no two files make the same report"
        remedy = f"rename it to {path.name[: path.name.lower().rindex('.y')]}{ENDING}"
        return [ParameterFault(path.as_posix(), None, "", "", expected, remedy)]
    expected = file_name_fault(path.stem)
    if not ID.fullmatch(path.stem):
        expected = "a report name of lower-case letters, digits and hyphens that starts with a letter"
    if not expected:
        return []
    return [ParameterFault(path.as_posix(), None, "file name", repr(path.stem), expected, "rename the file")]


def _read(path: Path, faults: list[ParameterFault]) -> str | None:
    """Return the text of a parameter file, or ``None`` with the fault noted."""
    expected, remedy = f"a text file of at most {MAX_BYTES} bytes in UTF-8", "write it anew in a text editor"
    if not path.is_file():
        faults.append(ParameterFault(path.as_posix(), None, "", "no such file", expected, "check the name"))
        return None
    with path.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        faults.append(ParameterFault(path.as_posix(), None, "", "too large", expected, remedy))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        value = f"byte {content[error.start]:#04x} at {error.start}"
        faults.append(ParameterFault(path.as_posix(), None, "", value, expected, "save it as UTF-8"))
        return None


def _parse(
    text: str, file: str, faults: list[ParameterFault], loader: type[Any]
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the values of a YAML mapping and the line of each key, with all faults of form noted."""
    try:
        if marked := list(_markup_faults(text, loader)):
            faults.extend(ParameterFault(file, line, "", *rest) for line, *rest in marked)
            return {}, {}
        node, values = _compose(text, loader)
    except (yaml.YAMLError, ValueError) as error:
        if loader is not yaml.SafeLoader:
            # The quick loader words its errors in its own way; people read those of the plain one.
            return _parse(text, file, faults, yaml.SafeLoader)
        mark = getattr(error, "problem_mark", None)
        place = mark.line + 1 if mark is not None else None
        if isinstance(error, yaml.reader.ReaderError):
            place = text.count("\n", 0, error.position) + 1
        value = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        faults.append(ParameterFault(file, place, "", value, "YAML", "correct this line"))
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        expected = "lines of the form 'key: value'"
        faults.append(ParameterFault(file, None, "", _shown(values), expected, "begin with 'programme: …'"))
        return {}, {}
    lines: dict[str, int] = {}
    for key_node, _ in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in lines:
            expected = f"each key once; it stands already in line {lines[key]}"
            faults.append(ParameterFault(file, line, key, "repeated", expected, "remove one of them"))
        lines.setdefault(key, line)
    return values, lines


def _compose(text: str, loader: type[Any]) -> tuple[yaml.Node | None, Any]:
    """Return a YAML document as nodes, which know their lines, and as values."""
    opened = loader(text)
    try:
        node = opened.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return node, None if node is None else opened.construct_document(node)
        # Keys are words, as they stand in the file: to Python 1 and true are one key.
        return node, {_word(key): opened.construct_document(value) for key, value in node.value}
    finally:
        opened.dispose()


def _word(key: yaml.Node) -> str:
    if not isinstance(key, yaml.ScalarNode):
        raise yaml.MarkedYAMLError(problem="found a key that is no word", problem_mark=key.start_mark)
    return str(key.value)


def _markup_faults(text: str, loader: type[Any]) -> Iterator[tuple[int, str, str, str]]:
    """Yield what YAML allows and parameters do not: anchors, tags, merged keys, odd numbers, deep nesting."""
    depth = 0
    for event in yaml.parse(text, loader):
        line = (event.start_mark.line if event.start_mark else 0) + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            yield line, "nested too deeply", f"at most {MAX_DEPTH} levels", "write plain values and lists"
            return
        name = getattr(event, "anchor", None)
        if name is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            yield line, f"{sign}{name}", "no anchors or aliases", "write the value out, in quotation marks"
        if (tag := getattr(event, "tag", None)) is not None:
            yield line, str(tag), "no tags", "write the plain value"
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            if event.value == MERGE:
                yield line, MERGE, "no merged keys", "write the keys out"
            elif ODD_NUMBER.fullmatch(event.value):
                remedy = "write it so, or in quotation marks if it is none"
                yield line, _shown(event.value), "a number in at most 15 plain digits", remedy


def _validate(
    values: dict[str, Any], programmes: Collection[str], price_years: range
) -> tuple[Parameters | None, list[tuple[str, str, str, str]]]:
    """Return the parameters, if they have the right form, and all faults as key, value, expected, remedy."""
    found: list[tuple[str, str, str, str]] = []
    parameters: Parameters | None = None
    kind = ComparisonParameters if "theme" in values else ReportParameters
    try:
        parameters = kind.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            # Of a value that is none of several things each of them says so.
            fault = _form_fault(kind, detail["type"], str(detail["loc"][0]), detail["input"], programmes)
            if fault not in found:
                found.append(fault)
    named = [("programme", values.get("programme"))]
    peers = values.get("peers")
    named += [("peers", peer) for peer in peers] if isinstance(peers, list) else []
    for key, name in dict.fromkeys((key, name) for key, name in named if isinstance(name, str)):
        if name not in programmes or not ID.fullmatch(name):
            found.append((key, _shown(name), _expected(key, programmes), did_you_mean(name, programmes)))
    if parameters and isinstance(parameters.price_year, int) and parameters.price_year not in price_years:
        expected = f"a year of the price series, {price_years.start} to {price_years[-1]}, printed or null"
        found.append(("price_year", _shown(parameters.price_year), expected, "choose another year"))
    return parameters, found


def _form_fault(
    model: type[Parameters], kind: str, key: str, value: object, programmes: Collection[str]
) -> tuple[str, str, str, str]:
    keys = model.keys()
    if kind == "missing":
        return key, "missing", _expected(key, programmes), f"add the line '{key}: …'"
    if kind == "extra_forbidden":
        return key, "unknown key", f"one of the keys {', '.join(keys)}", did_you_mean(key, keys)
    allowed = {"language": LANGUAGES, "theme": THEMES}.get(key)
    remedy = did_you_mean(value, allowed) if allowed else "correct the value"
    return key, _shown(value), _expected(key, programmes), remedy


def _expected(key: str, programmes: Collection[str]) -> str:
    first, last = PRICE_YEARS.start, PRICE_YEARS[-1]
    return {
        "programme": f"one of the programmes {', '.join(programmes)}",
        "theme": f"one of the themes {', '.join(THEMES)}",
        "language": f"one of the languages {', '.join(LANGUAGES)}",
        "price_year": f"a year from {first} to {last} as a plain number, printed or null",
        "with_sentences": "true or false",
        "peers": f"a list of programmes out of {', '.join(programmes)}, or null for all",
    }[key]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
