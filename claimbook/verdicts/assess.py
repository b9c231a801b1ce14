"""From the readings of a claim to its result: outcomes, verdicts and the texts that show them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from claimbook import rule
from claimbook.base import formats, units
from claimbook.data.models import ClaimEntry, Input, Part
from claimbook.verdicts import sums, witnesses
from claimbook.verdicts.readings import Number, Reading, ReadingError, Recomputed, Workings
from claimbook.verdicts.result import (
    CheckResult,
    Fact,
    PartResult,
    ReadingResult,
    Result,
    Translated,
)

# Decimals shown: one more than the article wrote, and at least two.
MORE_DIGITS, LEAST_DIGITS = 1, 2


def assess_claim(entry: ClaimEntry, workings: Workings, mentioned: Iterable[str] = ()) -> Result:
    """Judge all parts of a claim.

    Args:
        entry: the claim as its file has it.
        workings: its readings, checks and facts with their evidence.
        mentioned: ids of inputs that prose refers to, beside those that are evidence.

    Raises:
        ReadingError: a reading cannot be computed.
    """
    parts = [
        _worded(part, workings) if part.worded else _part(part, workings) for part in entry.parts
    ]
    verdict = rule.headline([word for _, word, _ in parts])
    by_part = _by_part([part for part, _, _ in parts]) if verdict == "holds in part" else {}
    references: dict[str, dict[str, str]] = {"en": {}, "vi": {}}
    facts = {}
    used = (name for reading in workings.readings for name in workings.inputs(reading))
    for name in dict.fromkeys([*used, *mentioned]):
        if name in workings.registry.inputs:
            _add(references, {name: _input(workings.registry.inputs[name])})
    for reading in workings.of_part("", "fact"):
        facts[reading.id], words = _fact(reading, workings)
        _add(references, {reading.id: words})
    for _, _, texts in parts:
        _add(references, texts)
    _add(references, {"verdict": {"en": verdict, "vi": rule.VERDICTS[verdict].vi}})
    if by_part:
        _add(references, {"verdicts": by_part})
    return Result(
        rule=rule.RULE_VERSION,
        claim=entry.id,
        verdict=verdict,
        by_part=by_part.get("en", ""),
        parts=tuple(part for part, _, _ in parts),
        facts=facts,
        references=references,
        sums=sums.of_claim(workings, dict(as_shown(entry, workings))),
    )


def as_shown(entry: ClaimEntry, workings: Workings) -> Iterator[tuple[str, tuple[str, int]]]:
    """Unit and decimals of every reading and fact."""
    for reading in workings.readings.values():
        if reading.role == "fact":
            yield reading.id, (reading.unit, _fact_digits(reading))
        elif reading.role != "check":
            part = entry.part(reading.part)
            digits = _digits(part) if reading.digits is None else reading.digits
            yield reading.id, (shown_unit(part, reading), digits)


def _fact_digits(fact: Reading) -> int:
    return LEAST_DIGITS if fact.digits is None else fact.digits


def _add(references: dict[str, dict[str, str]], texts: Mapping[str, Mapping[str, str]]) -> None:
    for name, words in texts.items():
        for language, known in references.items():
            known[name] = words[language]


def outcome_of(part: Part, recomputed: Recomputed) -> rule.Outcome:
    """Judge what one reading came to."""
    if recomputed.answers:
        return rule.assess_exact(part.stated, set(recomputed.answers))  # type: ignore[arg-type]
    return rule.assess(
        part.stated,
        _range(recomputed),
        part.comparator,
        part.rounding,
        recomputed.from_rounding,
        whole=part.counted,
    )


def shown_unit(part: Part, reading: Reading) -> str:
    """Unit in which a reading is shown: that of its part, unless context has one of its own."""
    if part.worded:
        return reading.unit
    own = reading.role == "context" and reading.unit and part.unit
    if own and not units.alike(reading.unit, part.unit):
        return reading.unit
    return part.unit


def _worded(
    part: Part, workings: Workings
) -> tuple[PartResult, rule.Verdict, dict[str, dict[str, str]]]:
    """Judge a statement in words, of which its witnesses decide, or nothing does."""
    texts: dict[str, dict[str, str]] = {}
    judged = []
    for reading in workings.of_part(part.id, "context"):
        result, words = _reading(part, reading, workings)
        judged.append(result)
        texts |= words
    rows = witnesses.of_part(part, workings.registry)
    verdict: rule.Verdict = "not checkable"
    found = _in_both(lambda language: formats.not_checkable(part.reason or "", language))
    if part.kind == "witnessed":
        verdict = rule.witnessed_verdict([row.for_rule() for row in part.witnesses])
        found = _in_both(lambda language: formats.testimony(*witnesses.sides(rows), language))
    own = f"{part.id}."
    texts[own + "stated"] = {"en": part.stated, "vi": part.label.vi}
    texts[own + "recomputed"] = found
    texts[own + "verdict"] = {"en": verdict, "vi": rule.VERDICTS[verdict].vi}
    return (
        PartResult(
            id=part.id,
            label=Translated(en=part.label.en, vi=part.label.vi),
            kind=part.kind,
            stated=part.stated,
            unit="",
            comparator="",
            stated_text=part.stated,
            band=(),
            band_text="",
            rounding_reason="",
            verdict=verdict,
            why=found["en"],
            primary="",
            recomputed_text=found["en"],
            checks=(),
            readings=tuple(judged),
            witnesses=rows,
            reason=part.reason or "",
        ),
        verdict,
        texts,
    )


def _part(
    part: Part, workings: Workings
) -> tuple[PartResult, rule.Verdict, dict[str, dict[str, str]]]:
    checks = tuple(_check(reading, workings) for reading in workings.of_part(part.id, "check"))
    texts: dict[str, dict[str, str]] = {}
    judged = []
    # What decides stands first, whatever the order in the notebook.
    for reading in workings.of_part(part.id, "reading", "proxy", "context"):
        result, words = _reading(part, reading, workings)
        judged.append(result)
        texts |= words
    verdict = rule.part_verdict(
        [_for_rule(part, result) for result in judged],
        part.kind,
        checks_hold=all(check.outcome != "not consistent" for check in checks),
        checks_open=any(check.outcome == "undecided" for check in checks),
    )
    primary = next((result for result in judged if result.primary), None)
    own = f"{part.id}."
    texts[own + "stated"] = _in_both(lambda language: _stated_text(part, language))
    texts[own + "band"] = _in_both(lambda language: _band_text(part, language))
    texts[own + "recomputed"] = (
        texts[primary.id] if primary else _in_both(lambda language: _span(part, judged, language))
    )
    texts[own + "verdict"] = {"en": verdict, "vi": rule.VERDICTS[verdict].vi}
    numeric = part.kind in ("number", "count")
    bounds = part.accepted().bounds if numeric else ()
    remark = _remark(part, judged) if numeric else {}
    if remark:
        texts[own + "remark"] = remark
    return (
        PartResult(
            id=part.id,
            label=Translated(en=part.label.en, vi=part.label.vi),
            kind=part.kind,
            stated=part.stated,
            unit=part.unit,
            comparator=part.comparator,
            stated_text=texts[own + "stated"]["en"],
            band=tuple(None if end is None else units.rounded(end) for end in bounds),
            band_text=texts[own + "band"]["en"],
            rounding_reason=part.round_to.reason if part.round_to else "",
            quote_says=part.quote_says,
            verdict=verdict,
            remark=remark.get("en", ""),
            why=_why(judged, checks),
            primary=primary.id if primary else "",
            recomputed_text=texts[own + "recomputed"]["en"],
            checks=checks,
            readings=tuple(judged),
        ),
        verdict,
        texts,
    )


def _reading(
    part: Part, reading: Reading, workings: Workings
) -> tuple[ReadingResult, dict[str, dict[str, str]]]:
    """What a reading comes to, and how prose may refer to it: by its id, and as written."""
    unit = shown_unit(part, reading)
    recomputed = workings.compute(reading.id, unit)
    counts = reading.role != "context"
    outcome = outcome_of(part, recomputed) if counts else None
    bare = recomputed.low is None
    distance = margin = None
    if counts and not bare:
        distance = rule.off_by(
            part.stated, _range(recomputed), part.unit == "percent", part.comparator
        )
        margin = rule.margin(
            part.stated,
            _range(recomputed),
            part.comparator,
            part.rounding,
            whole=part.counted,
        )
    digits = reading.digits
    if digits is None:
        digits = _digits(part)
    words = _in_both(
        lambda language: (
            _answers(recomputed, language)
            if bare
            else _interval(recomputed.low, recomputed.high, unit, digits, language)
        )
    )
    texts = {reading.id: words}
    if not bare and unit == part.unit:
        texts[f"{reading.id}.as_written"] = _in_both(
            lambda language: _as_written(part, _range(recomputed), language)
        )
    result = ReadingResult(
        id=reading.id,
        title=reading.title,
        role=reading.role,
        why=reading.why,
        primary=reading.primary,
        unit=unit,
        low=_rounded(recomputed.low),
        high=_rounded(recomputed.high),
        answers=_in_order(recomputed),
        text=words["en"],
        from_rounding=recomputed.from_rounding,
        inside=recomputed.inside,
        outcome=outcome,
        off_by=_rounded(distance),
        off_by_text="" if distance is None else _off_by_text(part, recomputed, distance),
        margin=_rounded(margin),
        decides=_decider(reading, unit, workings) if outcome == "undecided" else "",
        inputs=workings.inputs(reading.id),
        tables=workings.tables(reading.id),
        later=workings.later(reading.id),
    )
    return result, texts


def _check(reading: Reading, workings: Workings) -> CheckResult:
    recomputed = workings.compute(reading.id, "")
    if not recomputed.answers <= {True, False}:
        raise ReadingError(workings.claim, reading.id, "expected yes or no, found a date")
    return CheckResult(
        id=reading.id,
        title=reading.title,
        outcome=rule.assess_exact("yes", {bool(answer) for answer in recomputed.answers}),
        detail=reading.why,
        inputs=workings.inputs(reading.id),
        tables=workings.tables(reading.id),
    )


def _input(entry: Input) -> dict[str, str]:
    """The value of an input as its source writes it, with its unit."""
    digits = len(entry.value.partition(".")[2])
    return _in_both(
        lambda language: formats.with_unit(
            formats.fixed(Fraction(entry.value), digits, strip=False, language=language),
            entry.unit,
            language,
        )
    )


def _fact(reading: Reading, workings: Workings) -> tuple[Fact, dict[str, str]]:
    """A fact at the stated values of its inputs: prose gives one number, not a range."""
    found = workings.at(reading.id, reading.unit, {})
    if found.low is None or found.low != found.high:
        raise ReadingError(workings.claim, reading.id, "expected one number for a fact")
    value, digits = found.low, _fact_digits(reading)
    words = _in_both(
        lambda language: formats.with_unit(
            formats.fixed(value, digits, language=language), reading.unit, language
        )
    )
    return Fact(value=units.rounded(value), unit=reading.unit, text=words["en"]), words


def _for_rule(part: Part, result: ReadingResult) -> rule.ReadingOutcome:
    numeric = result.low is not None and result.high is not None and result.role != "context"
    return rule.ReadingOutcome(
        role=result.role,  # type: ignore[arg-type]
        outcome=result.outcome,  # type: ignore[arg-type]
        off_by=None if result.off_by is None else rule.exact(result.off_by),
        right_direction=numeric and rule.right_direction(part.stated, (result.low, result.high)),  # type: ignore[arg-type]
    )


def _off_by_text(part: Part, recomputed: Recomputed, distance: Fraction) -> str:
    """How far a reading misses: percentages in points and counts in things, others as a share."""
    if part.unit != "percent" and not part.counted:
        return f"off by {formats.with_unit(formats.significant(100 * distance, 2), 'percent')}"
    missed = rule.missed_by(part.stated, _range(recomputed), part.comparator)
    number = formats.significant(missed, 2)
    if part.counted:
        return f"off by {number}"
    return f"off by {number} {'point' if number == '1' else 'points'}"


def _digits(part: Part) -> int:
    if part.kind not in ("number", "count"):
        return LEAST_DIGITS
    return max(LEAST_DIGITS, rule.decimals(part.stated) + MORE_DIGITS)


def _decider(reading: Reading, unit: str, workings: Workings) -> str:
    """What decides an undecided reading: the input whose own range moves it most, or its table."""
    widths: dict[str, Number] = {}
    for name in workings.inputs(reading.id):
        ends = workings.registry.inputs[name].bounds
        found = [workings.at(reading.id, unit, {name: end}) for end in ends]
        lows = [result.low for result in found if result.low is not None]
        widths[name] = max(lows) - min(lows) if lows else Fraction(0)
    widest = max(widths, key=lambda name: widths[name], default="")
    if widest and widths[widest] > 0:
        return widest
    return next(iter(workings.tables(reading.id)), "")


def _why(judged: Sequence[ReadingResult], checks: Sequence[CheckResult]) -> str:
    for outcome, words in (("not consistent", "fails"), ("undecided", "undecided")):
        titles = [check.title for check in checks if check.outcome == outcome]
        if titles:
            return f"{words}: " + "; ".join(titles)
    readings = [result for result in judged if result.role == "reading"]
    if not readings:
        proxies = sum(result.role == "proxy" for result in judged)
        return f"no direct reading, {proxies} prox{'y' if proxies == 1 else 'ies'}"
    consistent = sum(result.outcome == "consistent" for result in readings)
    noun = "reading" if len(readings) == 1 else "readings"
    return f"{consistent} of {len(readings)} {noun} consistent"


def _range(recomputed: Recomputed) -> tuple[Number, Number]:
    assert recomputed.low is not None
    assert recomputed.high is not None
    return recomputed.low, recomputed.high


def _rounded(number: Number | None) -> float | None:
    return None if number is None else units.rounded(number)


def _in_both(words: Callable[[str], str]) -> dict[str, str]:
    """The same words in the languages of the book."""
    return {language: words(language) for language in ("en", "vi")}


def _as_written(part: Part, ends: tuple[Number, Number], language: str) -> str:
    """A number rounded as the article writes it, both ways if it lies halfway between."""
    step = rule.step(part.stated, part.rounding)
    digits = rule.decimals(part.stated)
    low, high = (rule.rounded_to(end, step) for end in ends)
    texts = [
        formats.fixed(number, digits, strip=False, language=language)
        for number in dict.fromkeys([*low, *high] if ends[0] == ends[1] else [low[0], high[-1]])
    ]
    words = (
        formats.either(texts, language)
        if ends[0] == ends[1]
        else formats.span(texts[0], texts[-1], language=language)
    )
    return formats.with_unit(words, part.unit, language)


def _interval(
    low: Number | None, high: Number | None, unit: str, digits: int, language: str
) -> str:
    assert low is not None
    assert high is not None
    ends = [formats.fixed(end, digits, language=language) for end in (low, high)]
    return formats.with_unit(formats.span(*ends, language=language), unit, language)


def _in_order(recomputed: Recomputed) -> tuple[str, ...]:
    """Dates and truth values as claims state them: `2025-01-27`, `no`, `yes`."""
    return tuple(
        sorted(
            answer.isoformat() if isinstance(answer, dt.date) else formats.yes_no(answer)
            for answer in recomputed.answers
        )
    )


def _answers(recomputed: Recomputed, language: str) -> str:
    return formats.either(
        [
            answer.isoformat() if isinstance(answer, dt.date) else formats.yes_no(answer, language)
            for answer in sorted(recomputed.answers, key=str)
        ],
        language,
    )


def _stated_text(part: Part, language: str) -> str:
    if part.kind == "yes-no":
        return formats.yes_no(part.stated == "yes", language)
    if part.kind == "date":
        return part.stated
    digits = rule.decimals(part.stated)
    ends = (
        formats.fixed(end, digits, strip=False, language=language)
        for end in rule.stated_ends(part.stated)
    )
    number = formats.span(*ends, language=language)
    return formats.hedged(formats.with_unit(number, part.unit, language), part.comparator, language)


def _band_text(part: Part, language: str) -> str:
    if part.kind not in ("number", "count"):
        return _stated_text(part, language)
    return formats.with_unit(formats.band(part.accepted(), language), part.unit, language)


def _remark(part: Part, judged: Sequence[ReadingResult]) -> dict[str, str]:
    """By how much a one-sided statement is exceeded, if that is tenfold or more; else nothing.

    Of several readings the one that comes nearest to the statement tells.
    """
    counting = [result for result in judged if result.role == "reading"]
    found = [
        rule.exceeded(part.stated, (result.low, result.high), part.comparator)  # type: ignore[arg-type]
        for result in counting
        if result.low is not None
    ]
    far = [excess for excess in found if excess is not None]
    if not far or len(far) < len(counting):
        return {}
    number, ratio = min(far, key=lambda excess: abs(excess[1] - 1))

    def words(language: str) -> str:
        digits = _digits(part)
        recomputed = formats.fixed(number, digits, language=language)
        return formats.far_beyond(
            formats.with_unit(recomputed, part.unit, language),
            _stated_text(part, language),
            ratio,
            language,
        )

    return _in_both(words)


def _by_part(parts: Sequence[PartResult]) -> dict[str, str]:
    """Which parts of a claim hold and which do not: holds: A; B. Unsettled: C."""

    def words(language: str) -> str:
        groups: dict[str, list[str]] = {}
        for verdict in rule.VERDICTS:
            labels = [
                part.label.vi if language == "vi" else part.label.en
                for part in parts
                if part.verdict == verdict
            ]
            if labels:
                word = rule.VERDICTS[verdict].vi if language == "vi" else verdict
                groups[word[:1].upper() + word[1:]] = labels
        return " ".join(f"{word}: {'; '.join(labels)}." for word, labels in groups.items())

    return _in_both(words)


def _span(part: Part, judged: Sequence[ReadingResult], language: str) -> str:
    """What the readings span, for a part in which none is preferred; proxies if alone."""
    direct = [result for result in judged if result.role == "reading"]
    shown = direct or [result for result in judged if result.role == "proxy"]
    ends = [end for result in shown for end in (result.low, result.high) if end is not None]
    if not ends:
        return ""
    return _interval(min(ends), max(ends), part.unit, _digits(part), language)
