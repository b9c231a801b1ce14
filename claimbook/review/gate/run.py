"""The gate as a whole: every number and witness of `data/`, on every page that names it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from claimbook.base.faults import Fault
from claimbook.data import csv_tables
from claimbook.data.models import Part
from claimbook.data.registry import Registry
from claimbook.review.gate.report import Finding, Report, judged
from claimbook.review.gate.targets import Target, targets, witnessed
from claimbook.review.gate.trial import Page, Trial
from claimbook.verdicts import ledger, witnesses

ACCEPT = "make accept first"


class GateError(Exception):
    """The gate cannot begin; the message says why."""


@dataclass(frozen=True)
class Tried:
    """What was done on one page, to be shown while the gate goes on."""

    page: str
    targets: int
    mutants: int


class Gate:
    """The numbers of one project and what became of them; each is tried once.

    Args:
        registry: the loaded data.

    Raises:
        GateError: there is no ledger of the present form.
    """

    def __init__(self, registry: Registry) -> None:
        registry = self._registry = replace(registry, steady={})
        project = registry.project
        place = project.relative(project.ledger)
        try:
            stored = ledger.rows(project.ledger.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise GateError(f"{place}: expected the ledger, found none; {ACCEPT}") from None
        except (ledger.LedgerError, OSError, UnicodeDecodeError) as error:
            raise GateError(f"{place}: {error}; {ACCEPT}") from error
        self._pages = {slug: Page(registry, slug, stored) for slug in registry.claims}
        self._trials: dict[tuple[str, str], list[Trial]] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of all inputs and tables, and of all witnessed parts as claim/part."""
        return (*self._registry.inputs, *self._registry.tables, *self._witnessed)

    @cached_property
    def _witnessed(self) -> Mapping[str, Part]:
        return witnessed(self._registry)

    def named_on(self, slugs: Collection[str]) -> tuple[str, ...]:
        """Ids of the inputs and tables that these pages name, and of their witnessed parts."""
        named = {source for slug in slugs for source in self._pages[slug].sources}
        return tuple(source for source in self.sources if source in named)

    def report(
        self, sources: Sequence[str], tried: Callable[[Tried], None] = lambda page: None
    ) -> Report:
        """Try everything of these inputs and tables, page by page.

        Args:
            sources: their ids.
            tried: told of each page as soon as it has been tried.
        """
        faults: list[Fault] = []
        for slug, page in self._pages.items():
            own = [source for source in sources if source in page.sources]
            if not own:
                continue
            unlike = self._unlike_ledger(page)
            if unlike:
                faults += unlike
                continue
            trials = [trial for source in own for trial in self._on_page(page, source)]
            tried(Tried(slug, len(trials), page.mutants))
        if faults:
            return Report((), tuple(faults))
        named = [source for source in sources if not self._unused(source)]
        faults = [fault for source in sources for fault in self._unused(source)]
        findings = [finding for source in named for finding in self._findings(source)]
        mutants = sum(page.mutants for page in self._pages.values())
        return Report(tuple(findings), tuple(faults), mutants)

    def _findings(self, source: str) -> list[Finding]:
        by_target: dict[Target, list[Trial]] = {}
        for page in self._pages.values():
            if source in page.sources:
                for trial in self._on_page(page, source):
                    by_target.setdefault(trial.target, []).append(trial)
        return [
            judged(target, trials, self._place(target), self._reasons.get(_cell(target), ""))
            for target, trials in by_target.items()
        ]

    def _on_page(self, page: Page, source: str) -> list[Trial]:
        """The trials of one input or table on one page.

        Without a break-even there, what another page has one for, or an earlier one noticed, is
        left out: such a number must be noticed once.
        """
        key = (page.slug, source)
        if key not in self._trials:
            own = list(targets(self._registry, source))
            waived = [target for target in own if _cell(target) in self._reasons]
            used = [
                target
                for target in own
                if target not in waived
                and (page.moves_outcome(target) or not self._is_noticed(target))
            ]
            self._trials[key] = [*map(page.trial, used), *page.trials(waived)]
        return self._trials[key]

    def _is_noticed(self, target: Target) -> bool:
        pages = [page for page in self._pages.values() if target.source in page.sources]
        return any(page.moves_outcome(target) for page in pages) or any(
            trial.noticed or trial.outcomes
            for page in pages
            for trial in self._trials.get((page.slug, target.source), ())
            if trial.target == target
        )

    @cached_property
    def _left_out(self) -> dict[tuple[str, int | None, str], str]:
        """Why the rule does not count a witness, by its place."""
        return {
            (name, place, row.id): row.why_not
            for name, part in self._witnessed.items()
            for place, row in enumerate(witnesses.of_part(part, self._registry))
            if row.why_not
        }

    @cached_property
    def _reasons(self) -> dict[tuple[str, int | None, str], str]:
        """Why something is only context, by the input, cell or witness that it is said of."""
        found: dict[tuple[str, int | None, str], str] = {
            (entry.id, None, ""): entry.only_context
            for entry in self._registry.inputs.values()
            if entry.only_context
        }
        found |= {
            (name, place, row.id): row.only_context
            for name, part in self._witnessed.items()
            for place, row in enumerate(part.witnesses)
            if row.only_context
        }
        found |= self._left_out
        folder = self._registry.project.data / "tables"
        for table in self._registry.tables.values():
            for waiver in table.only_context:
                for row, column in csv_tables.waived(waiver, csv_tables.read_rows(folder, table)):
                    found[table.id, row, column] = waiver.reason
            # A unit is only context if every cell under it is.
            for column in table.units:
                cells = [
                    (target.source, target.row, target.column)
                    for target in targets(self._registry, table.id)
                    if target.column == column and target.row is not None
                ]
                reasons = [found[cell] for cell in cells if cell in found]
                if cells and len(reasons) == len(cells):
                    found[table.id, None, column] = reasons[0]
        return found

    def _unlike_ledger(self, page: Page) -> list[Fault]:
        """Why a page cannot be tried: it must come to what the ledger says to begin with."""
        project = self._registry.project
        if page.present.crash:
            notebook = project.relative(project.notebook(page.slug))
            message = f"expected a notebook that runs, found: {page.present.crash}"
            return [Fault(notebook, "", "", message)]
        for found in page.present.differences:
            what = ", ".join(filter(None, (found.claim, found.part, found.reading)))
            message = f"expected what the notebook comes to now, found something else; {ACCEPT}"
            return [Fault(project.relative(project.ledger), what, found.column, message)]
        return []

    def _unused(self, source: str) -> list[Fault]:
        if any(source in page.sources for page in self._pages.values()):
            return []
        message = "expected a notebook that names it, found none: use it or remove it"
        return [Fault(self._registry.files[source], self._entry(source), "", message)]

    def _entry(self, source: str) -> str:
        """What an input or table is called in its file."""
        tables = self._registry.tables
        return tables[source].resource if source in tables else source

    def _place(self, target: Target) -> tuple[str, str, str]:
        """File, entry and field of a target, as messages name them."""
        if target.kind == "witness":
            slug, _, part = target.source.partition("/")
            project = self._registry.project
            return (
                project.relative(project.claim(slug)),
                "",
                f"parts.{part}.witnesses.{(target.row or 0) + 1}",
            )
        file, entry = self._registry.files[target.source], self._entry(target.source)
        if target.kind == "unit":
            return file, entry, f"unit of column {target.column}"
        field = "value" if target.row is None else f"row {target.row + 1}, column {target.column}"
        return file, entry, field


def _cell(target: Target) -> tuple[str, int | None, str]:
    return target.source, target.row, target.column
