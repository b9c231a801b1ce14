"""Numbers as Vietnamese and English articles write them.

What is read is one number phrase: a hedge, a sign, a currency, the number, words of scale, a unit,
what it is counted for, each but the number optional ("gần 600 tỷ USD", "-$2.33 billion", "$2.19 per
million tokens"). Reading is strict: a word that is not known, a second number or a grouping that
the language does not have is an error, never a guess.

Digits:
    * Vietnamese: dots between groups of three, then a decimal comma, which a stray space may
      follow: "1.234,5", "14, 8". So "1.234" is 1234, "5,576" is 5.576, and "1.5" is refused.
      Vietnamese texts also write numbers as English ones do, so one comma before three digits can
      be either: "1,087%" and "2,048 GPU" are refused, and so is "1.087%". A word of scale or a
      stray space tells: "5,576 triệu", "1, 087%".
    * English: commas between groups of three, then a decimal dot: "1,234.5". So "1,234" is 1234,
      "5.576" is 5.576, and "1,5" is refused.

Words: "one third", "two thirds", "một phần ba", "a half", "nửa triệu", "twice", "gấp đôi",
"tenfold", "10-fold", "three million", "ba người", "hai triệu rưỡi", "two and a half million", and
compounds such as "1 tỷ 230 triệu". "1 tỷ 2" is refused, and so is "năm" alone (five, or year).

The value keeps the last written digit, also under a word of scale: "2.60" is ``Decimal("2.60")``,
and "14,8 nghìn tỷ" is ``Decimal("1.48E+13")``, whose last digit stands for 0.1 trillion. A percent
sign is a unit: "96, 4%" is 96.4. A third, which has no end, is given with 28 digits.

Where there is no digit ("hàng trăm tỷ", "hundreds of billions") the value is the noun's unit,
here 1 billion; `parse_hedged` tells how many of it.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from claimbook.numerals.phrases import Phrase, Reader
from claimbook.numerals.words import LANGUAGES, Language

__all__ = ["Hedged", "Phrase", "mentions", "parse_hedged", "parse_number", "phrases"]


class Hedged(NamedTuple):
    """A number and the comparator of the verdict rule that its words amount to."""

    value: Decimal
    comparator: str


def parse_number(text: str, lang: str) -> Decimal:
    """Return the number that a phrase states, without its hedge and its unit.

    Args:
        text: One number phrase, such as "14, 8 nghìn tỷ token" or "$2.33 billion".
        lang: "vi" or "en".

    Returns:
        The value in units of one: 14.8e12, 2.33e9. Percentages stay in percent, and half is 0.5.
        Text without a digit ("hàng trăm tỷ") yields the noun's unit (1e9).

    Raises:
        ValueError: The text is not one number phrase of that language, or can be two numbers, or
            the language is unknown.
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
    language = _language(text, lang)
    try:
        phrase = Reader(text, language).whole()
    except ValueError as error:
        article = "an" if language.name[0] in "AEIOU" else "a"
        raise ValueError(f"{text!r} is not {article} {language.name} number: {error}") from None
    return Hedged(phrase.value, phrase.comparator)


def phrases(text: str, lang: str) -> Iterator[Phrase]:
    """Every number of a running text, each with the longest phrase around it.

    What cannot be read as one number is left out. A phrase has no comparator where the words before
    or behind it may change what it says: an unknown word right before a number without a hedge, a
    denial, a second hedge, another number.

    Args:
        text: Some words of an article.
        lang: "vi" or "en".

    Raises:
        ValueError: The language is unknown.
    """
    return Reader(text, _language(text, lang), running=True).all()


def mentions(text: str, lang: str, comparator: str) -> bool:
    """Whether a text has words for "most" or "similar", which need no number.

    Args:
        text: Some words of an article.
        lang: "vi" or "en".
        comparator: "most" or "similar"; no text has such words for another one.

    Raises:
        ValueError: The language is unknown.
    """
    language = _language(text, lang)
    words = {"most": language.most, "similar": language.similar}.get(comparator, frozenset())
    return Reader(text, language, running=True).mentions(words)


def _language(text: str, lang: str) -> Language:
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r} for {text!r}: expected 'vi' or 'en'")
    return LANGUAGES[lang]
