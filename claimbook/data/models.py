"""Typed models of everything in `data/`: what an entry must have, and in which form.

Every scalar arrives as text (see `claimbook.data.yaml_files`), so `2.60` keeps its zero and `no`
stays a word. Units of numbers are the texts that `claimbook.base.units` understands.
"""

import datetime as dt
import keyword
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)

from claimbook import rule
from claimbook.base import units
from claimbook.base.faults import nearest

MAX_QUOTE_WORDS = 25
MAX_NUMBER_LENGTH = 30
MAX_NAME_LENGTH = 30
MAX_HEADLINE_WORDS = 16
MAX_FINDING_WORDS, MAX_FINDING_NUMBERS = 30, 3
MAX_STATED_WORDS = 16
# Kinds of parts whose statement is in words, of which nothing is computed.
WORDED = ("witnessed", "not-checkable")

Kind = rule.Kind
Reason = Literal["opinion", "prediction", "words without a number"]
Precision = Literal["exact", "rounded", "estimate"]
Known = Literal["then", "later"]
Evidence = Literal["primary", "secondary", "tertiary"]
Language = Literal["en", "vi"]

# How texts are written, for the checks below and for the schemas that editors use.
_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_IDENTIFIER = "[a-z][a-z0-9_]*"
_PART = "[a-z0-9]+([-_][a-z0-9]+)*"
_NO_PART = "verdict"
# Years that a source of the book may be of: 0001 and 9999 stand for a date that nobody knows.
MIN_YEAR, MAX_YEAR = 1900, 2099
_DAY = "(19|20)[0-9]{2}(-[0-9]{2}){0,2}"
_LIKE_A_DAY = "[0-9][0-9 ./-]*"
_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
_RANGE = f"{_NUMBER}{rule.RANGE}{_NUMBER}"
_ADDRESS = r"https?://\S+"
_QUOTE = rf"\s*\S+(\s+\S+){{0,{MAX_QUOTE_WORDS - 1}}}\s*"
_HEADLINE = rf"\s*\S+(\s+\S+){{0,{MAX_HEADLINE_WORDS - 1}}}\s*"
_REFERENCE = r"\{[^{}]+\}"
_FINDING = (
    rf"(?!(([^{{]|\{{(?![^{{}}]+\}}))*{_REFERENCE}){{{MAX_FINDING_NUMBERS + 1}}})"
    rf"\s*\S+(\s+\S+){{0,{MAX_FINDING_WORDS - 1}}}\s*"
)

# What is expected of them, for messages about faults and for those that editors show.
_A_SLUG = "expected lowercase letters, digits and single hyphens"
_AN_IDENTIFIER = "expected a lowercase Python name, because readings ask for it by name"
_A_PART = "expected lowercase letters and digits, joined by hyphens or underscores"
_A_TEXT = "expected a text"
_A_NAME = f"expected a name of at most {MAX_NAME_LENGTH} characters"
_A_HEADLINE = f"expected a headline of at most {MAX_HEADLINE_WORDS} words"
_A_FINDING = (
    f"expected a finding of at most {MAX_FINDING_WORDS} words "
    f"and {MAX_FINDING_NUMBERS} references to numbers"
)
_A_QUOTE = f"expected a quote of at most {MAX_QUOTE_WORDS} words"
_A_DAY = "expected a date as YYYY-MM-DD, YYYY-MM or YYYY"
_A_NUMBER = "expected a number such as 2.19, with a decimal point and no grouping"
_A_UNIT = "expected a known unit"
_AN_ADDRESS = "expected an address that begins with http:// or https://, or nothing"


def slug(text: str) -> str:
    """Check that a text can be the id of a claim and the name of its files.

    Raises:
        ValueError: it cannot.
    """
    if not re.fullmatch(_SLUG, text):
        raise ValueError(_A_SLUG)
    return text


def identifier(text: str) -> str:
    """Check that a text can be the name of a parameter of a reading.

    Raises:
        ValueError: it cannot.
    """
    if not re.fullmatch(_IDENTIFIER, text) or keyword.iskeyword(text):
        raise ValueError(_AN_IDENTIFIER)
    return text


