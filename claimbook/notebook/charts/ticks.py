"""Ticks of an axis: ever coarser ones, of which a picture takes the first whose labels fit."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from math import ceil, floor

from claimbook.base import formats
from claimbook.notebook.charts import number_words

Tick = tuple[Fraction, str]

_LONG = 14  # letters of a label that is written with a power of ten instead
_MANY = 8  # what no picture has room for: finer ticks are not tried


def numbers(low: Fraction, high: Fraction, language: str, *, whole: bool) -> Iterator[list[Tick]]:
    """Ticks between two numbers on 1, 2 and 5 times powers of ten.

    Args:
        low: end of the axis.
        high: its other end, above `low`.
        language: `en` or `vi`.
        whole: the axis counts things: no tick on a part of one, and none below zero.
    """
    start = number_words.magnitude((high - low) / _MANY)
    for power in count(max(start, 0) if whole else start):
        for factor in (1, 2, 5):
            step = factor * Fraction(10) ** power
            first, last = ceil(low / step), floor(high / step)
            steps = range(max(first, 0) if whole else first, last + 1)
            yield [(step * number, _label(step * number, power, language)) for number in steps]
        if Fraction(10) ** power > high - low:
            return


def _label(number: Fraction, power: int, language: str) -> str:
    if not number:
        return "0"
    text = formats.fixed(number, max(0, -power), strip=False, language=language)
    if len(text) <= _LONG:
        return text
    digits = max(0, number_words.magnitude(number) - power)
    return number_words.power(number, digits, language)


def days(low: Fraction, high: Fraction, anchor: Fraction, language: str) -> Iterator[list[Tick]]:
    """Ticks between two points of time on days, firsts of months, and years.

    Args:
        low: end of the axis, in days since the year 1, as `date.toordinal` has them.
        high: its other end, above `low`.
        anchor: a day that has a tick if days have any.
        language: `en` or `vi`.
    """
    first, last = max(1, ceil(low)), min(dt.date.max.toordinal(), floor(high))
    if first > last:
        return
    for step in (1, 2, 7):
        if last - first <= _MANY * step:
            begin = first + int(anchor - first) % step
            ordinals = range(begin, last + 1, step)
            yield [day for day in (_day(number, language) for number in ordinals) if day[0] <= high]
    start, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    for step in (
        1,
        2,
        3,
        6,
        *(12 * factor * 10**power for power in range(4) for factor in (1, 2, 5)),
    ):
        if len(months) <= _MANY * step:
            dates = [
                dt.date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0
            ]
            yield [_first(date, step, language) for date in dates if start <= date]


def _day(ordinal: int, language: str) -> Tick:
    """A day is marked in its middle, where what happened on it is."""
    date = dt.date.fromordinal(ordinal)
    return ordinal + Fraction(1, 2), number_words.date(date.isoformat(), language)


def _first(date: dt.date, months: int, language: str) -> Tick:
    written = f"{date:%Y}".zfill(4) if months >= 12 else date.isoformat()[:7]
    return Fraction(date.toordinal()), number_words.date(written, language)
