"""How a notebook declares its readings, checks and facts."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from claimbook.base import units
from claimbook.data.models import ClaimEntry, Part
from claimbook.data.registry import Registry
from claimbook.verdicts.readings import Reading, ReadingError, Role, Workings

Formula = Callable[..., Any]


class Declarations:
    """Takes in what a notebook declares, until the verdict is asked for.

    Each kind is declared in one of two ways. With a formula that serves several times:

        claim.reading("output", "Output tokens", saving, "r1_output_price", "o1_output_price", ...)

    that is its name, its title, the formula, and what the formula is called with: ids of inputs
    (given as quantities), of tables (given as frames), or of what was declared before (given as
    what it returns). The id of an input or reading in place of the formula stands for itself.

    Or above a formula that serves once, whose own name and parameters say the same:

        @claim.reading("Output tokens", ...)
        def output(r1_output_price, o1_output_price): ...

    A formula returns a quantity, a number, a pair of the lowest and the highest possible value, a
    truth value or a date.
    """

    entry: ClaimEntry
    registry: Registry

    def __init__(self) -> None:
        self.workings = Workings(self.entry.id, self.registry)
        self._closed = False

    def reading(
        self,
        *declared: str | Formula,
        why: str = "",
        part: str = "",
        primary: str = "",
        unit: str = "",
        digits: int | None = None,
    ) -> Any:
        """Declare a reading: a defensible sense of the article's words, which counts.

        Args:
            declared: the title; or name, title, formula and what it is called with.
            why: one sentence on why a fair reader could have meant it; `primary` may say it.
            part: id of the part; may be left out if the claim has one.
            primary: why this reading gives the number in headlines; empty if it does not.
            unit: unit of a bare number that the formula returns.
            digits: decimals shown; by default one more than the article wrote, at least two.

        Raises:
            ReadingError: something that does not fit; names the claim and the reading.
        """
        return self._declare("reading", declared, why, part, primary, unit, digits)

    def proxy(
        self,
        *declared: str | Formula,
        why: str,
        part: str = "",
        primary: str = "",
        unit: str = "",
        digits: int | None = None,
    ) -> Any:
        """Declare a proxy: it measures something near, and can only leave a part unsettled.

        Arguments and errors as for `reading`.
        """
        return self._declare("proxy", declared, why, part, primary, unit, digits)

    def context(
        self,
        *declared: str | Formula,
        why: str,
        part: str = "",
        unit: str = "",
        digits: int | None = None,
    ) -> Any:
        """Declare context: shown and charted, never counted.

        Arguments and errors as for `reading`. Context may have a unit that its part does not have.
        """
        return self._declare("context", declared, why, part, "", unit, digits)

    def check(self, *declared: str | Formula, part: str = "", detail: str = "") -> Any:
        """Declare a check, such as of direction or date, which fails on its own.

        Its formula returns whether the check holds.

        Args:
            declared: the title; or name, title, formula and what it is called with.
            part: as for `reading`.
            detail: a sentence shown beside its title.

        Raises:
            ReadingError: as for `reading`.
        """
        return self._declare("check", declared, detail, part, "", "", None)

    def fact(self, *declared: str | Formula, unit: str = "", digits: int = 2) -> Any:
        """Declare a number for the prose, which belongs to no part and is judged by nothing.

        Args:
            declared: nothing; or name, formula and what it is called with.
            unit: unit it is shown in; if left out, that of the input it stands for, or a count.
            digits: decimals shown at most.

        Raises:
            ReadingError: as for `reading`.
        """
        # A fact has no title, since the sentence around it says what it is.
        titled = (declared[0], str(declared[0]), *declared[1:]) if declared else ("fact",)
        return self._declare("fact", titled, "", "", "", unit, digits)

    def _declare(
        self,
        role: Role,
        declared: tuple[str | Formula, ...],
        why: str,
        part: str,
        primary: str,
        unit: str,
        digits: int | None,
    ) -> Any:
        def take(name: str, title: str, formula: Formula, evidence: tuple[str, ...]) -> None:
            self._take(
                Reading(
                    id=name,
                    title=title,
                    part=part,
                    role=role,
                    why=why or primary,
                    function=formula,
                    evidence=evidence,
                    unit=unit,
                    digits=digits,
                    primary=primary,
                )
            )

        def above(formula: Formula) -> Formula:
            names = tuple(inspect.signature(formula).parameters)
            take(formula.__name__, str(declared[0]), formula, names)
            return formula

        if len(declared) == 1:
            return above
        take(*self._called(role, declared))
        return None

    def _called(
        self, role: Role, declared: tuple[str | Formula, ...]
    ) -> tuple[str, str, Formula, tuple[str, ...]]:
        """Name, title, formula and evidence, as they were given."""
        name, title, *rest = declared or ("", "")
        formula, evidence = (rest[0], tuple(rest[1:])) if rest else (None, ())
        if isinstance(formula, str) and not evidence:
            formula, evidence = _itself, (formula,)
        if not (isinstance(name, str) and isinstance(title, str) and callable(formula)):
            raise ReadingError(
                self.entry.id,
                str(name),
                f"expected {role}(title) above a formula, or {role}(name, title, formula, ids ...)",
            )
        if not name.isidentifier():
            raise ReadingError(
                self.entry.id, name, "expected a name in letters, digits and underscores"
            )
        if not all(isinstance(item, str) for item in evidence):
            raise ReadingError(self.entry.id, name, "expected ids in quotes after the formula")
        with suppress(ValueError):  # a function of Python itself may not say what it asks for
            asked = inspect.signature(formula)
            try:
                asked.bind(*evidence)
            except TypeError as error:
                words = f"expected what {getattr(formula, '__name__', 'it')}{asked} asks for"
                raise ReadingError(self.entry.id, name, f"{words}: {error}") from None
        return name, title, formula, tuple(map(str, evidence))

    def _take(self, reading: Reading) -> None:
        """Check what this floor alone can check, and hand the reading on."""

        def refuse(message: str) -> ReadingError:
            return ReadingError(self.entry.id, reading.id, message)

        if self._closed:
            # What comes after the verdict would not be in it.
            raise refuse(f"expected the {reading.role} before the verdict is asked for")
        if reading.id == "verdict":
            raise refuse("expected another name, because 'verdict' is the word of the whole claim")
        if not reading.title.strip():
            raise refuse(f"title: expected the {reading.role} in a few words, found nothing")
        if reading.role in ("reading", "proxy", "context") and not reading.why.strip():
            raise refuse(f"why: expected a sentence on its role as {reading.role}")
        if reading.unit:
            try:
                units.parse_unit(reading.unit)
            except ValueError as error:
                raise refuse(f"unit: {error}") from error
        if reading.role == "fact":
            reading = replace(reading, unit=reading.unit or self._own_unit(reading))
        else:
            part = self._part(reading.part, reading.id)
            if part.worded and reading.role != "context":
                decides = "its witnesses decide" if part.kind == "witnessed" else "nothing decides"
                raise refuse(
                    f"expected context, because part {part.id!r} is {part.kind} and {decides}; "
                    f"found a {reading.role}"
                )
            if part.worded and not reading.unit and reading.function is _itself:
                reading = replace(reading, unit=self._own_unit(reading))
            if reading.id in (witness.id for witness in part.witnesses):
                raise refuse("expected another name, because a witness of the part has it")
            reading = replace(reading, part=part.id)
        if reading.primary and any(
            other.primary for other in self.workings.of_part(reading.part, "reading", "proxy")
        ):
            raise refuse(f"primary: expected one for part {reading.part!r}, found two")
        self.workings.add(reading)

    def _own_unit(self, reading: Reading) -> str:
        """The unit of a fact that says none."""
        entry = self.registry.inputs.get(reading.evidence[0]) if reading.evidence else None
        return entry.unit if entry and reading.function is _itself else "count"

    def _part(self, name: str, asker: str) -> Part:
        ids = [part.id for part in self.entry.parts]
        if not name and len(ids) == 1:
            return self.entry.parts[0]
        if name not in ids:
            raise ReadingError(
                self.entry.id, asker, f"part: expected one of {', '.join(ids)}; found {name!r}"
            )
        return self.entry.part(name)


def _itself(value: Any) -> Any:
    return value