def _part(text: str) -> str:
    if not re.fullmatch(_PART, text):
        raise ValueError(_A_PART)
    if text == _NO_PART:
        raise ValueError("expected another id, because {verdict} is the word of the whole claim")
    return text


def _words(text: str) -> str:
    if text and not any(map(str.isalnum, text)):
        raise ValueError("expected a quote with words, or nothing")
    count = len(text.split())
    if count > MAX_QUOTE_WORDS:
        raise ValueError(f"{_A_QUOTE}, found {count}")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError(f"{_A_TEXT}, found nothing")
    return text


def _name(text: str) -> str:
    if len(text) > MAX_NAME_LENGTH:
        raise ValueError(f"{_A_NAME}, found {len(text)}")
    return _filled(text)


def _headline(text: str) -> str:
    count = len(_filled(text).split())
    if count > MAX_HEADLINE_WORDS:
        raise ValueError(f"{_A_HEADLINE}, found {count}")
    return text


def _finding(text: str) -> str:
    words, numbers = len(_filled(text).split()), len(re.findall(_REFERENCE, text))
    if words > MAX_FINDING_WORDS:
        raise ValueError(f"{_A_FINDING}, found {words} words")
    if numbers > MAX_FINDING_NUMBERS:
        raise ValueError(f"{_A_FINDING}, found {numbers} references")
    return text


def _day(text: str) -> str:
    if re.fullmatch(_DAY, text):
        with suppress(ValueError):
            first_day(text)
            return text
    raise ValueError(
        _A_DAY + f", from {MIN_YEAR} to {MAX_YEAR}" * bool(re.match("(?!19|20)[0-9]{4}", text))
    )


def first_day(text: str) -> dt.date:
    """The first day of a day, a month or a year, as `Day` has it."""
    return dt.date.fromisoformat(text + "-01" * (2 - text.count("-")))


def _past(text: str) -> str:
    """A day that has come, somewhere: nobody can have seen the number of a later one."""
    if _day(text) and first_day(text) > dt.date.today() + dt.timedelta(days=1):
        raise ValueError(f"expected a date that has come, found {text!r}")
    return text


def _time(text: str) -> str:
    """Free text such as "week of 27 January", but what looks like a date must be one."""
    return _day(text) if re.fullmatch(_LIKE_A_DAY, text) else text


def _unit(text: str) -> str:
    try:
        units.parse_unit(text)
    except ValueError:
        hint = nearest(text, units.names())
        raise ValueError(f"{_A_UNIT}, found {text!r}{hint}") from None
    return text


def _decimal(text: str) -> str:
    """A number with decimal point and no grouping, kept as text: its zeros count."""
    if len(text) > MAX_NUMBER_LENGTH:
        raise ValueError(
            f"expected a number of at most {MAX_NUMBER_LENGTH} characters, found {len(text)}"
        )
    if text and not re.fullmatch(_NUMBER, text):
        raise ValueError(f"{_A_NUMBER}, found {text!r}")
    if text.startswith("-") and not Decimal(text):
        raise ValueError(f"expected 0 without a sign, found {text!r}")
    return text


def _address(text: str) -> str:
    if not text:
        return text
    with suppress(ValueError):
        if re.fullmatch(_ADDRESS, text) and text.isprintable() and urlsplit(text).hostname:
            return text
    raise ValueError(_AN_ADDRESS)


def _by_column(found: object) -> object:
    """Columns with their values, as pairs, which nothing changes after loading."""
    if not isinstance(found, dict):
        raise ValueError("expected columns with the values that count")
    for name, values in found.items():
        if not (isinstance(values, list) and values and all(isinstance(v, str) for v in values)):
            raise ValueError(f"expected a list of texts for column {name}")
    return tuple(found.items())


