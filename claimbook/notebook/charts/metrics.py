"""How wide a text is, in the font that the charts carry."""

import struct
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
_FILES = {400: "ClaimbookSans-Regular.otf", 600: "ClaimbookSans-SemiBold.otf"}
# Of a letter that the font lacks, in widths of an m: no letter of another font is much wider.
_STRANGE = 1.0


def width(text: str, size: float, weight: int = 400) -> float:
    """Width of a text in px.

    Args:
        text: one line.
        size: of the font, in px.
        weight: 400 or 600.
    """
    known = _advances(weight)
    return size * sum(known.get(ord(letter), _STRANGE) for letter in text)


def widest(lines: Iterable[str], size: float, weight: int = 400) -> float:
    """Width of the widest of some lines in px; 0 if there are none."""
    return max((width(line, size, weight) for line in lines), default=0)


def wrapped(text: str, room: float, size: float, weight: int = 400) -> list[str]:
    """Lines of a text, none wider than there is room.

    Breaks at ordinary spaces; a word that is too wide for a line is broken anywhere.

    Args:
        text: may have breaks, which count as spaces.
        room: in px.
        size: of the font, in px.
        weight: 400 or 600.
    """
    lines: list[str] = []
    line = ""
    for word in text.replace("\n", " ").split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, weight) <= room:
            line = longer
            continue
        lines += [line] if line else []
        line = word
        while width(line, size, weight) > room and len(line) > 1:
            ends = range(2, len(line) + 1)
            fits = next(end for end in ends if width(line[:end], size, weight) > room) - 1
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


@cache
def _advances(weight: int) -> Mapping[int, float]:
    """Advance of each letter by its code point, in widths of an m."""
    font = (FONTS / _FILES[weight]).read_bytes()
    advances = _numbers(font, _table(font, b"hmtx"), "H" * 2 * _long_metrics(font))[::2]
    (per_em,) = _numbers(font, _table(font, b"head") + 18, "H")
    return {
        code: advances[min(glyph, len(advances) - 1)] / per_em
        for code, glyph in _glyphs(font).items()
    }


def _long_metrics(font: bytes) -> int:
    """Number of glyphs with an advance of their own; the rest have that of the last."""
    (count,) = _numbers(font, _table(font, b"hhea") + 34, "H")
    return count


def _glyphs(font: bytes) -> dict[int, int]:
    """Glyph of each letter of the Basic Multilingual Plane: the `cmap` table, format 4."""
    start = _table(font, b"cmap")
    start += _numbers(font, start + 8, "L")[0]
    (twice,) = _numbers(font, start + 6, "H")
    count = twice // 2
    ends = _numbers(font, start + 14, "H" * count)
    begins = _numbers(font, start + 16 + twice, "H" * count)
    shifts = _numbers(font, start + 16 + 2 * twice, "H" * count)
    offsets = start + 16 + 3 * twice
    found = {}
    for segment, (begin, end, shift) in enumerate(zip(begins, ends, shifts, strict=True)):
        place = offsets + 2 * segment
        (offset,) = _numbers(font, place, "H")
        for code in range(begin, end + 1):
            glyph = code
            if offset:
                (glyph,) = _numbers(font, place + offset + 2 * (code - begin), "H")
            glyph = (glyph + shift) % 65536 if glyph or not offset else 0
            if glyph:
                found[code] = glyph
    return found


def _table(font: bytes, name: bytes) -> int:
    """Where a table of an OpenType file begins."""
    (count,) = _numbers(font, 4, "H")
    for entry in range(12, 12 + 16 * count, 16):
        if font[entry : entry + 4] == name:
            return int(_numbers(font, entry + 8, "L")[0])
    raise ValueError(f"font: expected a table {name.decode()!r}, found none")


def _numbers(font: bytes, place: int, form: str) -> tuple[int, ...]:
    return struct.unpack_from(f">{form}", font, place)
