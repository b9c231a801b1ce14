"""How numbers and units are written for readers, in English and in Vietnamese."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, log10

from claimbook.rule import Accepted, exact, rounded_to

# How a unit is written where its name alone would read badly.
_UNITS = {
    "percent": "%",
    "percentage_point": "percentage points",
    "ratio": "times",
    "count": "",
    "thousand_count": "thousand",
    "million_count": "million",
    "billion_count": "billion",
    "trillion_count": "trillion",
    "person": "people",
    "thousand_person": "thousand people",
    "million_person": "million people",
    "billion_person": "billion people",
    "USD / megatoken": "USD per million tokens",
    "USD / share": "USD per share",
    "USD / GPU": "USD per GPU",
    "million_USD / year": "million USD per year",
    "thousand_GPU_hour / teratoken": "thousand GPU-hours per trillion tokens",
    "teraFLOP / second / GPU": "TFLOP/s per GPU",
    "gigaFLOP / token": "GFLOP per token",
    "gigabyte / second": "GB/s",
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
    "teraFLOP / second / GPU": "TFLOP/s mỗi GPU",
    "gigaFLOP / token": "GFLOP mỗi token",
    "gigabyte / second": "GB/s",
}
# Words of a unit, in the order in which they are looked for; longer names stand for themselves.
_NOUNS_VI = {
    "USD": "USD",
    "CNY": "nhân dân tệ",
    "token": "token",
    "parameter": "tham số",
    "share": "cổ phiếu",
    "GPU": "GPU",
    "GPU_hour": "giờ GPU",
    "person": "người",
    "task": "tác vụ",
    "count": "",
    "percent": "%",
    "percentage_point": "điểm phần trăm",
    "ratio": "lần",
    "byte": "byte",
    "FLOP": "FLOP",
    "second": "giây",
    "minute": "phút",
    "hour": "giờ",
    "day": "ngày",
    "year": "năm",
}
_MULTIPLES_VI = {
    **{"thousand_": "nghìn", "million_": "triệu", "billion_": "tỷ", "trillion_": "nghìn tỷ"},
    **{"mega": "triệu", "giga": "tỷ", "tera": "nghìn tỷ"},
}
# Products in either order, and rates per both.
_PRODUCTS = {
    "GPU * hour": "GPU_hour",
    "hour * GPU": "GPU_hour",
    "(GPU * hour)": "GPU_hour",
    "GPU / hour": "GPU_hour",  # below a line
    "hour / GPU": "GPU_hour",
}

# Comparator in front of a stated number; a number alone needs no word.
_HEDGES = {
    "more-than": ("more than", "hơn"),
    "at-least": ("at least", "ít nhất"),
    "less-than": ("less than", "dưới"),
    "at-most": ("at most", "tối đa"),
    "exactly": ("exactly", "chính xác"),
    "just-over": ("just over", "nhỉnh hơn"),
    "just-under": ("just under", "ngay dưới"),
    "well-above": ("well above", "cao hơn nhiều so với"),
    "about": ("about", "khoảng"),
    "nearly": ("nearly", "gần"),
    "tens-of": ("tens of times", "hàng chục lần"),
    "hundreds-of": ("hundreds of times", "hàng trăm lần"),
    "many": ("several times", "nhiều lần"),
    "most": ("most, that is more than", "phần lớn, tức là hơn"),
    "similar": ("similar to", "tương đương"),
}


def written(unit: str, language: str = "en") -> str:
    """The unit as readers see it: `billion_USD` becomes `billion USD`, `percent` becomes `%`."""
    if language == "vi":
        return _UNITS_VI[unit] if unit in _UNITS_VI else _in_vietnamese(unit)
    return _UNITS.get(unit, unit.replace("_", " "))


def _in_vietnamese(unit: str) -> str:
    """A unit word by word: `thousand_GPU_hour / teratoken` is nghìn giờ GPU mỗi nghìn tỷ token."""
    above, _, below = unit.partition(" / ")
    terms = [_PRODUCTS.get(term, term) for term in (above, below) if term]
    words = [_noun_in_vietnamese(name) for term in terms for name in term.split(" / ")]
    return " mỗi ".join(words)


def _noun_in_vietnamese(name: str) -> str:
    for prefix, word in _MULTIPLES_VI.items():
        noun = name.removeprefix(prefix)
        if noun != name and noun in _NOUNS_VI:
            return f"{word} {_NOUNS_VI[noun]}".rstrip()
    return _NOUNS_VI.get(name, name.replace("_", " "))


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
    decimals = digits - 1 - _magnitude(value)
    # Rounding may carry: 9.96 with two digits is 10, not 10.0.
    rounded = rounded_to(abs(value), Fraction(10) ** -decimals)[-1]
    return fixed(value, max(0, digits - 1 - _magnitude(rounded)))


def _magnitude(value: Fraction) -> int:
    """The power of ten of the first digit; exact where a logarithm of floats is not."""
    power = floor(log10(abs(value)))
    if Fraction(10) ** (power + 1) <= abs(value):
        return power + 1
    return power - 1 if Fraction(10) ** power > abs(value) else power


def plainly(number: Fraction | float, language: str = "en") -> str:
    """Write a number with all its decimals, a very small one with six significant digits."""
    value = exact(number)
    digits = 12 if not value or abs(value) >= Fraction(1, 10**6) else 6 - _magnitude(value)
    return fixed(value, digits, language=language)


def span(low: str, high: str, *, language: str = "en") -> str:
    """Two written numbers as a range, or one of them if they are alike."""
    return low if low == high else f"{low} {'đến' if language == 'vi' else 'to'} {high}"


def either(words: Sequence[str], language: str = "en") -> str:
    """Alternatives: `yes`, `no or yes`."""
    return f" {'hoặc' if language == 'vi' else 'or'} ".join(words)


def listed(words: Sequence[str]) -> str:
    """Several names: `A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def in_words(number: int) -> str:
    """A small whole number: `one`, `two`; in digits above nine."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if 0 <= number < len(words) else str(number)


def testimony(supporting: int, contradicting: int, language: str = "en") -> str:
    """How many independent sources that count support a statement, and how many contradict it."""
    if language == "vi":
        ways = ((supporting, "nguồn độc lập ủng hộ"), (contradicting, "nguồn độc lập phản bác"))
        return ", ".join(f"{count or 'không'} {words}" for count, words in ways)
    return (
        f"{supporting or 'no'} independent source{'s' if supporting != 1 else ''} for it, "
        f"{contradicting or 'none'} against"
    )


_REASONS = {
    "opinion": ("an opinion", "ý kiến"),
    "prediction": ("a prediction", "dự đoán"),
    "words without a number": ("words without a number", "lời không kèm con số"),
}


def not_checkable(reason: str, language: str = "en") -> str:
    """Why a statement cannot be checked, if it cannot: `a prediction`; else nothing."""
    return _REASONS[reason][language == "vi"] if reason else ""


def yes_no(answer: bool, language: str = "en") -> str:
    """A truth value as a word."""
    words = ("không", "có") if language == "vi" else ("no", "yes")
    return words[answer]


def hedged(number: str, comparator: str, language: str = "en") -> str:
    """A written number with the hedge that its comparator stands for."""
    hedge = _HEDGES.get(comparator)
    return f"{hedge[language == 'vi']} {number}" if hedge else number


def far_beyond(recomputed: str, stated: str, ratio: Fraction, language: str = "en") -> str:
    """By how much a one-sided statement is exceeded, as a sentence without a full stop.

    Args:
        recomputed: the recomputed number, with its unit.
        stated: the stated number, with its hedge and unit.
        ratio: of the recomputed number to the stated one.
        language: en or vi.
    """
    number = fixed(ratio if ratio > 1 or not ratio else 1 / ratio, 0, language=language)
    if language == "vi":
        share = (
            f", gấp {number} lần"
            if ratio > 1
            else f", chỉ bằng 1/{number}"
            if ratio
            else ", cách xa"
        )
        return f"kết quả tính lại là {recomputed}{share} con số bài báo nêu ({stated})"
    share = f", {number} times" if ratio > 1 else f", 1/{number} of" if ratio else ", far from"
    return f"the recomputed number is {recomputed}{share} the stated one ({stated})"


def band(accepted: Accepted, language: str = "en") -> str:
    """An accepted set in words: `96.35 to 96.45`, `above 500`, and of counts alone: `3`."""
    low, high = (None if end is None else plainly(end, language) for end in accepted.bounds)
    english = language == "en"
    if low is not None and low == high:
        return low if accepted.whole else f"{'exactly' if english else 'chính xác'} {low}"
    if low is not None and high is not None:
        if accepted.low_open:
            return f"{'above' if english else 'trên'} {low}, {'up to' if english else 'đến'} {high}"
        if accepted.high_open:
            return f"{'from' if english else 'từ'} {low}, {'below' if english else 'dưới'} {high}"
        return span(low, high, language=language)
    if low is not None:
        open_word, closed_word = ("above", "from") if english else ("trên", "từ")
        return f"{open_word if accepted.low_open else closed_word} {low}"
    open_word, closed_word = ("below", "up to") if english else ("dưới", "đến")
    return f"{open_word if accepted.high_open else closed_word} {high}"