@dataclass(frozen=True)
class Form:
    """What a schema for editors says of a text, beside the check that Python makes.

    Attributes:
        make: gives the keywords of JSON Schema; called only when a schema is made.
    """

    make: Callable[[], dict[str, Any]]

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Called by pydantic."""
        return handler(core_schema) | self.make()


def _written(pattern: str, expected: str, *types: str, **more: Any) -> dict[str, Any]:
    """Keywords for a text of this form, which may also stand unquoted as other types of YAML."""
    return {
        "type": ["string", *types],
        "pattern": pattern,
        "patternErrorMessage": expected,  # JSON Schema has no such word, but editors do
        **more,
    }


def _whole(pattern: str, expected: str, *types: str, **more: Any) -> Form:
    return Form(lambda: _written(f"^(?:{pattern})$", expected, *types, **more))


def _unit_form() -> dict[str, Any]:
    offered = [{"label": name, "body": name} for name in units.names()]
    return _written(f"^(?:{units.pattern()})$", _A_UNIT, defaultSnippets=offered)


Slug = Annotated[str, AfterValidator(slug), _whole(_SLUG, _A_SLUG, "number")]
Identifier = Annotated[
    str,
    AfterValidator(identifier),
    _whole(rf"(?!({'|'.join(keyword.kwlist)})$){_IDENTIFIER}", _AN_IDENTIFIER),
]
PartId = Annotated[
    str, AfterValidator(_part), _whole(rf"(?!{_NO_PART}$){_PART}", _A_PART, "number")
]
Text = Annotated[
    str,
    AfterValidator(_filled),
    Form(lambda: _written(r"\S", _A_TEXT, "number", "boolean")),
]
Name = Annotated[
    str,
    AfterValidator(_name),
    Form(lambda: _written(r"\S", _A_NAME, "number", "boolean", maxLength=MAX_NAME_LENGTH)),
]
HeadlineText = Annotated[
    str,
    AfterValidator(_headline),
    _whole(_HEADLINE, _A_HEADLINE),
]
FindingText = Annotated[str, AfterValidator(_finding), _whole(_FINDING, _A_FINDING)]
Quote = Annotated[str, AfterValidator(_words), _whole(_QUOTE, _A_QUOTE, "number", "boolean")]
Day = Annotated[str, AfterValidator(_day), _whole(_DAY, _A_DAY, "integer")]
PastDay = Annotated[str, AfterValidator(_past), _whole(_DAY, _A_DAY, "integer")]
Time = Annotated[
    str, AfterValidator(_time), _whole(rf"{_DAY}|(?!{_LIKE_A_DAY}$).*", _A_DAY, "integer")
]
Unit = Annotated[str, AfterValidator(_unit), Form(_unit_form)]
Number = Annotated[
    str,
    AfterValidator(_decimal),
    _whole(_NUMBER, _A_NUMBER, "number", maxLength=MAX_NUMBER_LENGTH),
]
NumberOrRange = Annotated[
    str,
    _whole(f"{_NUMBER}|{_RANGE}", _A_NUMBER, "number", maxLength=2 * MAX_NUMBER_LENGTH),
]
Address = Annotated[str, AfterValidator(_address), _whole(_ADDRESS, _AN_ADDRESS)]
Comparator = Annotated[str, Form(lambda: {"type": "string", "enum": list(rule.COMPARATORS)})]


class Entry(BaseModel):
    """Base of all models: unknown fields are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def inner_model(annotation: Any) -> type[Entry] | None:
    """The model that an annotation is, or is made of; nothing if it has none."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next(filter(None, map(inner_model, get_args(annotation))), None)


class Bilingual(Entry):
    """A text in English and in Vietnamese."""

    en: Text
    """In English."""
    vi: Text
    """In Vietnamese."""


class Headline(Bilingual):
    """What came out, as a title in both languages."""

    en: HeadlineText
    """In English."""
    vi: HeadlineText
    """In Vietnamese."""


class Finding(Bilingual):
    """What came out, the answer first, in both languages."""

    en: FindingText
    """In English."""
    vi: FindingText
    """In Vietnamese."""


class ShortName(Bilingual):
    """A name in both languages, short enough for a sum or a slider."""

    en: Name
    """In English."""
    vi: Name
    """In Vietnamese."""


class Unchecked(Entry):
    """A statement that has no file of its own yet, because nobody has checked it."""

    id: Slug
    """Slug of the statement, and of its claim once it is checked."""
    code: Text
    """Number of the statement within its article, such as A3."""
    quote: Annotated[Quote, AfterValidator(_filled)]
    """The statement as the article has it, verbatim and short."""
    english: Text
    """The quote in English."""


class Article(Entry):
    """A news story whose statements are checked. Unknown facts are empty."""

    id: Slug
    """How claims name the article."""
    label: Text
    """How pages name the article, such as Article A."""
    language: Language
    """The language it is written in."""
    headline: str = ""
    """Its headline, or nothing."""
    published: Time = ""
    """When it appeared: a date, or words such as week of 27 January; or nothing."""
    publisher: str = ""
    """Who published it, or nothing."""
    url: Address = ""
    """Where it was seen, or nothing."""
    about: Text
    """What it is about, in one sentence."""
    statements: tuple[Slug, ...] = ()
    """Slugs of its statements, in the order of its text: of those with a file in data/claims/, and
    of those that are not checked yet."""
    unchecked: tuple[Unchecked, ...] = ()
    """Those of its statements that have no file in data/claims/ yet."""


class Citation(Entry):
    """Where exactly a number or a statement was seen."""

    source: Text
    """Key of the source in data/sources.bib."""
    kind: Evidence
    """primary: who made it published it; secondary: who saw it says so; tertiary: a retelling."""
    locator: str = ""
    """The place in the source: page, table row, section, line or key."""
    quote: Quote = ""
    """The words or the row that carry it, verbatim and short."""


class Witness(Citation):
    """What one source says of a statement in words, and how far it can be trusted with it."""

    says: rule.Says
    """supports, contradicts, or silent: it was looked at and says nothing of it."""
    words: Bilingual
    """What it says, in our words, short."""
    depends_on: str = ""
    """Key of the source that it retells, or an id of unseen; or nothing."""
    sense: ShortName | None = None
    """In which sense of the article's words it speaks; left out if in every sense."""
    date: PastDay = ""
    """When it said so: YYYY-MM-DD, YYYY-MM or YYYY; or nothing."""
    known: Known
    """then, or later: not available when the article was written."""
    only_context: str = ""
    """Why the verdict is the same without it and with the opposite; empty if it is not, or if it is
    silent, tertiary, a retelling or outranked, as the gate finds out."""

    @property
    def id(self) -> str:
        """Its name among the witnesses of its part: the source, with the sense if it has one."""
        return f"{self.source} ({self.sense.en})" if self.sense else self.source

    def for_rule(self) -> rule.Witness:
        """The same as the rule takes it."""
        sense = self.sense.en if self.sense else ""
        return rule.Witness(self.source, self.kind, self.says, self.depends_on, sense)


