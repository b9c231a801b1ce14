"""Typed models of everything in `data/`: what an entry must have, and in which form.

Every scalar arrives as text (see `claimbook.registry`), so `2.60` keeps its zero and `no` stays a
word. Units of numbers are the texts that `claimbook.units` understands.
"""

import datetime as dt
import keyword
import re
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from claimbook import rule, units
from claimbook.faults import nearest
from claimbook.letters import need_seen

MAX_QUOTE_WORDS = 25
MAX_NUMBER_LENGTH = 30

Kind = Literal["number", "count", "date", "yes-no"]
Precision = Literal["exact", "rounded", "estimate"]
Known = Literal["then", "later"]
Evidence = Literal["primary", "secondary", "tertiary"]
Language = Literal["en", "vi"]


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError("expected lowercase letters, digits and single hyphens")
    return text


def identifier(text: str) -> str:
    """Check that a text can be the name of a parameter of a reading.

    Raises:
        ValueError: it cannot.
    """
    if not re.fullmatch("[a-z][a-z0-9_]*", text) or keyword.iskeyword(text):
        raise ValueError("expected a lowercase Python name, because readings ask for it by name")
    return text


def _part(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", text):
        raise ValueError("expected lowercase letters and digits, joined by hyphens or underscores")
    if text == "verdict":
        raise ValueError("expected another id, because {verdict} is the word of the whole claim")
    return text


def _words(text: str) -> str:
    if text and not any(map(str.isalnum, text)):
        raise ValueError("expected a quote with words, or nothing")
    count = len(text.split())
    if count > MAX_QUOTE_WORDS:
        raise ValueError(f"expected a quote of at most {MAX_QUOTE_WORDS} words, found {count}")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("expected a text, found nothing")
    return text


def _day(text: str) -> str:
    if re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", text):
        with suppress(ValueError):
            dt.date.fromisoformat(text + "-01" * (2 - text.count("-")))
            return text
    raise ValueError("expected a date as YYYY-MM-DD, YYYY-MM or YYYY")


def _time(text: str) -> str:
    """Free text such as "week of 27 January", but what looks like a date must be one."""
    return _day(text) if re.fullmatch(r"[0-9][0-9 ./-]*", text) else text


def _unit(text: str) -> str:
    try:
        units.parse_unit(text)
    except ValueError:
        hint = nearest(text, units.names())
        raise ValueError(f"expected a known unit, found {text!r}{hint}") from None
    return text


def _decimal(text: str) -> str:
    """A number with decimal point and no grouping, kept as text: its zeros count."""
    if len(text) > MAX_NUMBER_LENGTH:
        raise ValueError(
            f"expected a number of at most {MAX_NUMBER_LENGTH} characters, found {len(text)}"
        )
    if text and not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text):
        raise ValueError(
            f"expected a number such as 2.19, with a decimal point and no grouping, found {text!r}"
        )
    if text.startswith("-") and not Decimal(text):
        raise ValueError(f"expected 0 without a sign, found {text!r}")
    return text


def _address(text: str) -> str:
    if not text:
        return text
    with suppress(ValueError):
        if re.fullmatch(r"https?://\S+", text) and text.isprintable() and urlsplit(text).hostname:
            return text
    raise ValueError("expected an address that begins with http:// or https://, or nothing")


Slug = Annotated[str, AfterValidator(_slug)]
Identifier = Annotated[str, AfterValidator(identifier)]
PartId = Annotated[str, AfterValidator(_part)]
Text = Annotated[str, AfterValidator(_filled)]
Quote = Annotated[str, AfterValidator(_words)]
Day = Annotated[str, AfterValidator(_day)]
Time = Annotated[str, AfterValidator(_time)]
Unit = Annotated[str, AfterValidator(_unit)]
Number = Annotated[str, AfterValidator(_decimal)]
Address = Annotated[str, AfterValidator(_address)]


