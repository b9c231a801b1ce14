"""The first picture of a part: what counts as stated, and where every reading lies.

Drawn as inline SVG with colours of the site's stylesheet alone, so that dark mode, print and
readers without scripts see the same. Every text is measured, and held to that width, so that
another font changes neither what fits nor what overlaps.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from claimbook import rule
from claimbook.base import formats
from claimbook.notebook.charts import metrics, number_words, theme, ticks
from claimbook.notebook.charts.number_words import Part, Reading

# Context is drawn while there are fewer rows than this, in the order of the notebook.
_ROWS = 3
# What lies farther out than so many times the band with its nearest reading stands at the edge.
_FAR = 25
_AIR = Fraction(3, 10)  # of the width of the band, to be seen on either side of it
_ROW, _TALL_ROW = 18, 29  # px; in a tall one the words stand above the mark
_BODY = 88  # px for rows: while there is room, a row is tall rather than a title cut
_HEAD = 23  # px above the first row: what the band counts as
_SMALL, _TEXT = 12, 13  # px of fonts
_EDGE, _GAP, _INSET, _BEYOND = 2, 6, 12, 34  # px
_LINE = 15  # px from line to line of words
_ARROW = 18  # px of an arrow at the edge
_MARK = 6  # px from the middle of a mark to its end
_TICKS = 6
_COLUMN = 48  # px for each of yes and no
_LEAST_TITLE = 60  # px that make it worth to shorten a title rather than to add a line

_COLOURS = {
    "consistent": "var(--cb-holds)",
    "not consistent": "var(--cb-not)",
    "undecided": "var(--cb-open)",
}
_INK, _QUIET, _PAPER, _BAND = (f"var(--cb-{name})" for name in ("ink", "quiet", "paper", "band"))


def draw(part: Part, width: int, language: str = "en") -> str:
    """Draw one part of a result as inline SVG.

    A circle is consistent, a square is not, a diamond is undecided; proxies are hollow, and context
    is a small ring. The picture has the same readings at every width.

    Args:
        part: a part of a result, as JSON.
        width: in px, 300 or more; no text is smaller than 12 px if it is shown at this width.
        language: `en` or `vi`; titles of readings are shown as the notebook has them.
    """
    canvas = _Canvas(width)
    if part["kind"] == "yes-no":
        height = _draw_answers(canvas, part, language)
    else:
        height = _draw_line(canvas, part, language)
    name = html.escape(words(part, language))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cb-number-line" role="img" '
        f'aria-label="{name}" width="{width}" height="{height:g}" '
        f'viewBox="0 0 {width} {height:g}" font-family="\'{theme.FONT}\', system-ui, sans-serif">'
        f"{''.join(canvas.drawn)}</svg>"
    )


def words(part: Part, language: str = "en") -> str:
    """Say in words what the picture of a part shows: all of it, with titles in full."""
    say = number_words.SAY[language]
    view = None if part["kind"] == "yes-no" else _view(part)
    kind = {"yes-no": "answers", "date": "time"}.get(part["kind"], "line")
    stated = say["counts as" if view else "says"].format(number_words.stated(part, language))
    if part["band"] and part["band_text"] != part["stated_text"]:
        stated += f": {number_words.translated(part['band_text'], part['unit'], language)}"
    sentences = [
        f"{say[kind]}: {number_words.plain(part['label'][language])}",
        number_words.capital(stated),
    ]
    for reading in view.shown if view else _answering(part):
        value = number_words.value(reading, language, with_unit=True)
        notes = [say[reading["outcome"] or "context"], *number_words.notes(reading, part, language)]
        if view and _is_beyond(reading, view):
            notes.append(say["beyond"])
        title = number_words.plain(reading["title"])
        colon = "" if title.endswith("?") else ":"
        sentences.append(f"{title}{colon} {value}, {', '.join(notes)}")
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)


# --- what is shown --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _View:
    """What lies between the edges of a picture, in the unit of the part or in days.

    Attributes:
        band: ends of what counts as stated, None for an open one; empty if there is none.
        stated: the stated number, if it is a number claimed.
        shown: readings and proxies, and a little context that lies near.
    """

    low: Fraction
    high: Fraction
    band: tuple[Fraction | None, ...]
    stated: Fraction | None
    shown: tuple[Reading, ...]


def _view(part: Part) -> _View:
    """Room for the band and all readings that do not squeeze the rest, then for near context."""
    band, stated = _band(part), _stated_number(part)
    counted = _counted(part)
    points = [end for reading in counted for end in number_words.ends(reading)]
    fixed = [end for end in (*band, stated) if end is not None] or points[:1] or [Fraction(0)]
    low, high = min(fixed), max(fixed)
    points.sort(key=lambda point: max(low - point, point - high))
    # What must be seen well: the band and what lies nearest to it; without any width, its size.
    near = [low, high, *points[:1]]
    width = max(near) - min(near) or abs(low) / 10 or max(map(abs, points), default=0)
    width = width or Fraction(1)

    def fits(ends: number_words.Ends) -> bool:
        return max(high, *ends) - min(low, *ends) <= _FAR * width

    for point in points:
        if fits((point, point)):
            low, high = min(low, point), max(high, point)
    shown = list(counted)
    for reading in _context(part):
        ends = number_words.ends(reading)
        if len(shown) < _ROWS and fits(ends):
            shown.append(reading)
            low, high = min(low, *ends), max(high, *ends)
    whole = Fraction(part["kind"] in ("count", "date"))
    air = max(_AIR * (max(fixed) - min(fixed)), whole)
    low, high = min(low, min(fixed) - air), max(high, max(fixed) + air)
    if low == high:
        low, high = low - width, high + width
    # An open band is seen to go on.
    more = (high - low) / 4
    if band and band[0] is None:
        low = min(low, min(fixed) - more)
    if band and band[-1] is None:
        high = max(high, max(fixed) + more)
    return _View(low, high, band, stated, tuple(shown))


def _counted(part: Part) -> list[Reading]:
    return [reading for reading in part["readings"] if reading["role"] != "context"]


def _answering(part: Part) -> list[Reading]:
    """What is shown of yes or no: all that counts, and context while there is room."""
    counted = _counted(part)
    return counted + _context(part)[: max(0, _ROWS - len(counted))]


def _context(part: Part) -> list[Reading]:
    """Context in the unit of the part."""
    return [
        reading
        for reading in part["readings"]
        if reading["role"] == "context" and reading["unit"] == part["unit"]
    ]


def _is_beyond(reading: Reading, view: _View) -> bool:
    low, high = number_words.ends(reading)
    return low < view.low or high > view.high


def _band(part: Part) -> tuple[Fraction | None, ...]:
    if part["kind"] == "date":
        first, last = rule.days(part["stated"])
        return Fraction(first.toordinal()), Fraction(last.toordinal() + 1)
    ends = tuple(None if end is None else rule.exact(end) for end in part["band"])
    if part["kind"] != "count" or not ends:
        return ends
    # Things are counted whole: the band surrounds the whole numbers that it accepts.
    low, high = ends
    low = None if low is None else ceil(low) - Fraction(2, 5)
    high = None if high is None else floor(high) + Fraction(2, 5)
    return ends if low is not None and high is not None and low > high else (low, high)


def _stated_number(part: Part) -> Fraction | None:
    """The stated number; None for a noun's unit or a threshold, which nobody claims to be met."""
    if part["kind"] == "date" or rule.COMPARATORS[part["comparator"]].miss_from_border:
        return None
    try:
        return Fraction(part["stated"])
    except ValueError:
        return None