class Unseen(Entry):
    """A source that witnesses retell and that nobody here has seen."""

    id: Slug
    """How witnesses name it in depends_on."""
    name: Text
    """What it is, in a few words."""


class RoundTo(Entry):
    """To what a stated integer was rounded, and why we think so."""

    value: Number
    """One unit of the digit that was rounded to, such as 100 for 800."""
    reason: Text
    """Why we think so, in one sentence."""


class Part(Entry):
    """One checkable statement within a claim."""

    id: PartId
    """Short name of the part; prose refers to it as {id.stated}."""
    label: Bilingual
    """What is measured, in a few words."""
    kind: Kind
    """What is stated: a number, a whole number of things, a date, yes or no, words that witnesses
    support or contradict, or what cannot be checked."""
    stated: Text
    """What the article states: 96.4 with its zeros, a range as 5 to 6, an ISO date, yes or no; in a
    few words if it is witnessed or not checkable."""
    unit: Unit = ""
    """Unit of the stated number, such as percent, billion_USD or USD / megatoken."""
    comparator: Comparator = "="
    """How the words compare: = for a bare number, nearly, more-than, about and so on."""
    round_to: RoundTo | None = None
    """To what a number that ends in 0 was rounded, with the reason."""
    quote_says: str = ""
    """Why the quote states this number although the check of quotes reads it otherwise; shown."""
    about: Slug
    """The fact in a few hyphenated words; statements on one fact share it."""
    witnesses: tuple[Witness, ...] = ()
    """Of a witnessed statement what each source says of it; at least one."""
    unseen: tuple[Unseen, ...] = ()
    """Sources that witnesses retell and that nobody here has seen."""
    reason: Reason | None = None
    """Why a statement is not checkable; the claim says in settle what would settle it."""

    @model_validator(mode="after")
    def _stated_fits(self) -> Self:
        self._words_fit()
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
        elif self.round_to or self.unit or self.quote_says or self.comparator != "=":
            given = {name: getattr(self, name) for name in ("unit", "round_to", "quote_says")}
            name = next((name for name, value in given.items() if value), "comparator")
            raise ValueError(
                f"{name}: expected none, which only numbers and counts have; found one"
            )
        return self

    def _words_fit(self) -> None:
        """Check what only statements in words have."""
        for kind, fields in (
            ("witnessed", ("witnesses", "unseen")),
            ("not-checkable", ("reason",)),
        ):
            name = next((name for name in fields if getattr(self, name)), "")
            if self.kind != kind and name:
                raise ValueError(f"{name}: expected none, which only {kind} parts have; found one")
        count = len(self.stated.split())
        if self.worded and count > MAX_STATED_WORDS:
            raise ValueError(
                f"stated: expected at most {MAX_STATED_WORDS} words for this kind, found {count}"
            )
        if self.kind == "not-checkable" and not self.reason:
            expected = ", ".join(get_args(Reason))
            raise ValueError(f"reason: expected one of {expected} for this kind, found nothing")
        if self.kind == "witnessed":
            self._witnesses_fit()

    def _witnesses_fit(self) -> None:
        if not self.witnesses:
            raise ValueError("witnesses: expected at least one for this kind, found none")
        ids = [witness.id for witness in self.witnesses]
        unseen = [source.id for source in self.unseen]
        for field, names in (("witnesses", ids), ("unseen", unseen)):
            for name in sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(
                    f"{field}: expected each source and sense once, found {name!r} twice"
                )
        retold = {witness.depends_on for witness in self.witnesses}
        for name in unseen:
            if name in {witness.source for witness in self.witnesses}:
                raise ValueError(f"unseen: expected sources that no witness is, found {name!r}")
            if name not in retold:
                raise ValueError(f"unseen: expected sources that a witness retells, found {name!r}")
        for number, witness in enumerate(self.witnesses, 1):
            if fault := self._dependence_fault(witness):
                raise ValueError(f"witnesses.{number}.{fault}")

    def _dependence_fault(self, witness: Witness) -> str:
        """What is wrong with what a witness retells, or nothing."""
        if not witness.depends_on:
            return ""
        if witness.kind == "primary":
            return "depends_on: expected none, because a primary source retells nobody; found one"
        if witness.depends_on == witness.source:
            return "depends_on: expected another source than its own, found the same"
        retold = [other for other in self.witnesses if other.source == witness.depends_on]
        if witness.says != "silent" and retold and all(other.says == "silent" for other in retold):
            return (
                f"depends_on: expected a source that says something, found {witness.depends_on!r}"
            )
        if witness.kind == "secondary" and any(other.kind == "tertiary" for other in retold):
            return (
                "kind: expected tertiary, because it retells a tertiary source; found 'secondary'"
            )
        return ""

    def _number_fits(self) -> None:
        try:
            ends = [_decimal(end) for end in self.stated.split(rule.RANGE, 1)]
        except ValueError as error:
            raise ValueError(f"stated: {error}") from None
        if not self.unit:
            raise ValueError("unit: expected a unit for this kind, found nothing")
        numbers = [Decimal(end) for end in ends]
        whole = all(number == number.to_integral_value() for number in numbers)
        if self.kind == "count" and not whole:
            raise ValueError(f"stated: expected a whole number for a count, found {self.stated!r}")
        tens = any("." not in end and Decimal(end) % 10 == 0 for end in ends)
        if tens and self.round_to is None:
            raise ValueError(
                f"round_to: expected a value and a reason, because {self.stated} ends in 0 "
                "and does not say to what it was rounded; found nothing"
            )
        if self.comparator == "most" and self.unit != "percent":
            raise ValueError(f"unit: expected percent for 'most', found {self.unit!r}")
        size = max(map(abs, numbers))
        if self.round_to is not None and 0 < size < Decimal(self.round_to.value):
            raise ValueError(
                f"round_to: expected at most the stated number ({self.stated}), "
                f"found {self.round_to.value!r}"
            )
        try:
            self.accepted()
        except ValueError as error:
            reason = str(error)
            named = reason.startswith(("round_to: ", "stated: ", "comparator: "))
            raise ValueError(reason if named else f"stated: {reason}") from None

    @property
    def worded(self) -> bool:
        """Whether the statement is in words, so that no reading of it is computed."""
        return self.kind in WORDED

    @property
    def rounding(self) -> str | None:
        """The declared rounding as the rule takes it."""
        return self.round_to.value if self.round_to else None

    @property
    def counted(self) -> bool:
        """Whether things are counted, so that only whole numbers count as the stated one."""
        return self.kind == "count"

    def accepted(self) -> rule.Accepted:
        """What counts as the stated number, in the unit of the part."""
        return rule.accepted(self.stated, self.comparator, self.rounding, whole=self.counted)


