"""How numbers and units are written for readers, in English and in Vietnamese."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, log10

from claimbook.rule import Accepted, exact

# How a unit is written where its name alone would read badly.
_UNITS = {
    "percent": "%",
    "ratio": "times",
    "count": "",
    "thousand_count": "thousand",
    "million_count": "million",
    "USD / megatoken": "USD per million tokens",
    "USD / share": "USD per share",
    "USD / GPU": "USD per GPU",
    "million_USD / year": "million USD per year",
    "thousand_GPU_hour / teratoken": "thousand GPU-hours per trillion tokens",
    "teraFLOP / second / GPU": "TFLOP/s per GPU",
    "gigaFLOP / token": "GFLOP per token",
    "gigatoken / day": "billion tokens per day",
    "billion_parameter": "billion parameters",
    "million_parameter": "million parameters",
    "parameter": "parameters",
    "billion_share": "billion shares",
    "million_share": "million shares",
    "million_GPU_hour": "million GPU-hours",
    "thousand_GPU_hour": "thousand GPU-hours",
    "GPU_hour": "GPU-hours",
    "megatoken": "million tokens",
    "gigatoken": "billion tokens",
    "teratoken": "trillion tokens",
    "GPU": "GPUs",
    "task": "tasks",
    "hour": "hours",
    "day": "days",
    "year": "years",
    "second": "seconds",
}
_UNITS |= {
    f"USD / {gpu_hour}": "USD per GPU-hour"
    for gpu_hour in ("GPU / hour", "(GPU * hour)", "GPU_hour", "hour / GPU")
}

_UNITS_VI = {
    "percent": "%",
    "ratio": "lần",
    "count": "",
    "USD / megatoken": "USD cho một triệu token",
    "billion_parameter": "tỷ tham số",
    "million_parameter": "triệu tham số",
    "parameter": "tham số",
    "thousand_GPU_hour": "nghìn giờ GPU",
    "USD / GPU / hour": "USD cho một giờ GPU",
    "million_USD / year": "triệu USD mỗi năm",
    "billion_USD": "tỷ USD",
    "million_USD": "triệu USD",
    "million_share": "triệu cổ phiếu",
    "billion_share": "tỷ cổ phiếu",
    "million_GPU_hour": "triệu giờ GPU",
    "day": "ngày",
    "year": "năm",
}

# Comparator in front of a stated number; a number alone needs no word.
_HEDGES = {
    "more-than": ("more than", "hơn"),
    "at-least": ("at least", "ít nhất"),
    "less-than": ("less than", "dưới"),
    "at-most": ("at most", "nhiều nhất"),
    "exactly": ("exactly", "chính xác"),
    "well-above": ("well above", "cao hơn nhiều so với"),
    "about": ("about", "khoảng"),
    "nearly": ("nearly", "gần"),
    "tens-of": ("tens of times", "hàng chục lần"),
    "hundreds-of": ("hundreds of times", "hàng trăm lần"),
    "many": ("several times", "nhiều lần"),
    "most": ("most, that is more than", "phần lớn, tức là hơn"),
    "similar": ("similar to", "tương tự"),
}


def written(unit: str, language: str = "en") -> str:
    """The unit as readers see it: `billion_USD` becomes `billion USD`, `percent` becomes `%`."""
    known = _UNITS_VI if language == "vi" else _UNITS
    return known.get(unit, _UNITS.get(unit, unit.replace("_", " ")))


def with_unit(text: str, unit: str, language: str = "en") -> str:
    """Put the unit behind a number: `96.35 %`, `592.66 billion USD`, `3`."""
    suffix = written(unit, language)
    # A line never breaks between a number and its unit; Vietnamese writes 96,4% as one word.
    space = "" if language == "vi" and suffix == "%" else "\u00a0"
    return f"{text}{space}{suffix}" if suffix else text


def fixed(
    number: Fraction | float, digits: int, *, strip: bool = True, language: str = "en"
) -> str:
    """Write a number with at most `digits` decimals, halves rounded away from zero.

    Trailing zeros are dropped only if the number is exact at that many decimals, so that
    `5.576` stays `5.576` and 0.9999 does not pose as `1`.
    """
    value = exact(number)
    scaled = abs(value) * 10**digits
    whole = int(scaled + Fraction(1, 2))
    group, point = (".", ",") if language == "vi" else (",", ".")
    text = f"{whole // 10**digits:,}".replace(",", group)
    decimals = f"{whole % 10**digits:0{digits}d}" if digits else ""
    if strip and scaled == whole:
        decimals = decimals.rstrip("0")
    sign = "−" if value < 0 and whole else ""
    return sign + text + (point + decimals if decimals else "")


def significant(number: Fraction | float, digits: int) -> str:
    """Write a number with so many significant digits, whole ones in full."""
    value = exact(number)
    if not value:
        return "0"
    return fixed(value, max(0, digits - 1 - floor(log10(abs(value)))))


def plainly(number: Fraction | float, language: str = "en") -> str:
    """Write a number with all its decimals, a very small one with six significant digits."""
    value = exact(number)
    digits = 12 if not value or abs(value) >= Fraction(1, 10**6) else 6 - floor(log10(abs(value)))
    return fixed(value, digits, language=language)


def span(low: str, high: str, *, language: str = "en") -> str:
    """Two written numbers as a range, or one of them if they are alike."""
    return low if low == high else f"{low} {'đến' if language == 'vi' else 'to'} {high}"


def either(words: Sequence[str], language: str = "en") -> str:
    """Alternatives: `yes`, `no or yes`."""
    return f" {'hoặc' if language == 'vi' else 'or'} ".join(words)


def yes_no(answer: bool, language: str = "en") -> str:
    """A truth value as a word."""
    words = ("không", "có") if language == "vi" else ("no", "yes")
    return words[answer]


def hedged(number: str, comparator: str, language: str = "en") -> str:
    """A written number with the hedge that its comparator stands for."""
    hedge = _HEDGES.get(comparator)
    return f"{hedge[language == 'vi']} {number}" if hedge else number


def band(accepted: Accepted, language: str = "en") -> str:
    """An accepted set in words: `96.35 to 96.45`, `above 500`."""
    low, high = (None if end is None else plainly(end, language) for end in accepted.bounds)
    english = language == "en"
    if low is not None and low == high:
        return f"{'exactly' if english else 'chính xác'} {low}"
    if low is not None and high is not None:
        return span(low, high, language=language)
    if low is not None:
        open_word, closed_word = ("above", "from") if english else ("trên", "từ")
        return f"{open_word if accepted.low_open else closed_word} {low}"
    open_word, closed_word = ("below", "up to") if english else ("dưới", "đến")
    return f"{open_word if accepted.high_open else closed_word} {high}"