# --- drawing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Run:
    """A piece of a line of text in one weight."""

    text: str
    weight: int = 400

    def svg(self) -> str:
        """It as markup; its letters turn no others round, whichever way they are written."""
        text = html.escape(self.text)
        return f'<tspan font-weight="{self.weight}" unicode-bidi="isolate">{text}</tspan>'

    def width(self, size: float) -> float:
        return metrics.width(self.text, size, self.weight)


class _Canvas:
    """SVG in the making; lengths in px, from the top left."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.drawn: list[str] = []

    def text(
        self, runs: Sequence[_Run], x: float, y: float, *, size: int = _TEXT, fill: str = _INK
    ) -> None:
        """Write a line from `x` on, with its foot at `y`, exactly as wide as it was measured."""
        wide = sum(run.width(size) for run in runs)
        spans = "".join(run.svg() for run in runs)
        self.drawn.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" '
            f'textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs">{spans}</text>'
        )

    def small(self, text: str, x: float, y: float) -> None:
        """A quiet line about the picture, shifted to lie within it."""
        run = _Run(text)
        x = min(max(_EDGE, x), self.width - _EDGE - run.width(_SMALL))
        self.text([run], x, y, size=_SMALL, fill=_QUIET)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, width: float) -> None:
        self.drawn.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
            f'stroke-width="{width}"/>'
        )

    def polygon(self, points: Sequence[tuple[float, float]], look: str) -> None:
        listed = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.drawn.append(f'<polygon points="{listed}" {look}/>')

    def mark(self, reading: Reading, x: float, y: float) -> None:
        """The outcome of a reading as a shape: see `draw`."""
        outcome = reading["outcome"]
        if outcome is None:
            ring = f'r="4" fill="{_PAPER}" stroke="{_QUIET}" stroke-width="1.5"'
            self.drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" {ring}/>')
            return
        colour, size = _COLOURS[outcome], _MARK - 1
        hollow = reading["role"] == "proxy"
        look = f'fill="{_PAPER if hollow else colour}" stroke="{colour if hollow else _PAPER}" '
        look += f'stroke-width="{2 if hollow else 1}"'
        if outcome == "consistent":
            self.drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" {look}/>')
        elif outcome == "not consistent":
            at = f'x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}"'
            self.drawn.append(f"<rect {at} {look}/>")
        else:
            tips = [(x, y - _MARK), (x + _MARK, y), (x, y + _MARK), (x - _MARK, y)]
            self.polygon(tips, look)

    def arrow(self, y: float, towards: int, colour: str) -> None:
        """The head of an arrow at the left (-1) or right (1) edge."""
        tip = _EDGE if towards < 0 else self.width - _EDGE
        foot = tip - 7 * towards
        self.polygon([(tip, y), (foot, y - 4), (foot, y + 4)], f'fill="{colour}"')


@dataclass(frozen=True)
class _Label:
    """The words of a reading: its title, and behind it its value and what must be known of it.

    Attributes:
        others: titles that it must not look like when it is shortened.
    """

    title: str
    others: tuple[str, ...]
    behind: tuple[_Run, ...]
    fill: str

    @classmethod
    def of(cls, reading: Reading, part: Part, shown: Sequence[Reading], language: str) -> "_Label":
        """As the language writes it, among the others that are shown."""
        context = reading["role"] == "context"
        titles = [number_words.plain(other["title"]) for other in shown]
        title = number_words.plain(reading["title"])
        others = [other for other in titles if other != title]
        notes = "".join(f", {note}" for note in number_words.notes(reading, part, language))
        value = _Run(f" {number_words.value(reading, language)}", 400 if context else 600)
        behind = (value, _Run(notes)) if notes else (value,)
        return cls(title, tuple(others), behind, _QUIET if context else _INK)

    def width(self, title: str | None = None) -> float:
        """Of all of it in px, or with another title."""
        return _wide(self._runs(self.title if title is None else title))

    def fitting(self, room: float) -> list[_Run]:
        """All of it, its title shortened if it must be."""
        titles = (title for title in _shorter(self.title, self.others) if self.width(title) <= room)
        return self._runs(next(titles, "…"))

    def lines(self, room: float) -> list[list[_Run]]:
        """One line if all of it fits, else two, the second shortened if it must be."""
        if self.width() <= room:
            return [self._runs(self.title)]
        words = self.title.split(" ")
        for kept in range(len(words) - 1, 0, -1):
            first = _Run(" ".join(words[:kept]))
            if first.width(_TEXT) <= room:
                return [[first], replace(self, title=" ".join(words[kept:])).fitting(room)]
        return [self.fitting(room)]

    def _runs(self, title: str) -> list[_Run]:
        return [_Run(title), *self.behind]


def _wide(runs: Sequence[_Run]) -> float:
    return sum(run.width(_TEXT) for run in runs)


def _shorter(text: str, others: Sequence[str] = ()) -> Iterator[str]:
    """A text, then ever less of its beginning, or of its end if others begin alike."""
    yield text
    parts = text.split(" ")
    beginnings = [" ".join(parts[:kept]) for kept in range(len(parts) - 1, 0, -1)]
    ends = [" ".join(parts[cut:]) for cut in range(1, len(parts))]
    cut = [
        beginning.rstrip(",;:–-(") + "…"
        for beginning in beginnings
        if not any(other.startswith(beginning) for other in others)
    ]
    if any(other.startswith(parts[0]) for other in others):
        told_apart = (end for end in ends if not any(other.endswith(end) for other in others))
        cut = sorted([*cut, *("…" + end for end in told_apart)], key=len, reverse=True)
    yield from cut
    for kept in range(len(text) - 1, -1, -1):
        yield text[:kept] + "…"


def _colour(reading: Reading) -> str:
    return _COLOURS.get(reading["outcome"], _QUIET)


def _draw_answers(canvas: _Canvas, part: Part, language: str) -> float:
    """Yes and no as two columns, the stated one shaded; a mark for each reading. The height."""
    columns = {answer: _COLUMN * (place + 0.5) for place, answer in enumerate(("yes", "no"))}
    left = 2 * _COLUMN + _GAP
    shown = _answering(part)
    labels = [(reading, _Label.of(reading, part, shown, language)) for reading in shown]
    rows = [(reading, label, label.lines(canvas.width - _EDGE - left)) for reading, label in labels]
    height = _HEAD + sum(_answer_row(lines) for *_, lines in rows) + 4
    x = columns[part["stated"]]
    canvas.polygon(
        [(x - 22, 2), (x + 22, 2), (x + 22, height - 2), (x - 22, height - 2)], f'fill="{_BAND}"'
    )
    for answer, x in columns.items():
        run = _Run(number_words.localised(answer, language), 600)
        canvas.text([run], x - run.width(_TEXT) / 2, 15)
    canvas.small(
        number_words.SAY[language]["says"].format(number_words.stated(part, language)), left, 15
    )
    top: float = _HEAD
    for reading, label, lines in rows:
        y = top + _ROW / 2
        found = [columns[answer] for answer in reading["answers"]]
        canvas.line(min(found), y, max(found), y, _colour(reading), 3)
        for x in found:
            canvas.mark(reading, x, y)
        for number, line in enumerate(lines):
            canvas.text(line, left, y + 4.5 + _LINE * number, fill=label.fill)
        top += _answer_row(lines)
    return height


def _answer_row(lines: Sequence[object]) -> float:
    return _ROW + _LINE * (len(lines) - 1)


@dataclass(frozen=True)
class _Scale:
    """Where numbers lie between the edges of a picture."""

    view: _View
    left: float
    right: float

    def x(self, number: Fraction) -> float:
        """Where a number lies, in px; somewhere outside if it lies beyond the edges."""
        share = (number - self.view.low) / (self.view.high - self.view.low)
        share = min(max(share, Fraction(-1)), Fraction(2))
        return self.left + float(share) * (self.right - self.left)

    def number(self, x: float) -> Fraction:
        """What lies at `x` px."""
        share = Fraction((x - self.left) / (self.right - self.left))
        return self.view.low + share * (self.view.high - self.view.low)


def _draw_line(canvas: _Canvas, part: Part, language: str) -> float:
    """Band, readings row by row, and the axis below them. The height."""
    view = _view(part)
    scale = _scale(canvas, view)
    labels = [_Label.of(reading, part, view.shown, language) for reading in view.shown]
    rows = list(zip(view.shown, labels, strict=True))
    places = [_Place.of(*row, scale, canvas.width) for row in rows]
    for number, row in enumerate(rows):
        spare = _BODY - sum(place.height for place in places)
        if places[number].is_cut and spare >= _TALL_ROW - _ROW:
            places[number] = _Place.of(*row, scale, canvas.width, tall=True)
    axis = _HEAD + max(_ROW, sum(place.height for place in places)) + 3
    _draw_band(canvas, scale, axis)
    _draw_axis(canvas, part, scale, axis, language)
    _draw_stated(canvas, part, scale, language)
    top: float = _HEAD
    for place in places:
        place.draw(canvas, top)
        top += place.height
    canvas.small(_axis_title(part, canvas.width - 2 * _EDGE, language), _EDGE, axis + 31)
    return axis + 35


def _scale(canvas: _Canvas, view: _View) -> _Scale:
    """Edges with room for arrows where something lies beyond them."""
    ends = [end for reading in view.shown for end in number_words.ends(reading)] or [view.low]
    beyond_low = min(ends) < view.low or (bool(view.band) and view.band[0] is None)
    beyond_high = max(ends) > view.high or (bool(view.band) and view.band[-1] is None)
    return _Scale(
        view,
        _BEYOND if beyond_low else _INSET,
        canvas.width - (_BEYOND if beyond_high else _INSET),
    )


def _draw_band(canvas: _Canvas, scale: _Scale, foot: float) -> None:
    """The band, at least 3 px wide, and to the edge with a point where it is open."""
    if not scale.view.band:
        return
    low, high = scale.view.band
    left = _EDGE if low is None else scale.x(low)
    right = canvas.width - _EDGE if high is None else scale.x(high)
    if right - left < 3:
        left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
    top, middle, point = _HEAD - 1, (_HEAD - 1 + foot) / 2, 9
    points = [(left, top), (right, top), (right, foot), (left, foot)]
    if high is None:
        points[1:3] = [(right - point, top), (right, middle), (right - point, foot)]
    if low is None:
        points[0] = (left + point, top)
        points[-1:] = [(left + point, foot), (left, middle)]
    canvas.polygon(points, f'fill="{_BAND}"')


def _draw_stated(canvas: _Canvas, part: Part, scale: _Scale, language: str) -> None:
    """What the band counts as, above it, pointing at the stated number."""
    view = scale.view
    ends = [scale.x(end) for end in view.band if end is not None]
    if view.band and view.band[0] is None:
        ends.append(_EDGE)
    if view.band and view.band[-1] is None:
        ends.append(canvas.width - _EDGE)
    x = sum(ends) / len(ends) if ends else canvas.width / 2
    if view.stated is not None:
        x = scale.x(view.stated)
        points = [(x - 4, _HEAD - 7), (x + 4, _HEAD - 7), (x, _HEAD - 1)]
        canvas.polygon(points, f'fill="{_QUIET}"')
    say = number_words.SAY[language]["counts as"]
    texts = [
        say.format(number_words.stated(part, language, with_unit=unit)) for unit in (True, False)
    ]
    fitting = [text for text in texts if _Run(text).width(_SMALL) <= canvas.width - 2 * _EDGE]
    text = (fitting or texts[-1:])[0]
    canvas.small(text, x - _Run(text).width(_SMALL) / 2, 12)


def _axis_title(part: Part, room: float, language: str) -> str:
    unit = formats.written(part["unit"], language) if part["unit"] else ""
    after = f", {unit}" if unit else ""
    label = number_words.plain(part["label"][language])
    return next(
        text
        for short in _shorter(label)
        if _Run(text := short + after).width(_SMALL) <= room or short == "…"
    )


@dataclass(frozen=True)
class _Place:
    """Where the mark and the words of a reading lie in its row; lengths in px.

    Attributes:
        left: where its bar begins; `right` where it ends, the same without a range.
        mark: middle of the shape.
        words: where the words begin.
        edge: where the picture ends to the right.
    """

    reading: Reading
    label: _Label
    left: float
    right: float
    mark: float
    words: float
    runs: list[_Run]
    height: float
    edge: float

    @classmethod
    def of(
        cls, reading: Reading, label: _Label, scale: _Scale, width: int, *, tall: bool = False
    ) -> "_Place":
        """Words to the right of the mark, else to the left, else shortened; above it if `tall`."""
        low, high = number_words.ends(reading)
        left, right, edge = scale.x(low), scale.x(high), width - _EDGE
        if low < scale.view.low:
            left, right = _EDGE, max(right, _EDGE + _ARROW)
        if high > scale.view.high:
            left, right = min(left, edge - _ARROW), edge
        mark = (left + right) / 2
        if high < scale.view.low:
            mark = right
        if low > scale.view.high:
            mark = left
        first = min(left, mark - _MARK) - _GAP
        last = max(right, mark + _MARK) + _GAP
        before, after = first - _EDGE, edge - last

        def place(height: float, room: float, x: Callable[[float], float]) -> "_Place":
            runs = label.fitting(room)
            return cls(reading, label, left, right, mark, x(_wide(runs)), runs, height, edge)

        if tall or max(before, after) < min(label.width(), label.width("…") + _LEAST_TITLE):
            return place(
                _TALL_ROW,
                edge - _EDGE,
                lambda wide: min(max(_EDGE, mark - wide / 2), edge - wide),
            )
        if label.width() <= after or (before < label.width() and before <= after):
            return place(_ROW, after, lambda _: last)
        return place(_ROW, before, lambda wide: first - wide)

    @property
    def is_cut(self) -> bool:
        """Whether its title is shortened for want of room beside the mark."""
        return self.height == _ROW and self.runs[0].text != self.label.title

    def draw(self, canvas: _Canvas, top: float) -> None:
        """Draw mark and words into the row that begins at `top` px."""
        tall, colour = self.height > _ROW, _colour(self.reading)
        y = top + (_TALL_ROW - _ROW / 2 + 1 if tall else _ROW / 2)
        if self.right > self.left:
            canvas.line(self.left, y, self.right, y, colour, 3)
            for x, towards in ((self.left, -1), (self.right, 1)):
                if x in (_EDGE, self.edge):
                    canvas.arrow(y, towards, colour)
                elif x != self.mark:
                    canvas.line(x, y - 5, x, y + 5, colour, 1.5)
        canvas.mark(self.reading, self.mark, y)
        foot = top + 11.5 if tall else y + 4.5
        canvas.text(self.runs, self.words, foot, fill=self.label.fill)


def _draw_axis(canvas: _Canvas, part: Part, scale: _Scale, y: float, language: str) -> None:
    """A line with the finest ticks whose labels do not touch. `y` is where it lies."""
    canvas.line(_EDGE, y, canvas.width - _EDGE, y, _QUIET, 1)
    # Where something lies beyond an edge, numbers end before it.
    low = scale.number(scale.left - (_INSET - _EDGE if scale.left == _INSET else 0))
    right = canvas.width - scale.right
    high = scale.number(scale.right + (_INSET - _EDGE if right == _INSET else 0))
    whole = part["kind"] == "count"
    if part["kind"] == "date":
        choices = ticks.days(low, high, scale.view.band[0] or low, language)
    else:
        choices = ticks.numbers(low, high, language, whole=whole)
    for x, text, left in _chosen(choices, scale, canvas.width):
        canvas.line(x, y, x, y + 4, _QUIET, 1)
        canvas.small(text, left, y + 16)
    # A few things can be counted along the axis.
    for number in range(max(0, ceil(low)), floor(high) + 1) if whole and high - low <= 30 else ():
        canvas.line(scale.x(Fraction(number)), y, scale.x(Fraction(number)), y + 4, _QUIET, 1)


def _chosen(
    choices: Iterable[Sequence[ticks.Tick]], scale: _Scale, width: int
) -> list[tuple[float, str, float]]:
    """Where each tick of the first choice that fits lies, its label, and where that begins."""
    for choice in choices:
        placed, ends = [], []
        for number, text in choice:
            x, wide = scale.x(number), _Run(text).width(_SMALL)
            left = min(max(_EDGE, x - wide / 2), width - _EDGE - wide)
            placed.append((x, text, left))
            ends.append((left, left + wide))
        if len(placed) <= _TICKS and all(b[0] - a[1] >= 14 for a, b in pairwise(ends)):
            return placed
    return []
