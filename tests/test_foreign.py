"""Words of another language are marked with it."""

import pytest

from analysis.show.foreign import with_languages
from analysis.words.language import Text


@pytest.mark.parametrize(
    ("language", "page", "marked"),
    [
        (
            "en",
            "<p>One person holds both posts (一肩挑).</p>",
            '<p>One person holds both posts (<span lang="zh-Hans">一肩挑</span>).</p>',
        ),
        (
            "en",
            "<td>“五抓五强”党建主题活动 · 近160万元</td>",
            '<td><span lang="zh-Hans">“五抓五强”党建主题活动</span> · '
            '<span lang="zh-Hans">近160万元</span></td>',
        ),
        (
            "zh-Hans",
            "<p>标题：Four steps in concert: grassroots Party building</p>",
            '<p>标题：<span lang="en">Four steps in concert: grassroots Party building</span></p>',
        ),
        ("zh-Hans", "<p>&quot; and &lt;</p>", "<p>&quot; and &lt;</p>"),
        ("zh-Hant", "<p>Word</p><p>CSV</p>", "<p>Word</p><p>CSV</p>"),
        ("zh-Hans", "<p>鲁甸县</p>", "<p>鲁甸县</p>"),
    ],
)
def test_words_of_another_language_say_it(language: str, page: str, marked: str) -> None:
    text = Text.of(language)
    assert with_languages(page, text) == with_languages(marked, text) == marked


@pytest.mark.parametrize(
    "page",
    [
        "<title>鲁甸县</title>",
        '<img alt="鲁甸县">',
        "<pre><span>'鲁甸县'</span></pre>",
        '<blockquote lang="zh-Hans">近<mark>160万元</mark></blockquote>',
        '<dd style="" lang="zh-Hans">强基</dd>',
        "<script>// 鲁甸县</script><style>/* 鲁甸县 */</style><!-- 鲁甸县 -->",
    ],
)
def test_what_cannot_hold_a_span_or_says_its_language_is_left_alone(page: str) -> None:
    assert with_languages(page, Text.of("en")) == page
