"""What a notebook talks to: one claim, its readings and what they come to."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from claimbook import rule
from claimbook.base import units
from claimbook.base.characters import need_seen
from claimbook.base.faults import nearest
from claimbook.base.paths import find_project
from claimbook.data.models import Part
from claimbook.data.registry import Registry, load
from claimbook.notebook import render
from claimbook.notebook.citations import (
    citation,
    cited_inputs,
    cited_tables,
    source_line,
    used_sources,
)
from claimbook.notebook.table import Table
from claimbook.verdicts import references
from claimbook.verdicts.assess import Given, assess_claim
from claimbook.verdicts.readings import Reading, ReadingError, Role, Workings
from claimbook.verdicts.result import CheckResult, Result
from claimbook.verdicts.sensitivity import Sensitivity

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from claimbook.notebook.charts import Figure

Function = TypeVar("Function", bound=Callable[..., Any])


class View:
    """Something a cell shows: a payload of ours with its HTML and plain text."""

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self._make = make

    def payload(self) -> dict[str, Any]:
        """The payload, computed when asked for."""
        return self._make()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        return render.bundle(self.payload())


class Claim:
    """A claim as its notebook uses it.

    Args:
        slug: name of its file in `data/claims/`.
        registry: loaded data; by default that of the project the notebook lies in.

    Raises:
        KeyError: no such claim.
        DataError: `data/` has faults.
    """

    def __init__(self, slug: str, registry: Registry | None = None) -> None:
        self.registry = registry or load(find_project())
        if slug not in self.registry.claims:
            raise KeyError(
                f"no claim {slug!r} in data/claims/{nearest(slug, self.registry.claims)}"
            )
        self.entry = self.registry.claims[slug]
        self.workings = Workings(slug, self.registry)
        self._checks: dict[str, list[CheckResult]] = {}
        self._facts: dict[str, Given] = {}

    # Declaring

    def reading(
        self,
        title: str,
        *,
        why: str = "",
        part: str = "",
        primary: str = "",
        unit: str = "",
        digits: int | None = None,
    ) -> Callable[[Function], Function]:
        """Declare a reading: a defensible sense of the article's words, which counts.

        The function's parameters are ids of inputs (given as quantities), of tables (given as
        frames) or of earlier readings (given as what they return). It returns a quantity, a
        number, a pair of the lowest and highest possible value, a truth value or a date.

        Args:
            title: the reading in a few words.
            why: one sentence on why a fair reader could have meant it; `primary` may say it.
            part: id of the part; may be left out if the claim has one.
            primary: why this reading gives the number in headlines; empty if it does not.
            unit: unit of a bare number that the function returns.
            digits: decimals shown; by default one more than the article wrote, at least two.

        Raises:
            ReadingError: a name or parameter that does not fit.
        """
        return self._declare("reading", title, why, part, primary, unit, digits)

    def proxy(
        self,
        title: str,
        *,
        why: str,
        part: str = "",
        primary: str = "",
        unit: str = "",
        digits: int | None = None,
    ) -> Callable[[Function], Function]:
        """Declare a proxy: it measures something near, and can only leave a part unsettled.

        Arguments as for `reading`.
        """
        return self._declare("proxy", title, why, part, primary, unit, digits)

    def context(
        self, title: str, *, why: str, part: str = "", unit: str = "", digits: int | None = None
    ) -> Callable[[Function], Function]:
        """Declare context: shown and charted, never counted.

        Arguments as for `reading`. A context may have a unit that its part does not have.
        """
        return self._declare("context", title, why, part, "", unit, digits)

    def check(
        self, name: str, title: str, *, part: str = "", detail: str = ""
    ) -> Callable[[Function], Function]:
        """Declare a named check, such as direction or date, which fails on its own.

        The function takes parameters like a reading and returns whether the check holds.
        """

        def declare(function: Function) -> Function:
            self._need_time(name, "checks")
            entry = self._part(part, name)
            if name in self.workings.readings or self._is_check(name):
                raise ReadingError(
                    self.entry.id, name, "expected a name of its own for the check, found it twice"
                )
            reading = Reading(
                id=f"check-{name}",
                title=title,
                part="",
                role="context",
                why="",
                function=function,
            )
            try:
                need_seen(detail)
            except ValueError as error:
                raise ReadingError(self.entry.id, reading.id, f"detail: {error}") from None
            workings = Workings(self.entry.id, self.registry)
            workings.readings |= self.workings.readings
            workings.add(reading)
            answers = workings.compute(reading.id, "").answers
            if not answers <= {True, False}:
                raise ReadingError(self.entry.id, reading.id, "expected yes or no, found a date")
            outcome = rule.assess_exact("yes", {bool(answer) for answer in answers})
            self._checks.setdefault(entry.id, []).append(
                CheckResult(
                    id=name,
                    title=title,
                    outcome=outcome,
                    detail=detail,
                    inputs=workings.inputs(reading.id),
                    tables=workings.tables(reading.id),
                )
            )
            return function

        return declare

    def fact(self, name: str, value: Any, *, unit: str = "count", digits: int = 2) -> None:
        """Note a computed number, so that prose can refer to it as `{result}` does.

        Args:
            name: how prose refers to it.
            value: a quantity, or a bare number in `unit`.
            unit: unit it is shown in.
            digits: decimals shown at most.
        """
        self._need_time(name, "facts")
        if name in self._facts or name in self.workings.readings or not name.isidentifier():
            raise ReadingError(
                self.entry.id,
                name,
                "expected a name of its own, in letters and digits, that no reading or fact has",
            )
        if not isinstance(value, units.Quantity):
            value = units.quantity(units.plain(value), unit)
        self._facts[name] = Given(units.as_number(value, unit), unit, digits)

    # Showing

    def inputs(self, *names: str) -> View:
        """Show cited inputs and tables with their sources, in the order named.

        Raises:
            KeyError: no input or table of that name.
        """
        for name in names:
            if name not in self.registry.inputs and name not in self.registry.tables:
                known = {*self.registry.inputs, *self.registry.tables}
                raise KeyError(f"no input or table {name!r}{nearest(name, known)}")
        return View(
            lambda: {
                "kind": "inputs",
                "inputs": cited_inputs(self.registry, names),
                "tables": cited_tables(self.registry, names),
            }
        )

    def sources(self, *more: str) -> View:
        """Show every source that the readings and the flags of the claim rest on.

        Args:
            more: ids of inputs and tables, or keys of sources, used in other ways.
        """

        def payload() -> dict[str, Any]:
            names = [
                name
                for reading in self.workings.readings
                for name in self.workings.inputs(reading) + self.workings.tables(reading)
            ] + [
                name
                for checks in self._checks.values()
                for check in checks
                for name in check.inputs + check.tables
            ]
            return {
                "kind": "sources",
                "sources": used_sources(self.registry, self.entry, [*names, *more]),
            }

        return View(payload)

    def value(self, name: str, unit: str) -> Fraction | float:
        """The stated value of an input as a bare number, for charts and tables.

        Raises:
            KeyError: no such input.
            ValueError: it is not in a unit of that kind.
        """
        if name not in self.registry.inputs:
            raise KeyError(f"no input {name!r}{nearest(name, self.registry.inputs)}")
        entry = self.registry.inputs[name]
        return units.as_number(units.quantity(Fraction(entry.value), entry.unit), unit)

    def table(self, name: str) -> "pd.DataFrame":
        """A copy of a cited table, for charts and for looking at it.

        Raises:
            KeyError: no such table.
        """
        if name not in self.registry.tables:
            raise KeyError(f"no table {name!r}{nearest(name, self.registry.tables)}")
        return self.registry.frame(name)

    @cached_property
    def _result(self) -> Result:
        missing = [
            part.id
            for part in self.entry.parts
            if not any(reading.part == part.id for reading in self.workings.readings.values())
        ]
        if missing:
            raise ReadingError(
                self.entry.id, "", f"expected a reading for part {missing[0]!r}, found none"
            )
        return assess_claim(self.entry, self.workings, self._checks, self._facts)

    def result(self) -> Result:
        """What the claim came to, from the readings declared so far.

        Raises:
            ReadingError: a reading fails, or a part has none.
        """
        return self._result

    def verdict(self) -> View:
        """Show the verdict with all readings, and emit the result."""
        result = self.result()
        finding = {
            language: references.resolve(text, self.entry.id, result.references[language])
            for language, text in self.entry.finding.model_dump().items()
        }
        return View(
            lambda: {
                "kind": "verdict",
                "result": result.model_dump(mode="json"),
                "title": self.entry.title.model_dump(),
                "finding": finding,
                "flags": self._flags(),
                "settle": self.entry.settle,
            }
        )

    def chart(self, part: str = "") -> "Figure":
        """Chart every reading of a part against what counts as the stated number.

        Raises:
            ValueError: the part is a date or yes/no, which have no such chart.
        """
        from claimbook.notebook import charts

        entry = self._part(part, "chart")
        result = next(found for found in self.result().parts if found.id == entry.id)
        keys = dict.fromkeys(
            key
            for reading in result.readings
            for name in reading.inputs + reading.tables
            for key in source_line(self.registry, name)
        )
        return charts.readings_figure(
            result.model_dump(mode="json"), [citation(self.registry, key) for key in keys]
        )

    def figure(
        self,
        chart: "alt.TopLevelMixin",
        *,
        alt: str,
        sources: Sequence[str],
        note: str = "",
        table: "pd.DataFrame | None" = None,
    ) -> "Figure":
        """Show a chart made for this claim.

        Args:
            chart: an Altair chart with a title and with titled axes.
            alt: what the chart shows, for those who do not see it.
            sources: ids of the inputs and tables, or keys of the sources, that it draws on.
            note: a line below the chart.
            table: the data for readers; by default the largest data drawn.
        """
        from claimbook.notebook import charts

        keys = dict.fromkeys(key for name in sources for key in source_line(self.registry, name))
        shown = None
        if table is not None:
            payload = Table(table, "data").payload()
            shown = [column["name"] for column in payload["columns"]], payload["rows"]
        return charts.Figure(
            chart,
            alt=alt,
            sources=[citation(self.registry, key) for key in keys],
            note=note,
            table=shown,
        )

    def sensitivity(self, part: str = "") -> View:
        """Show, for every input of the headline reading, where the outcome changes."""
        entry = self._part(part, "sensitivity")
        return View(Sensitivity(entry, self.workings).payload)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        article = self.registry.articles[self.entry.article]
        return render.bundle(
            {
                "kind": "claim",
                "claim": {
                    "id": self.entry.id,
                    "code": self.entry.code,
                    "article": article.model_dump(exclude={"about", "statements"}),
                    "language": article.language,
                    "quote": self.entry.quote,
                    "english": self.entry.english,
                    "claimant": self.entry.claimant,
                    "title": self.entry.title.model_dump(),
                    "flags": self._flags(),
                },
            }
        )

    def _declare(
        self,
        role: Role,
        title: str,
        why: str,
        part: str,
        primary: str,
        unit: str,
        digits: int | None,
    ) -> Callable[[Function], Function]:
        def declare(function: Function) -> Function:
            name = getattr(function, "__name__", "reading")
            self._need_time(name, "readings")
            if name in self._facts or self._is_check(name) or name == "verdict":
                raise ReadingError(
                    self.entry.id, name, "expected a name of its own, found one already used"
                )
            entry = self._part(part, name)
            if not title.strip():
                raise ReadingError(
                    self.entry.id, name, f"title: expected the {role} in a few words, found nothing"
                )
            if not (why or primary).strip():
                raise ReadingError(
                    self.entry.id, name, f"why: expected a sentence on its role as {role}"
                )
            if primary and any(
                reading.primary and reading.part == entry.id
                for reading in self.workings.readings.values()
            ):
                raise ReadingError(
                    self.entry.id, name, f"primary: expected one for part {entry.id!r}, found two"
                )
            if unit:
                try:
                    units.parse_unit(unit)
                except ValueError as error:
                    raise ReadingError(self.entry.id, name, f"unit: {error}") from error
            self.workings.add(
                Reading(
                    id=name,
                    title=title,
                    part=entry.id,
                    role=role,
                    why=why or primary,
                    function=function,
                    unit=unit,
                    digits=digits,
                    primary=primary,
                )
            )
            return function

        return declare

    def _is_check(self, name: str) -> bool:
        return any(check.id == name for checks in self._checks.values() for check in checks)

    def _need_time(self, name: str, what: str) -> None:
        """What comes after the verdict would not be in it."""
        if "_result" in self.__dict__:
            raise ReadingError(
                self.entry.id, name, f"expected {what} before the verdict is asked for"
            )

    def _part(self, name: str, asker: str) -> Part:
        ids = [part.id for part in self.entry.parts]
        if not name and len(ids) == 1:
            return self.entry.parts[0]
        if name not in ids:
            raise ReadingError(
                self.entry.id, asker, f"part: expected one of {', '.join(ids)}; found {name!r}"
            )
        return self.entry.part(name)

    def _flags(self) -> list[dict[str, Any]]:
        return [
            {
                "flag": flag.flag,
                "note": flag.note.en,
                "note_vi": flag.note.vi,
                "citations": [
                    citation(self.registry, item.source, item) for item in flag.citations
                ],
            }
            for flag in self.entry.flags
        ]
