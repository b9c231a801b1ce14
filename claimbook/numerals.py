"""Numbers as Vietnamese and English articles write them.

What is read is one number phrase: a hedge, a sign, a currency, the digits, words of scale, a unit,
each but the digits optional ("gần 600 tỷ USD", "-$2.33 billion"). Reading is strict: a word
that is not known, a second number or a grouping that the language does not have is an error, never
a guess.

Digits:
    * Vietnamese: dots between groups of three, then a decimal comma, which a stray space may
      follow: "1.234,5", "14, 8". So "1.234" is 1234, "5,576" is 5.576, and "1.5" is refused.
    * English: commas between groups of three, then a decimal dot: "1,234.5". So "1,234" is 1234,
      "5.576" is 5.576, and "1,5" is refused.

The value keeps the last written digit, also under a word of scale: "2.60" is ``Decimal("2.60")``,
and "14,8 nghìn tỷ" is ``Decimal("1.48E+13")``, whose last digit stands for 0.1 trillion. A percent
sign is a unit: "96, 4%" is 96.4.

Where there is no digit ("hàng trăm tỷ", "hundreds of billions") the value is the noun's unit,
here 1 billion; `parse_hedged` tells how many of it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple


class Hedged(NamedTuple):
    """A number and the comparator of the verdict rule that its words amount to."""

    value: Decimal
    comparator: str


@dataclass(frozen=True)
class _Language:
    """What one language writes around and inside a number."""

    name: str
    digits: re.Pattern[str]
    expected: str
    thousands: str
    decimal: str
    scales: Mapping[str, int]  # word -> power of ten
    plural_prefix: str  # stands before a noun unit without a digit
    plurals: Mapping[str, int]
    counts: Mapping[str, str]  # plural word that is a comparator, not a part of the unit
    hedges: Mapping[str, str]
    units: frozenset[str]


_ANY_LANGUAGE_UNITS: Final = frozenset({"", "%", "$", "usd", "eur", "vnd", "gpu", "token", "chip"})
_SYMBOL_HEDGES: Final = {"~": "about", "≈": "about", ">": "more-than", "<": "less-than"}

_VI_SCALES: Final = {"chục": 1, "trăm": 2, "nghìn": 3, "ngàn": 3, "vạn": 4, "triệu": 6}
_VI_BILLIONS: Final = {"tỷ": 9, "tỉ": 9}

# "lên tới" is left out on purpose: it can mean "up to" and "amounting to".
_VIETNAMESE: Final = _Language(
    name="Vietnamese",
    digits=re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:, ?[0-9]+)?"),
    expected="dots between groups of three digits and a decimal comma",
    thousands=".",
    decimal=",",
    # No "T" here: it stands for "tỷ" as often as for "trillion".
    scales={**_VI_SCALES, **_VI_BILLIONS, "k": 3, "tr": 6, "m": 6, "b": 9},
    plural_prefix="hàng ",
    plurals={**_VI_SCALES, **_VI_BILLIONS},
    counts={"chục": "tens-of", "trăm": "hundreds-of"},
    hedges={
        **_SYMBOL_HEDGES,
        "gần": "nearly",
        "khoảng": "about",
        "chừng": "about",
        "xấp xỉ": "about",
        "ít nhất": "at-least",
        "tối thiểu": "at-least",
        "hơn": "more-than",
        "trên": "more-than",
        "cao hơn": "more-than",
        "nhiều hơn": "more-than",
        "vượt": "more-than",
        "vượt quá": "more-than",
        "cao hơn nhiều so với": "well-above",
        "dưới": "less-than",
        "chưa đến": "less-than",
        "chưa tới": "less-than",
        "nhiều nhất": "at-most",
        "tối đa": "at-most",
        "không quá": "at-most",
        "đúng": "exactly",
        "chính xác": "exactly",
    },
    units=_ANY_LANGUAGE_UNITS
    | {"phần trăm", "đô la", "đô la mỹ", "đô", "đồng", "tham số", "lần", "người", "người dùng"}
    | {"giờ", "ngày", "tháng", "năm", "cổ phiếu"},
)

_ENGLISH: Final = _Language(
    name="English",
    digits=re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"),
    expected="commas between groups of three digits and a decimal dot",
    thousands=",",
    decimal=".",
    scales={
        **{"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12},
        **{"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12, "tn": 12},
    },
    plural_prefix="",
    plurals={
        **{"tens": 1, "hundreds": 2, "thousands": 3},
        **{"millions": 6, "billions": 9, "trillions": 12},
    },
    counts={"tens": "tens-of", "hundreds": "hundreds-of"},
    hedges={
        **_SYMBOL_HEDGES,
        "almost": "nearly",
        "nearly": "nearly",
        "about": "about",
        "around": "about",
        "roughly": "about",
        "approximately": "about",
        "at least": "at-least",
        "more than": "more-than",
        "over": "more-than",
        "above": "more-than",
        "well above": "well-above",
        "well over": "well-above",
        "much more than": "well-above",
        "much higher than": "well-above",
        "less than": "less-than",
        "fewer than": "less-than",
        "under": "less-than",
        "below": "less-than",
        "at most": "at-most",
        "up to": "at-most",
        "no more than": "at-most",
        "exactly": "exactly",
    },
    units=_ANY_LANGUAGE_UNITS
    | {"percent", "per cent", "dollar", "dollars", "us dollars", "parameters", "times", "x"}
    | {"people", "users", "hours", "days", "months", "years", "shares"}
    | {"gpus", "tokens", "chips"},
)

_LANGUAGES: Final = {"vi": _VIETNAMESE, "en": _ENGLISH}

_SIGN_AND_CURRENCY: Final = re.compile(r"([-+\u2212]?) ?(?:us\$|\$|usd)? ?([-+\u2212]?)")
_DIGIT_RUN: Final = re.compile(r"[0-9](?:[0-9.,]|(?<=,) (?=[0-9]))*")


def parse_number(text: str, lang: str) -> Decimal:
    """Return the number that a phrase states, without its hedge and its unit.

    Args:
        text: One number phrase, such as "14, 8 nghìn tỷ token" or "$2.33 billion".
        lang: "vi" or "en".

    Returns:
        The value in units of one: 14.8e12, 2.33e9. Percentages stay in percent. Text without a
        digit ("hàng trăm tỷ") yields the noun's unit (1e9).

    Raises:
        ValueError: The text is not one number phrase of that language, or the language is unknown.
    """
    return parse_hedged(text, lang).value


def parse_hedged(text: str, lang: str) -> Hedged:
    """Return the number that a phrase states, and the comparator its hedge amounts to.

    "gần 600 tỷ" is (6e11, "nearly"), "hàng trăm tỷ" (1e9, "hundreds-of"), "billions of users"
    (1e9, "many"), and a number without a hedge has the comparator "=".

    Args:
        text: One number phrase.
        lang: "vi" or "en".

    Returns:
        The value as in `parse_number`, and a comparator of `claimbook.rule`.

    Raises:
        ValueError: As for `parse_number`.
    """
    if lang not in _LANGUAGES:
        raise ValueError(f"unknown language {lang!r} for {text!r}: expected 'vi' or 'en'")
    language = _LANGUAGES[lang]
    phrase = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    try:
        if not re.search("[0-9]", phrase):
            return _without_digits(phrase, language)
        comparator, rest = _split_hedge(phrase, language)
        return Hedged(_with_digits(rest, language), comparator)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a {language.name} number: {error}") from None


def _split_hedge(phrase: str, language: _Language) -> tuple[str, str]:
    # Longest first: "cao hơn nhiều so với" before "cao hơn".
    for words in sorted(language.hedges, key=len, reverse=True):
        rest = phrase.removeprefix(words)
        if rest != phrase and not rest[:1].isalpha():
            return language.hedges[words], rest.strip()
    return "=", phrase


def _with_digits(phrase: str, language: _Language) -> Decimal:
    start = _SIGN_AND_CURRENCY.match(phrase)
    lead = start.end() if start else 0
    run = _DIGIT_RUN.match(phrase, lead)
    if start is None or run is None:
        raise ValueError(f"unknown words before the digits in {phrase!r}")
    if all(start.groups()):
        raise ValueError("it has two signs")
    digits = run.group()
    if not language.digits.fullmatch(digits):
        raise ValueError(f"expected {language.expected}, found {digits!r}")
    powers, unit = _split_scales(phrase[run.end() :], language.scales)
    _check_unit(unit, language)
    plain = digits.replace(language.thousands, "").replace(" ", "").replace(language.decimal, ".")
    negative = any(sign and sign != "+" for sign in start.groups())
    return _shift(Decimal(f"-{plain}" if negative else plain), sum(powers.values()))


def _without_digits(phrase: str, language: _Language) -> Hedged:
    noun = phrase.removeprefix(language.plural_prefix).replace(" of ", " ")
    powers, unit = _split_scales(noun, language.plurals)
    if not powers or not phrase.startswith(language.plural_prefix):
        raise ValueError("it has no digit and no noun of number")
    _check_unit(unit, language)
    first = next(iter(powers))
    comparator = language.counts.get(first, "many")
    if first in language.counts:
        del powers[first]
    return Hedged(_shift(Decimal(1), sum(powers.values())), comparator)


def _split_scales(rest: str, scales: Mapping[str, int]) -> tuple[dict[str, int], str]:
    """Split leading words of scale from what follows: "nghìn tỷ" multiplies, "tỷ nghìn" fails."""
    words = rest.split()
    powers: dict[str, int] = {}
    while words and words[0] in scales:
        word = words.pop(0)
        if powers and scales[word] <= max(powers.values()):
            raise ValueError(f"{word!r} cannot follow {list(powers)[-1]!r}")
        powers[word] = scales[word]
    return powers, " ".join(words)


def _check_unit(unit: str, language: _Language) -> None:
    if unit not in language.units:
        raise ValueError(f"unknown words after the number: {unit!r}")


def _shift(value: Decimal, power: int) -> Decimal:
    # Not scaleb(), which rounds to the precision of the context.
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + power))