class Flag(Entry):
    """What is wrong with a claim besides its number; stands beside the verdict."""

    flag: Literal["misattributed", "mistranslated", "missing-context"]
    """What is wrong besides the number."""
    note: Bilingual
    """What is wrong, in one or two sentences."""
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    """Where this can be seen; at least one."""


class ClaimFile(Entry):
    """What a file in `data/claims/` says of a statement that is checked."""

    article: Slug
    """Id of the article in data/articles.yml that has it among its statements."""
    code: Text
    """Number of the statement within its article, such as A2."""
    quote: Annotated[Quote, AfterValidator(_filled)]
    """The statement as the article has it, verbatim and short."""
    english: Text
    """The quote in English."""
    claimant: Text
    """Who says so, according to the article."""
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    """The checkable statements within the claim; most claims have one."""
    title: Bilingual
    """The statement as a headline; the English one heads the notebook."""
    headline: Headline
    """What came out, as the title of the page; numbers as {reading} or {part.stated}."""
    finding: Finding
    """What came out, the answer first; numbers as {reading} or {part.stated}."""
    settle: str = ""
    """What evidence would settle a claim that is unsettled or not checkable."""
    flags: tuple[Flag, ...] = ()
    """What is wrong besides the number, each with its evidence."""

    @model_validator(mode="after")
    def _parts_differ(self) -> Self:
        ids = [part.id for part in self.parts]
        for repeated in sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"parts: expected different ids, found {repeated!r} twice")
        return self

    @model_validator(mode="after")
    def _settled(self) -> Self:
        for part in self.parts:
            rows = [witness.for_rule() for witness in part.witnesses]
            if self.settle or not part.worded or rule.witnessed_verdict(rows) != "unsettled":
                continue
            word = "unsettled by its witnesses" if rows else "not checkable"
            raise ValueError(
                f"settle: expected what would settle it, because part {part.id!r} is {word}; "
                "found nothing"
            )
        return self

    def part(self, part_id: str) -> Part:
        """The part with this id.

        Raises:
            KeyError: the claim has no such part.
        """
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)


