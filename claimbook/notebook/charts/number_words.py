"""What the number line says: numbers, dates and the words beside them, in both languages."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from claimbook import rule
from claimbook.base import formats

Part = Mapping[str, Any]
Reading = Mapping[str, Any]
Ends = tuple[Fraction, Fraction]

_LONG = 18  # signs of a number that is written with a power of ten instead

SAY = {
    "en": {
        "line": "Number line",
        "time": "Time line",
        "answers": "Yes or no",
        "counts as": "counts as {}",
        "says": "the statement says {}",
        "edge": "on the edge",
        "beyond": "beyond the edge of the picture",
        "consistent": "consistent",
        "not consistent": "not consistent",
        "undecided": "undecided",
        "proxy": "proxy",
        "context": "for context",
    },
    "vi": {
        "line": "Trục số",
        "time": "Trục thời gian",
        "answers": "Có hay không",
        "counts as": "được coi là {}",
        "says": "bài báo nêu {}",
        "edge": "ngay ở ranh giới",
        "beyond": "ngoài rìa hình",
        "consistent": "khớp",
        "not consistent": "không khớp",
        "undecided": "chưa thể kết luận",
        "proxy": "số đo gián tiếp",
        "context": "để so sánh",
    },
}
# Words beside numbers in the texts of a result, which are English.
_VIETNAMESE = {
    "up to": "đến",
    "to": "đến",
    "or": "hoặc",
    "above": "trên",
    "from": "từ",
    "below": "dưới",
    "exactly": "đúng",
    "yes": "có",
    "no": "không",
}
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # categories of Unicode: controls, formats, no letters
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def plain(text: str) -> str:
    """A text on one line, without signs that are not seen or turn the order of others."""
    seen = (" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    return " ".join("".join(seen).split())


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def stated(part: Part, language: str, *, with_unit: bool = True) -> str:
    """What the article says: `nearly 600 billion USD`, `27 Jan 2025`, `yes`."""
    if part["kind"] == "date":
        return date(part["stated"], language)
    if part["kind"] == "yes-no":
        return translated(part["stated"], "", language)
    hedge = formats.hedged("", part["comparator"])
    text = _without_unit(part["stated_text"].removeprefix(hedge), part["unit"])
    number = localised(_brief(text), language)
    unit = part["unit"] if with_unit or part["unit"] == "percent" else ""
    return formats.hedged(formats.with_unit(number, unit, language), part["comparator"], language)


def value(reading: Reading, language: str, *, with_unit: bool = False) -> str:
    """What a reading came to, without its unit unless asked for."""
    if reading["low"] is None:
        either = [_date_or_word(answer, language) for answer in reading["answers"]]
        return formats.either(either, language)
    text = _without_unit(reading["text"], reading["unit"])
    number = localised(_brief(text), language)
    return formats.with_unit(number, reading["unit"], language) if with_unit else number


def _date_or_word(answer: str, language: str) -> str:
    return localised(answer, language) if answer in ("yes", "no") else date(answer, language)


def date(iso: str, language: str) -> str:
    """A day, month or year: `27 Jan 2025`, `Jan 2025`, `2025`; in Vietnamese `27/1/2025`."""
    year, *rest = (int(number) for number in iso.split("-"))
    if language == "vi":
        return "/".join((*map(str, reversed(rest)), f"{year:04}"))
    names = [_MONTHS[number - 1] for number in rest[:1]]
    return " ".join((*map(str, rest[1:]), *names, f"{year:04}"))


def translated(text: str, unit: str, language: str) -> str:
    """An English text of a result, with its unit, in another language."""
    if language == "en":
        return text
    return formats.with_unit(localised(_without_unit(text, unit), language), unit, language)


def _without_unit(text: str, unit: str) -> str:
    return text.removesuffix(formats.with_unit("", unit))


def localised(text: str, language: str) -> str:
    """Numbers and the few words between them, from English."""
    if language == "en":
        return text
    swapped = text.translate(str.maketrans(",.", ".,"))
    known = "|".join(_VIETNAMESE)
    return re.sub(rf"\b(?:{known})\b", lambda found: _VIETNAMESE[found[0]], swapped)


def _brief(text: str) -> str:
    """An English text, its longest numbers as `1.23 × 10³⁰`."""

    def written(found: re.Match[str]) -> str:
        number = Fraction(found[0].replace(",", "").replace("\u2212", "-"))
        return power(number, 2, "en") if len(found[0]) > _LONG else found[0]

    return re.sub(r"\u2212?\d[\d,]*(?:\.\d+)?", written, text)


def power(number: Fraction, digits: int, language: str) -> str:
    """A number as `1.23 × 10³⁰`, with so many decimals at most."""
    if not number:
        return "0"
    exponent = magnitude(number)
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    factor = formats.fixed(number / Fraction(10) ** exponent, digits, language=language)
    return f"{factor} × 10{raised}"


def magnitude(number: Fraction) -> int:
    """The power of ten just below the size of a number other than 0."""
    size = abs(number)
    guess = len(str(size.numerator)) - len(str(size.denominator))
    return guess if size >= Fraction(10) ** guess else guess - 1


def notes(reading: Reading, part: Part, language: str) -> list[str]:
    """What must be known of a reading beside its outcome."""
    say, band = SAY[language], part["band"]
    on_edge = reading["margin"] == 0 and reading["low"] == reading["high"]
    found = [say["edge"]] if on_edge and band and band[0] != band[-1] else []
    return [*found, say["proxy"]] if reading["role"] == "proxy" else found


def ends(reading: Reading) -> Ends:
    """Both ends of a reading: a number, or the middle of a day."""
    if reading["low"] is not None:
        return rule.exact(reading["low"]), rule.exact(reading["high"])
    days = [Fraction(dt.date.fromisoformat(day).toordinal()) for day in reading["answers"]]
    return min(days) + Fraction(1, 2), max(days) + Fraction(1, 2)
