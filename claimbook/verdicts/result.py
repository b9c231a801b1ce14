"""The result of a claim: the one object behind page, scoreboard, ledger and tests.

Numbers are floats with 12 significant digits; every text is ready to be shown, and nothing
downstream computes or types a number again.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Translated(_Part):
    """A text in both languages of the book."""

    en: str
    vi: str


class ReadingResult(_Part):
    """What one reading came to.

    Attributes:
        why: why the reading is a defensible sense of the words, or what it is near to.
        primary: why it gives the number in headlines; empty if it does not.
        unit: unit of `low`, `high` and `margin`; empty for dates and yes/no.
        low: lower end; None for dates and yes/no.
        answers: the possible answers of a date, as ISO dates, or of yes/no, as `yes` and `no`, in
            order; empty for numbers.
        from_rounding: the width is only the published rounding of inputs.
        inside: an end of the interval lies within the ranges of the inputs, not at their ends.
        outcome: consistent, not consistent or undecided; None for context.
        off_by: distance from the stated number as a share of it; None where there is no such
            distance.
        off_by_text: the same in words, as the rule measures it; empty where it does not apply.
        margin: distance to the nearest border of the accepted set, negative outside, in `unit`.
        decides: input or table whose range decides an undecided outcome; empty otherwise.
        inputs: ids of the inputs it rests on; `tables` likewise.
        later: it rests on evidence that was not available when the article was written.
    """

    id: str
    title: str
    role: str
    why: str
    primary: str
    unit: str
    low: float | None
    high: float | None
    answers: tuple[str, ...] = ()
    text: str
    from_rounding: bool
    outcome: str | None
    off_by: float | None
    off_by_text: str
    margin: float | None
    decides: str
    inputs: tuple[str, ...]
    tables: tuple[str, ...]
    later: bool
    inside: bool = False


class CheckResult(_Part):
    """A named check, such as direction or date, that fails on its own.

    Attributes:
        outcome: consistent if it holds, not consistent if it fails, undecided if the ranges of
            the inputs leave it open.
        inputs: ids of the inputs it rests on; `tables` likewise.
    """

    id: str
    title: str
    outcome: str
    detail: str
    inputs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


class WitnessResult(_Part):
    """What one source says of a statement in words.

    Attributes:
        id: the key of its source, with the sense if it speaks of one.
        who: who publishes the source.
        title: of the source.
        says: supports, contradicts or silent.
        words: what it says, in our words.
        rank: primary, secondary or tertiary.
        date: when it said so; empty if that is not known.
        known: then or later.
        sense: in which sense of the words it speaks; None if in all.
        retells: what it retells, in words; empty if it speaks for itself.
        counted: it is among those that decide.
        why_not: why it is not; empty if it is.
        one_with: ids of those that are one witness with it.
    """

    id: str
    source: str
    who: str
    title: str
    says: str
    words: Translated
    rank: str
    date: str
    known: str
    locator: str
    quote: str
    sense: Translated | None
    retells: str
    counted: bool
    why_not: str
    one_with: tuple[str, ...]


class PartResult(_Part):
    """One statement with its verdict.

    Attributes:
        band: ends of the accepted set in `unit`, None for an open end; empty for dates and yes/no.
        quote_says: why the quote states the number, where the check of quotes cannot tell.
        remark: by how much a one-sided statement is exceeded, if that is very far; else empty.
        why: the verdict in a few words, such as `1 of 4 readings consistent`.
        primary: id of the reading that gives the number in headlines; empty if none is preferred.
        recomputed_text: the primary reading, or the range over all readings; of a statement in
            words how many witnesses there are for and against it, or why it is not checkable.
        witnesses: of a witnessed statement, in the order of its file.
        reason: why it is not checkable; empty if it is.
    """

    id: str
    label: Translated
    kind: str
    stated: str
    unit: str
    comparator: str
    stated_text: str
    band: tuple[float | None, ...]
    band_text: str
    rounding_reason: str
    quote_says: str = ""
    verdict: str
    remark: str = ""
    why: str
    primary: str
    recomputed_text: str
    checks: tuple[CheckResult, ...]
    readings: tuple[ReadingResult, ...]
    witnesses: tuple[WitnessResult, ...] = ()
    reason: str = ""


class Fact(_Part):
    """A computed number for the prose of the notebook."""

    value: float
    unit: str
    text: str


class Term(_Part):
    """A piece of a sum as readers see it.

    Attributes:
        text: a number, or what stands between two of them.
        ref: id of the input, reading or fact that the number is of; empty for other pieces.
    """

    text: str
    ref: str = ""


class Sum(_Part):
    """How a reading or a fact is computed, derived from its formula.

    Attributes:
        trees: what it is made of, as `claimbook.verdicts.expressions` describes it; two for the
            ends of a range.
        en: the same with its numbers put in, in English; `vi` in Vietnamese.
    """

    trees: tuple[dict[str, Any], ...]
    en: tuple[Term, ...]
    vi: tuple[Term, ...]


class Result(_Part):
    """Everything that one claim came to.

    Attributes:
        rule: version of the verdict rule.
        verdict: of the claim, from those of its parts.
        by_part: which parts hold and which do not, for a claim that holds in part; else empty.
        facts: further numbers for the prose, by id.
        references: what prose may refer to, as text, by language and name: readings, facts,
            `part.stated`, `part.recomputed`, `part.band`, `part.verdict` and `verdict`; where there
            are any, `part.remark`, and `verdicts` for those of a claim that holds in part.
        sums: how readings and facts are computed, by id; without those that have no sum to show.
    """

    rule: str
    claim: str
    verdict: str
    by_part: str = ""
    parts: tuple[PartResult, ...]
    facts: dict[str, Fact]
    references: dict[str, dict[str, str]]
    sums: dict[str, Sum] = {}