class ClaimEntry(ClaimFile):
    """A claim: what its file says, and the slug that its file and its notebook are named after."""

    id: Slug


class Input(Entry):
    """One cited number."""

    id: Identifier
    """Name of the number; readings take it as a parameter."""
    quantity: Text
    """What the number measures, in a few words."""
    short: ShortName
    """Its name in sums and on sliders, such as R1, output; no other input has it."""
    value: Annotated[Number, AfterValidator(_filled)]
    """The number as the source has it, with its zeros: decimal point, no grouping."""
    low: Number = ""
    """Lowest value that the source allows; for estimates alone."""
    high: Number = ""
    """Highest value that the source allows; for estimates alone."""
    unit: Annotated[Unit, AfterValidator(_filled)]
    """Unit of the number, such as USD / megatoken."""
    as_of: PastDay
    """The day, month or year that the number is of: YYYY-MM-DD, YYYY-MM or YYYY."""
    precision: Precision
    """exact; rounded: half a last place either way; estimate: needs low and high."""
    round_to: RoundTo | None = None
    """To what a rounded number that ends in 0 was rounded, with the reason."""
    known: Known
    """then, or later: not available when the article was written."""
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    """Where the number was seen; at least one."""
    conflicts: str = ""
    """Other values in circulation, and whose."""
    note: str = ""
    """What a reader should know about the number."""
    only_context: str = ""
    """Why no computed number changes with this one; empty if one does, as the gate finds out."""

    @model_validator(mode="after")
    def _range_fits(self) -> Self:
        if self.precision == "estimate" and not (self.low and self.high):
            raise ValueError("low, high: expected both for an estimate, found one or none")
        if self.precision != "estimate" and (self.low or self.high):
            raise ValueError(
                f"low, high: expected none, because this input is {self.precision}; found a range"
            )
        self._rounding_fits()
        low, high = self.bounds
        if low > high:
            raise ValueError(f"low: expected at most high ({self.high}), found {self.low}")
        if not low <= Fraction(self.value) <= high:
            raise ValueError(f"value: expected from {self.low} to {self.high}, found {self.value}")
        self._possible()
        return self

    def _rounding_fits(self) -> None:
        if self.precision != "rounded":
            if self.round_to is not None:
                raise ValueError(
                    f"round_to: expected none, because this input is {self.precision}; found one"
                )
        elif self.round_to is None:
            if "." not in self.value and self.value.endswith("0"):
                raise ValueError(
                    f"round_to: expected a value and a reason, because {self.value} ends in 0 "
                    "and does not say to what it was rounded; found nothing"
                )
        elif (number := Fraction(self.value)) % self._step or 0 < abs(number) < self._step:
            raise ValueError(
                f"round_to: expected a number of which {self.value} is a multiple, "
                f"found {self.round_to.value!r}"
            )

    @property
    def _step(self) -> Fraction:
        """To what a rounded number was rounded."""
        return rule.step(self.value, self.round_to.value if self.round_to else None)

    def _possible(self) -> None:
        """Changes and shares may be of any sign; amounts are not below 0, and nothing costs 0."""
        lowest = next((name for name in ("low", "value") if getattr(self, name)), "value")
        number = Decimal(getattr(self, lowest))
        if units.is_money(self.unit) and number <= 0:
            raise ValueError(f"{lowest}: expected an amount of money above 0, found {number}")
        if number < 0 and not units.parse_unit(self.unit).dimensionless:
            raise ValueError(
                f"{lowest}: expected a number of {self.unit} that is not below 0, found {number}"
            )

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """Lowest and highest value that the source allows, in the input's unit.

        A rounded number may lie half a step either way: half of what it was rounded to, or of one
        unit of its last written digit.
        """
        value = Fraction(self.value)
        if self.precision == "rounded":
            return value - self._step / 2, value + self._step / 2
        if self.precision == "estimate":
            return Fraction(self.low), Fraction(self.high)
        return value, value