class Entry(BaseModel):
    """Base of all models: unknown fields are mistakes, and nothing changes after loading.

    No text of any field has letters that nobody sees.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _seen(cls, value: object) -> object:
        return need_seen(value) if isinstance(value, str) else value


class Bilingual(Entry):
    """A text in English and in Vietnamese."""

    en: Text
    vi: Text


class Article(Entry):
    """A news story whose statements are checked. Unknown facts are empty."""

    id: Slug
    label: Text
    language: Language
    headline: str = ""
    published: Time = ""
    publisher: str = ""
    url: Address = ""
    about: Text


class Citation(Entry):
    """Where exactly a number or a statement was seen."""

    source: Text
    kind: Evidence
    locator: str = ""
    quote: Quote = ""


class RoundTo(Entry):
    """To what a stated integer was rounded, and why we think so."""

    value: Number
    reason: Text


class Part(Entry):
    """One checkable statement within a claim."""

    id: PartId
    label: Bilingual
    kind: Kind
    stated: Text
    unit: Unit = ""
    comparator: str = "="
    round_to: RoundTo | None = None
    about: Slug

    @model_validator(mode="after")
    def _stated_fits(self) -> Self:
        if self.comparator not in rule.COMPARATORS:
            raise ValueError(
                f"comparator: expected one of {', '.join(rule.COMPARATORS)}; "
                f"found {self.comparator!r}"
            )
        if self.kind == "yes-no" and self.stated not in ("yes", "no"):
            raise ValueError(f"stated: expected yes or no for this kind, found {self.stated!r}")
        if self.kind == "date":
            try:
                _day(self.stated)
            except ValueError as error:
                raise ValueError(f"stated: {error} for this kind, found {self.stated!r}") from None
        if self.kind in ("number", "count"):
            self._number_fits()
        elif self.round_to or self.unit or self.comparator != "=":
            raise ValueError(
                f"unit, round_to and comparator belong to numbers and counts, not to {self.kind}"
            )
        return self

    def _number_fits(self) -> None:
        try:
            number = Decimal(_decimal(self.stated))
        except ValueError as error:
            raise ValueError(f"stated: {error}") from None
        if not self.unit:
            raise ValueError("unit: expected a unit for this kind, found nothing")
        whole = number == number.to_integral_value()
        if self.kind == "count" and not whole:
            raise ValueError(f"stated: expected a whole number for a count, found {self.stated!r}")
        if whole and "." not in self.stated and number % 10 == 0 and self.round_to is None:
            raise ValueError(
                f"round_to: expected a value and a reason, because {self.stated} ends in 0 "
                "and does not say to what it was rounded; found nothing"
            )
        if self.comparator == "most" and self.unit != "percent":
            raise ValueError(f"unit: expected percent for 'most', found {self.unit!r}")
        if self.round_to is not None and 0 < abs(number) < Decimal(self.round_to.value):
            raise ValueError(
                f"round_to: expected at most the stated number ({self.stated}), "
                f"found {self.round_to.value!r}"
            )
        try:
            rule.accepted(self.stated, self.comparator, self.rounding)
        except ValueError as error:
            reason = str(error)
            raise ValueError(
                reason if reason.startswith("round_to: ") else f"stated: {reason}"
            ) from None

    @property
    def rounding(self) -> str | None:
        """The declared rounding as the rule takes it."""
        return self.round_to.value if self.round_to else None


class Flag(Entry):
    """What is wrong with a claim besides its number; stands beside the verdict."""

    flag: Literal["misattributed", "mistranslated", "missing-context"]
    note: Bilingual
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]


class ClaimEntry(Entry):
    """A statement of an article that is checked."""

    id: Slug
    code: Text
    article: Slug
    quote: Annotated[Text, AfterValidator(_words)]
    english: Text
    claimant: Text
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    title: Bilingual
    finding: Bilingual
    settle: str = ""
    flags: tuple[Flag, ...] = ()
    page: Slug | None = None

    @model_validator(mode="after")
    def _parts_differ(self) -> Self:
        ids = [part.id for part in self.parts]
        for repeated in sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"parts: expected different ids, found {repeated!r} twice")
        return self

    @property
    def notebook(self) -> str:
        """Slug of the notebook that checks this claim."""
        return self.page or self.id

    def part(self, part_id: str) -> Part:
        """The part with this id.

        Raises:
            KeyError: the claim has no such part.
        """
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)


class Input(Entry):
    """One cited number."""

    id: Identifier
    quantity: Text
    value: Annotated[Number, AfterValidator(_filled)]
    low: Number = ""
    high: Number = ""
    unit: Annotated[Unit, AfterValidator(_filled)]
    as_of: Day
    precision: Precision
    known: Known
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    conflicts: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _range_fits(self) -> Self:
        if self.precision == "estimate" and not (self.low and self.high):
            raise ValueError("low, high: expected both for an estimate, found one or none")
        if self.precision != "estimate" and (self.low or self.high):
            raise ValueError(
                f"low, high: expected none, because this input is {self.precision}; found a range"
            )
        low, high = self.bounds
        if low > high:
            raise ValueError(f"low: expected at most high ({self.high}), found {self.low}")
        if not low <= Fraction(self.value) <= high:
            raise ValueError(f"value: expected from {self.low} to {self.high}, found {self.value}")
        return self

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """Lowest and highest value that the source allows, in the input's unit.

        A rounded number may lie half a unit of its last written digit either way.
        """
        value = Fraction(self.value)
        if self.precision == "rounded":
            decimals = len(self.value.partition(".")[2])
            half = Fraction(1, 2 * 10**decimals)
            return value - half, value + half
        if self.precision == "estimate":
            return Fraction(self.low), Fraction(self.high)
        return value, value


class Column(Entry):
    """A column of a table, as its Frictionless schema describes it."""

    name: Text
    type: Literal["integer", "number", "string", "date", "boolean"]
    title: str = ""
    unit: Unit = ""
    description: str = ""


class CitedTable(Entry):
    """A cited table: a CSV file with its description.

    Attributes:
        digest: of the file, as the description has it; no other content is loaded.
    """

    id: Identifier
    title: Text
    path: str
    columns: tuple[Column, ...]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    precision: Precision
    known: Known
    note: str = ""
    digest: str = ""

    @property
    def resource(self) -> str:
        """Name of the table in its descriptor."""
        return self.id.replace("_", "-")


class Source(Entry):
    """A source as described in `data/sources.bib`."""

    id: Slug
    title: Text
    author: str = ""
    date: Day = ""
    publisher: str = ""
    url: Address = ""
    archive: Address = ""
    seen: str = ""
    interest: str = ""
