"""The theme of the default templates: plain colours and the fonts of the house, for what is added in Word."""

from __future__ import annotations

from analysis.show.memo.styles import House

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "1F2328", "lt2": "EEECE1", "accent1": "0072B2",
    "accent2": "E69F00",
    "accent3": "009E73", "accent4": "CC79A7", "accent5": "56B4E9", "accent6": "D55E00", "hlink": "0072B2",
    "folHlink": "7F7F7F",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'


def theme(house: House) -> str:
    """Return the part that holds the theme."""
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items())
    lines = "".join(f'<a:ln w="{width}">{_FILL}</a:ln>' for width in (6350, 12700, 19050))
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'<a:theme xmlns:a="{_A}" name="Memo"><a:themeElements><a:clrScheme name="Memo">{colours}'
        f"</a:clrScheme>"
        f'<a:fontScheme name="Memo">{_fonts(house, "major", "title")}{_fonts(house, "minor", "body")}'
        f"</a:fontScheme>"
        f'<a:fmtScheme name="Memo"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{lines}'
        f"</a:lnStyleLst>"
        f"<a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def _fonts(house: House, kind: str, part: str) -> str:
    latin, eastern = house.language.word_fonts.latin, house.language.word_fonts.of(part)
    faces = f'<a:latin typeface="{latin}"/><a:ea typeface="{eastern}"/><a:cs typeface=""/>'
    return f"<a:{kind}Font>{faces}</a:{kind}Font>"
