"""Draws docs/gallery.md, every kind of chart with the call that makes it, and the pictures of the READMEs.

``make gallery`` runs it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis import Book, CountyReport, Dataset, load
from analysis.draw import Picture

DOCS = Path(__file__).resolve().parent
PICTURES = "images/gallery"
READMES = {"README.md": "en", "README.zh.md": "zh-Hans"}
IMAGE = re.compile(r"!\[(.*?)\]\((.*?)\)")
DPI = 144  # every font size of the charts is a whole number of pixels, so that no line grows by rounding
HEAD = """# Gallery

Every chart of the suite on the real data, in the house style of `src/analysis/draw/style.py`, each with the
call that makes it. In a notebook a chart is displayed by naming it; `chart.svg()`, `chart.png()` and
`chart.pdf()` give the file, `chart.slides()` the pictures for slides of 16:9, `standalone=False` the picture
without its words.
`analysis charts` writes them all, each with its data, its evidence and its words.

```python
from analysis import Book, load

book = Book(load(), "en")
```

This page is made by `make gallery`.
"""


@dataclass(frozen=True)
class Exhibit:
    """One chart of the gallery: the question it answers, the name of the chart, and whose it is."""

    question: str
    chart: str
    programme: str = ""
    theme: str = ""
    language: str = "en"

    @property
    def file(self) -> str:
        """The file of the picture, relative to the page."""
        return f"{PICTURES}/{self.chart}.{self.language}.png"

    @property
    def call(self) -> str:
        """The call that makes the chart."""
        whose = f'programme="{self.programme}"' if self.programme else f'theme="{self.theme}"'
        book = "book" if self.language == "en" else f'Book(load(), "{self.language}")'
        return f'{book}.chart("{self.chart}", {whose})'

    def picture(self, data: Dataset) -> Picture:
        """Return the chart."""
        found = Book(data, self.language).chart(self.chart, programme=self.programme, theme=self.theme)
        if found is None:
            raise ValueError(f"{self.call} draws nothing; choose another exhibit")
        return found

    def section(self, data: Dataset) -> str:
        """Return the section of the page: the question, the call, the picture with its words."""
        return (
            f"## {self.question}\n\n```python\n{self.call}\n```\n\n![{self.picture(data).alt}]({self.file})\n"
        )


EXHIBITS = (
    Exhibit("What does a venue cost?", "cost_per_venue", programme="minjia"),
    Exhibit("What are village officials paid?", "yearly_pay", programme="ludian"),
    Exhibit("How much did pay rise?", "pay_rise", programme="ludian"),
    Exhibit("What became of Party branches?", "branches", programme="ludian"),
    Exhibit("Who reports what?", "coverage", programme="ludian"),
    Exhibit("What does each reading do to a value?", "readings_cost_per_venue", programme="minjia"),
    Exhibit("Who is above whom?", "comparison_yearly_pay", theme="stipends"),
    Exhibit("How firm is the order?", "ranks_venues_covered", theme="investment"),
    Exhibit("Where does one programme stand?", "profile", programme="wushan"),
    Exhibit("The same in Chinese", "yearly_pay", programme="ludian", language="zh-Hant"),
)


def page(data: Dataset) -> str:
    """Return the page."""
    return "\n".join([HEAD, *(exhibit.section(data) for exhibit in EXHIBITS)])


def pictures(data: Dataset) -> Iterator[tuple[str, bytes]]:
    """Yield the file and the picture of each exhibit."""
    for exhibit in EXHIBITS:
        yield exhibit.file, exhibit.picture(data).png(dpi=DPI)


def picture_of_readme(data: Dataset, language: str) -> Picture:
    """Return the one chart of a README."""
    return CountyReport(data, "ludian", language=language).charts["investment"].at("slide")


def main() -> int:
    """Write the page and its pictures, and the pictures of the READMEs with their descriptions."""
    data = load(DOCS.parent)
    for name, language in READMES.items():
        readme, picture = DOCS.parent / name, picture_of_readme(data, language)
        text = readme.read_text(encoding="utf-8")
        [(description, file)] = IMAGE.findall(text)
        readme.write_text(text.replace(description, picture.alt), encoding="utf-8", newline="\n")
        (DOCS.parent / file).write_bytes(picture.png(dpi=DPI))
    (DOCS / "gallery.md").write_text(page(data), encoding="utf-8", newline="\n")
    (DOCS / PICTURES).mkdir(parents=True, exist_ok=True)
    for file, content in pictures(data):
        (DOCS / file).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
