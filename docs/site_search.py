"""What the search of the site finds: stems of English words, and Chinese by pairs of characters.

Chinese has no spaces. A dictionary that cuts words when the index is made, such as that of jieba, is not
there in the browser to cut what is asked for; 村级活动场所 is then not found where 村级 and 活动场所 were
indexed. Pairs are the same on both sides. The index is a script, so that no server is needed to search.
"""

from __future__ import annotations

import re

from sphinx.search.en import SearchEnglish

HAN = r"\u3400-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")


class SiteSearch(SearchEnglish):
    """The language of the index in either build."""

    lang = "en-zh"
    language_name = "English"  # names the stemmer
    js_splitter_code = f"""
var splitQuery = query =>
  (query.match(/[{HAN}]+|(?:(?![{HAN}])[\\p{{L}}\\p{{N}}_])+/gu) ?? []).flatMap(run =>
    /^[{HAN}]{{2}}/.test(run)
      ? Array.from({{length: run.length - 1}}, (_, at) => run.slice(at, at + 2)) : [run]);
"""

    def split(self, input: str) -> list[str]:
        """Return the words of a text; of a run of Chinese its characters and its pairs."""
        return [word for run in RUN.findall(input) for word in _parts(run)]


def _parts(run: str) -> list[str]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)] if re.match(f"[{HAN}]", run) else []
    return [*run, *pairs] if pairs else [run]