class Column(Entry):
    """A column of a table, as its Frictionless schema describes it.

    Attributes:
        signed: amounts of money in it may be 0 or below, as changes and differences are.
    """

    name: Text
    type: Literal["integer", "number", "string", "date", "boolean"]
    title: str = ""
    unit: Unit = ""
    signed: bool = False
    description: str = ""

    @property
    def priced(self) -> bool:
        """Whether its cells are amounts of money above 0."""
        return self.type in ("integer", "number") and units.is_money(self.unit) and not self.signed


class OnlyContext(Entry):
    """Cells of a table with which no computed number changes, and why.

    Attributes:
        columns: names of their columns.
        where: values that their rows have, one of them in each column; empty means all rows.
    """

    columns: Annotated[tuple[Text, ...], Field(min_length=1)]
    where: Annotated[tuple[tuple[str, tuple[str, ...]], ...], BeforeValidator(_by_column)] = ()
    reason: Text


class CitedTable(Entry):
    """A cited table: a CSV file with its description.

    Attributes:
        digest: of the file, as the description has it; no other content is loaded.
        only_context: cells with which no computed number changes.
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
    only_context: tuple[OnlyContext, ...] = ()

    @property
    def units(self) -> dict[str, str]:
        """Units of the columns that have one, by name."""
        return {column.name: column.unit for column in self.columns if column.unit}

    @property
    def resource(self) -> str:
        """Name of the table in its descriptor."""
        return self.id.replace("_", "-")


class Source(Entry):
    """A source as described in `data/sources.bib`."""

    id: Slug
    title: Text
    author: str = ""
    date: PastDay = ""
    publisher: str = ""
    url: Address = ""
    archive: Address = ""
    seen: str = ""
    interest: str = ""
