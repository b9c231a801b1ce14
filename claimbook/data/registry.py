"""Everything in `data/`, loaded, typed and cross-checked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from claimbook.base import cells, digests, reads
from claimbook.base.faults import DataError, Fault, nearest
from claimbook.base.paths import Project
from claimbook.data import csv_tables, entries
from claimbook.data.bibliography import read_sources
from claimbook.data.checks import (
    date_faults,
    known,
    link_faults,
    name_faults,
    source_faults,
    statement_faults,
)
from claimbook.data.models import Article, CitedTable, ClaimEntry, Input, Source
from claimbook.data.order import in_order

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Registry:
    """The checked content of `data/`, each kind by id, in the order of the files.

    Claims are in the order of the articles and of their statements. One registry serves many
    notebooks, so none of them can change it.

    Attributes:
        files: file of each input and table, by its id, as messages call it.
        steady: what is known of formulas and holds for registries with other values too, for
            those who try many; None if nothing is kept.
    """

    project: Project
    articles: Mapping[str, Article]
    claims: Mapping[str, ClaimEntry]
    inputs: Mapping[str, Input]
    tables: Mapping[str, CitedTable]
    sources: Mapping[str, Source]
    files: Mapping[str, str]
    steady: dict[tuple[str, str, str], bool] | None = field(default=None, repr=False, compare=False)
    _frames: dict[str, "pd.DataFrame"] = field(default_factory=dict, repr=False, compare=False)

    def frame(self, table_id: str) -> "pd.DataFrame":
        """A table with the types of its schema; what is written to it stays in it.

        The copy is pandas' own kind: cheap, because data are copied when they are written to.

        Raises:
            KeyError: no such table.
        """
        table = self.tables[table_id]
        if table_id not in self._frames:
            folder = self.project.data / "tables"
            frame = csv_tables.read_table(folder, table)
            frame.attrs["units"] = table.units
            self._frames[table_id] = frame
        return self._frames[table_id].copy(deep=False)

    def noted(self, note: Callable[[str, str], None] = reads.note) -> "Registry":
        """The same, telling what is asked for: the kind of an entry and its id.

        Args:
            note: whom to tell; by default it is noted as `claimbook.base.reads` says.
        """
        return replace(
            self,
            articles=reads.Noted(self.articles, partial(note, "articles")),
            claims=reads.Noted(self.claims, partial(note, "claims")),
            inputs=reads.Noted(self.inputs, partial(note, "inputs")),
            tables=reads.Noted(self.tables, partial(note, "tables")),
            sources=reads.Noted(self.sources, partial(note, "sources")),
        )


# What the last loading of each project came to, with the digest of what was loaded.
_loaded: dict[Project, tuple[str, Registry]] = {}
_kept: list[Registry] = []


def load(project: Project) -> Registry:
    """Load `data/`, unless this process has loaded the same content before.

    Raises:
        DataError: with every fault of every file.
    """
    if _kept and _kept[-1].project == project:
        return _kept[-1]
    with reads.unnoted():
        registry, faults = _collect(project)
    if faults:
        raise DataError(in_order(project, faults))
    return registry.noted() if reads.noting() else registry


@contextmanager
def kept(registry: Registry) -> Iterator[None]:
    """For as long as this lasts, loading the same project gives this, whatever the files say.

    For many notebooks in a row: even to see that nothing has changed takes a look at every file.
    """
    _kept.append(registry)
    try:
        yield
    finally:
        _kept.pop()


def validate(project: Project) -> Registry:
    """Load `data/`, and check that every claim has its notebook and every notebook its claim.

    Raises:
        DataError: with every fault of every file.
    """
    registry, faults = _collect(project)
    faults += _page_faults(registry)
    if faults:
        raise DataError(in_order(project, faults))
    return registry


def _collect(project: Project) -> tuple[Registry, list[Fault]]:
    """The content of `data/` and its faults; what has none is remembered."""
    before = digests.data(project)
    remembered, registry = _loaded.get(project, ("", None))
    if registry is not None and remembered == before:
        return registry, []
    if links := link_faults(project):
        raise DataError(links)
    registry, faults = _read(project)
    # Files that were written meanwhile may have been read in part.
    if not faults and digests.data(project) == before:
        _loaded[project] = before, registry
    return registry, faults


def _read(project: Project) -> tuple[Registry, list[Fault]]:
    data, name = project.data, project.relative
    bibliography, package = data / "sources.bib", data / "tables" / csv_tables.PACKAGE
    sources, faults = read_sources(bibliography, name(bibliography))
    known_sources = known(sources, name(bibliography), faults)
    tables, found = csv_tables.read_package(package.parent, name, known_sources)
    faults += found
    articles, found = entries.read_list(project.articles, name(project.articles), Article)
    faults += found
    claims, slugs, found = _read_claims(project)
    faults += found
    inputs, files, found = _read_inputs(project, dict.fromkeys(tables, name(package)))
    faults += found
    listed = (slug for article in articles.values() for slug in article.statements)
    registry = Registry(
        project,
        MappingProxyType(articles),
        MappingProxyType({slug: claims[slug] for slug in listed if slug in claims} | claims),
        MappingProxyType(inputs),
        MappingProxyType(tables),
        MappingProxyType(sources),
        MappingProxyType(files),
    )
    known_articles = known(articles, name(project.articles), faults)
    faults += statement_faults(registry, slugs, known_articles)
    faults += name_faults(registry)
    faults += date_faults(registry)
    faults += source_faults(registry, known_sources)
    return registry, faults


def _read_claims(project: Project) -> tuple[dict[str, ClaimEntry], set[str], list[Fault]]:
    """Claims without faults, and the slugs of all."""
    paths, faults = entries.list_files(project.claims, project.relative(project.claims), "claims")
    claims: dict[str, ClaimEntry] = {}
    for path in paths:
        claim, found = entries.read_claim(path, project.relative(path))
        faults += found
        if claim is not None:
            claims[claim.id] = claim
    return claims, {path.stem for path in paths}, faults


def _read_inputs(
    project: Project, taken: Mapping[str, str]
) -> tuple[dict[str, Input], dict[str, str], list[Fault]]:
    """Inputs without faults, and the file of everything that a notebook can ask for.

    Args:
        project: where the files lie.
        taken: file of each table, by its id.
    """
    folder = project.data / "inputs"
    paths, faults = entries.list_files(folder, project.relative(folder), "inputs")
    inputs: dict[str, Input] = {}
    files = dict(taken)
    for path in paths:
        name = project.relative(path)
        found, wrong = entries.read_list(path, name, Input)
        faults += wrong
        for key, entry in found.items():
            if key in files:
                faults.append(Fault(name, key, "id", f"duplicate id, already in {files[key]}"))
            files[key], inputs[key] = name, entry
    return inputs, files, faults


def _page_faults(registry: Registry) -> list[Fault]:
    """Claims without a notebook, and notebooks without a claim or that are none."""
    project = registry.project
    # A claim that is itself at fault still has its notebook.
    slugs = {path.stem for path in project.claims.glob("*" + entries.SUFFIX)}
    found = [
        Fault(
            project.relative(project.claim(slug)),
            "",
            "",
            f"expected the notebook {project.relative(project.notebook(slug))}, found none",
        )
        for slug in sorted(slugs)
        if not project.notebook(slug).exists()
    ]
    for path in sorted(project.notebooks.glob("*.ipynb")):
        if path.stem in slugs or not slugs:
            try:
                cells.read(path)
            except ValueError as error:
                found.append(Fault(project.relative(path), "", "", str(error)))
        else:
            claim = project.relative(project.claim(path.stem))
            message = f"expected the claim {claim}, found none{nearest(path.stem, slugs)}"
            found.append(Fault(project.relative(path), "", "", message))
    return found
