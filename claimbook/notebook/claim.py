"""What a notebook talks to: one claim, its readings and what they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from claimbook import rule
from claimbook.base import formats, units
from claimbook.base.faults import nearest
from claimbook.base.paths import find_project
from claimbook.base.units import Quantity
from claimbook.data.models import Article, Bilingual, Part
from claimbook.data.registry import Registry, load
from claimbook.notebook import render
from claimbook.notebook.citations import (
    citation,
    cited_inputs,
    cited_tables,
    source_line,
    used_sources,
)
from claimbook.notebook.declarations import Declarations
from claimbook.notebook.table import Table
from claimbook.notebook.views import LateView, View
from claimbook.verdicts import references, whatif, witnesses
from claimbook.verdicts.assess import assess_claim
from claimbook.verdicts.readings import ReadingError
from claimbook.verdicts.result import Result
from claimbook.verdicts.sensitivity import Sensitivity
from claimbook.verdicts.witnesses import WitnessSensitivity

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from claimbook.notebook.charts import Figure

# What cited numbers are used for, in the order in which they are shown.
_USES = {
    "readings": ("reading", "proxy"),
    "checks": ("check",),
    "context": ("context",),
    "prose": ("fact",),
}


class Claim(Declarations):
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
        self._mentioned: tuple[str, ...] = ()  # by the prose alone
        self._drawn: dict[str, None] = {}  # in tables and charts, in order
        super().__init__()

    @property
    def article(self) -> Article:
        """The news story that the claim is from."""
        return self.registry.articles[self.entry.article]

    # Numbers and tables

    def stated(self, part: str = "") -> "Quantity[Any]":
        """The stated number of a part, exact, in its unit.

        Raises:
            ValueError: the part is a date or yes/no, or states a range.
        """
        entry = self._numeric(part, "stated")
        low, high = rule.stated_ends(entry.stated)
        if low != high:
            raise ValueError(
                f"part {entry.id!r}: expected one stated number, found the range {entry.stated}; "
                "its ends are those of claim.band(), before rounding"
            )
        return units.quantity(low, entry.unit)

    def band(self, part: str = "") -> "tuple[Quantity[Any] | None, Quantity[Any] | None]":
        """Both ends of what counts as the stated number; None where it is open.

        Raises:
            ValueError: the part is a date or yes/no.
        """
        entry = self._numeric(part, "band")
        low, high = (
            None if end is None else units.quantity(end, entry.unit)
            for end in entry.accepted().bounds
        )
        return low, high

    def value(self, name: str, unit: str) -> Fraction | float:
        """The stated value of an input, or what a reading or fact is at the stated values.

        Args:
            name: its id.
            unit: unit of the number.

        Raises:
            KeyError: nothing has that id.
            ValueError: it is not in a unit of that kind.
            ReadingError: it is a range.
        """
        if name in self.registry.inputs:
            self._drawn[name] = None
            entry = self.registry.inputs[name]
            return units.as_number(units.quantity(Fraction(entry.value), entry.unit), unit)
        if name not in self.workings.readings:
            known = {*self.registry.inputs, *self.workings.readings}
            raise KeyError(f"no input or reading {name!r}{nearest(name, known)}")
        found = self.workings.at(name, unit, {})
        if found.low is None or found.low != found.high:
            raise ReadingError(self.entry.id, name, "expected one number, found a range")
        return found.low

    def series(self, names: Mapping[str, str], unit: str) -> "pd.Series[Any]":
        """Values of several inputs, readings or facts in one unit.

        Args:
            names: their ids, by what a table or a chart calls them.
            unit: unit of all numbers.

        Raises:
            As `value`.
        """
        import pandas as pd

        return pd.Series({label: self.value(name, unit) for label, name in names.items()})

    def table(self, name: str) -> "pd.DataFrame":
        """A copy of a cited table, for charts and for looking at it.

        Raises:
            KeyError: no such table.
        """
        if name not in self.registry.tables:
            raise KeyError(f"no table {name!r}{nearest(name, self.registry.tables)}")
        self._drawn[name] = None
        return self.registry.frame(name)

    def text(self, words: str) -> str:
        """Words with `{references}` to readings, facts, parts and inputs put in, in English.

        Raises:
            KeyError: a reference names nothing.
        """
        if "{" not in words:
            return words
        return references.resolve(
            words, f"{self.entry.id}: {words!r}", self.result().references["en"]
        )

    # What it comes to

    @cached_property
    def _result(self) -> Result:
        for part in self.entry.parts:
            if not part.worded and not self.workings.of_part(
                part.id, "reading", "proxy", "context"
            ):
                raise ReadingError(
                    self.entry.id, "", f"expected a reading for part {part.id!r}, found none"
                )
        result = assess_claim(self.entry, self.workings, self._mentioned)
        self._closed = True
        return result

    def result(self) -> Result:
        """What the claim came to, from the readings declared so far.

        Raises:
            ReadingError: a reading fails, or a part has none.
        """
        return self._result

    # Showing

    def inputs(self, *more: str) -> View:
        """Show every input and table that the notebook uses, with its sources.

        They stand by what they are used for: also by cells further down, since the list is shown
        again when these have run.

        Args:
            more: ids of inputs and tables that the prose alone refers to.

        Raises:
            KeyError: no input or table of that name.
        """
        for name in more:
            if name not in self.registry.inputs and name not in self.registry.tables:
                known = {*self.registry.inputs, *self.registry.tables}
                raise KeyError(f"no input or table {name!r}{nearest(name, known)}")
        self._mentioned = more
        return LateView(self._inputs)

    def sources(self, *more: str) -> View:
        """Show every source that the notebook and the flags of the claim use.

        Args:
            more: ids of inputs and tables, or keys of sources, used in the prose alone.
        """
        return View(
            lambda: {
                "kind": "sources",
                "sources": used_sources(self.registry, self.entry, [*self._used(), *more]),
            }
        )

    def witnesses(self, part: str = "") -> View:
        """Show what the witnesses of a part say, and which of them count.

        Args:
            part: id of the part; by default all witnessed parts.

        Raises:
            ValueError: no part, or not this one, is witnessed.
        """
        parts = [self._part(part, "witnesses")] if part else list(self.entry.parts)
        shown = [entry for entry in parts if entry.kind == "witnessed"]
        if not shown:
            kinds = ", ".join(dict.fromkeys(entry.kind for entry in parts))
            raise ValueError(f"{self.entry.id}: expected a witnessed part, found {kinds}")
        return View(lambda: {"kind": "witnesses", "parts": list(map(self._testimony, shown))})

    def _testimony(self, part: Part) -> dict[str, Any]:
        return {
            "id": part.id,
            "label": part.label.model_dump(),
            "stated": part.stated,
            "rows": [
                row.model_dump(mode="json")
                | {"citation": citation(self.registry, witness.source, witness)}
                for witness, row in zip(
                    part.witnesses, witnesses.of_part(part, self.registry), strict=True
                )
            ],
        }

    def verdict(self) -> View:
        """Show the verdict with all readings, and emit the result."""
        result = self.result()

        def resolved(field: str, texts: Bilingual) -> dict[str, str]:
            return {
                language: references.resolve(
                    text, f"{self.entry.id}: {field}", result.references[language]
                )
                for language, text in texts.model_dump().items()
            }

        finding = resolved("finding", self.entry.finding)
        headline = resolved("headline", self.entry.headline)
        return View(
            lambda: {
                "kind": "verdict",
                "result": result.model_dump(mode="json"),
                "title": self.entry.title.model_dump(),
                "headline": headline,
                "finding": finding,
                "flags": self._flags(),
                "settle": self.entry.settle,
                "whatif": whatif.payload(self.entry, self.workings, result),
            }
        )

    def sensitivity(self, part: str = "") -> View:
        """Show, for every input of the headline reading, where the outcome changes.

        Of a witnessed part, without which witness the verdict would be another.
        """
        entry = self._part(part, "sensitivity")
        if entry.kind == "witnessed":
            return View(WitnessSensitivity(entry, self.entry.id, self.registry).payload)
        return View(Sensitivity(entry, self.workings).payload)

    # Charts

    def chart(self, part: str = "") -> "Figure":
        """Chart every reading of a part against what counts as the stated number.

        Raises:
            ValueError: the part is a date or yes/no, which have no such chart.
        """
        from claimbook.notebook import charts

        entry = self._part(part, "chart")
        result = next(found for found in self.result().parts if found.id == entry.id)
        names = [name for reading in result.readings for name in reading.inputs + reading.tables]
        return charts.readings_figure(result.model_dump(mode="json"), self._citations(names))

    def bars(
        self,
        names: Mapping[str, str],
        unit: str,
        *,
        title: str,
        axis: str = "",
        digits: int = 2,
        emphasis: str = "",
        note: str = "",
    ) -> "Figure":
        """Show a bar for each of several inputs, readings or facts.

        Args:
            names: their ids, by the name that stands beside the bar, in order.
            unit: unit of all bars.
            title: what the chart says, with references to the result in braces.
            axis: title of the axis; by default the unit as readers see it.
            digits: decimals written beside the bars.
            emphasis: name of the bar that stands out.
            note: a line below the chart.

        Raises:
            As `series` and `figure`.
        """
        from claimbook.notebook import charts

        chart, words = charts.bars(
            dict(self.series(names, unit)),
            axis or formats.written(unit),
            digits=digits,
            emphasis=emphasis,
        )
        return self.figure(chart, title=title, alt=words, sources=list(names.values()), note=note)

    def stated_line(self, channel: "alt.X | alt.Y", part: str = "") -> Any:
        """A line at the stated number, to be laid over a chart of this claim.

        Args:
            channel: the encoding of the axis in the unit of the part, as the chart has it.
            part: id of the part; may be left out if the claim has one.

        Raises:
            ValueError: the part is a date or yes/no.
        """
        from claimbook.notebook import charts

        entry = self._numeric(part, "stated_line")
        words = self.text(f"stated: {{{entry.id}.stated}}")
        return charts.marked_line(channel, self.stated(part).magnitude, words)

    def figure(
        self,
        chart: "alt.TopLevelMixin",
        *,
        title: str = "",
        alt: str,
        sources: Sequence[str],
        note: str = "",
        table: "pd.DataFrame | None" = None,
    ) -> "Figure":
        """Show a chart made for this claim. References in braces are put into all texts.

        Args:
            chart: an Altair chart with titled axes.
            title: what the chart says; may be left out if the chart has one.
            alt: what the chart shows, for those who do not see it.
            sources: ids of the inputs, readings and tables, or keys of the sources, that it draws
                on.
            note: a line below the chart.
            table: the data for readers; by default the largest data drawn.

        Raises:
            KeyError: a source or a reference names nothing.
            ValueError: as `claimbook.notebook.charts.Figure`.
        """
        from claimbook.notebook import charts

        shown = None
        if table is not None:
            payload = Table(table, "data").payload()
            shown = [column["name"] for column in payload["columns"]], payload["rows"]
        names = list(self._evidence(sources))
        self._drawn.update(dict.fromkeys(names))
        return charts.Figure(
            chart.properties(title=self.text(title)) if title else chart,
            alt=self.text(alt),
            sources=self._citations(names),
            note=self.text(note),
            table=shown,
        )

    def _evidence(self, names: Iterable[str]) -> Iterator[str]:
        """Names with those of readings replaced by what they rest on."""
        for name in names:
            if name in self.workings.readings:
                yield from (*self.workings.inputs(name), *self.workings.tables(name))
            else:
                yield name

    def _used(self) -> dict[str, str]:
        """Inputs and tables that are used, each with what it is used for first."""
        used: dict[str, str] = {}
        for use, roles in _USES.items():
            for reading in self.workings.readings.values():
                if reading.role in roles:
                    for name in self._evidence([reading.id]):
                        used.setdefault(name, use)
        others = dict.fromkeys(self._mentioned, "prose") | dict.fromkeys(
            self._drawn, "tables and charts"
        )
        for name, use in others.items():
            if name not in self.registry.sources:
                used.setdefault(name, use)
        return used

    def _inputs(self) -> dict[str, Any]:
        used = self._used()
        return {
            "kind": "inputs",
            "inputs": cited_inputs(self.registry, used),
            "tables": cited_tables(self.registry, used),
        }

    def _citations(self, names: Iterable[str]) -> list[dict[str, str]]:
        keys = dict.fromkeys(key for name in names for key in source_line(self.registry, name))
        return [citation(self.registry, key) for key in keys]

    def _numeric(self, part: str, asker: str) -> Any:
        entry = self._part(part, asker)
        if entry.kind not in ("number", "count"):
            raise ValueError(f"part {entry.id!r}: expected a number or a count, found {entry.kind}")
        return entry

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        return render.bundle(
            {
                "kind": "claim",
                "claim": {
                    "id": self.entry.id,
                    "code": self.entry.code,
                    "article": self.article.model_dump(
                        exclude={"about", "statements", "unchecked"}
                    ),
                    "language": self.article.language,
                    "quote": self.entry.quote,
                    "english": self.entry.english,
                    "claimant": self.entry.claimant,
                    "title": self.entry.title.model_dump(),
                    "flags": self._flags(),
                },
            }
        )

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
