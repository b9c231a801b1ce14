"""Everything in `data/`, loaded, typed and cross-checked."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from claimbook.base import cells, digests
from claimbook.base.faults import DataError, Fault, nearest
from claimbook.base.paths import Project
from claimbook.data import csv_tables, yaml_files
from claimbook.data.bibliography import read_sources
from claimbook.data.errors import describe, explain
from claimbook.data.models import Article, CitedTable, ClaimEntry, Input, Source

if TYPE_CHECKING:
    import pandas as pd

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Registry:
    """The checked content of `data/`, each kind by id, in the order of the files.

    One registry serves many notebooks, so none of them can change it.

    Attributes:
        files: file of each input and table, by its id, as messages call it.
    """

    project: Project
    articles: Mapping[str, Article]
    claims: Mapping[str, ClaimEntry]
    inputs: Mapping[str, Input]
    tables: Mapping[str, CitedTable]
    sources: Mapping[str, Source]
    files: Mapping[str, str]
    _frames: dict[str, "pd.DataFrame"] = field(default_factory=dict, repr=False, compare=False)

    def frame(self, table_id: str) -> "pd.DataFrame":
        """A table with the types of its schema; what is written to it stays in it.

        The copy is pandas' own kind: cheap, because data are copied when they are written to.

        Raises:
            KeyError: no such table.
        """
        if table_id not in self._frames:
            folder = self.project.data / "tables"
            table = self.tables[table_id]
            frame = csv_tables.read_table(folder, table)
            frame.attrs["units"] = {
                column.name: column.unit for column in table.columns if column.unit
            }
            self._frames[table_id] = frame
        return self._frames[table_id].copy(deep=False)

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Slugs of all notebooks that the claims name, in the order of the claims."""
        return tuple(self.of_pages)

    @cached_property
    def of_pages(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the claims of each notebook, by its slug."""
        pages: dict[str, tuple[str, ...]] = {}
        for claim in self.claims.values():
            pages[claim.notebook] = (*pages.get(claim.notebook, ()), claim.id)
        return MappingProxyType(pages)


# What the last loading of each project came to, with the digest of what was loaded.
_loaded: dict[Project, tuple[str, Registry]] = {}
_kept: list[Registry] = []


def digest(project: Project) -> str:
    """Digest of everything in `data/` but the ledger, which is written from results.

    It depends on names and content alone, so that two edits within one tick of the clock count.
    """
    paths = (path for path in project.data.rglob("*") if path != project.ledger)
    return digests.content(project.data, paths)


def load(project: Project) -> Registry:
    """Load `data/`, unless this process has loaded the same content before.

    Raises:
        DataError: with every fault of every file.
    """
    if _kept and _kept[-1].project == project:
        return _kept[-1]
    registry, faults = _collect(project)
    if faults:
        raise DataError(faults)
    return registry


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
    faults += _page_faults(registry, faults)
    if faults:
        raise DataError(faults)
    return registry


def _collect(project: Project) -> tuple[Registry, list[Fault]]:
    """The content of `data/` and its faults; what has none is remembered."""
    before = digest(project)
    remembered, registry = _loaded.get(project, ("", None))
    if registry is not None and remembered == before:
        return registry, []
    registry, faults = _read(project)
    # Files that were written meanwhile may have been read in part.
    if not faults and digest(project) == before:
        _loaded[project] = before, registry
    return registry, faults


def _read(project: Project) -> tuple[Registry, list[Fault]]:
    data, name = project.data, project.relative
    faults: list[Fault] = []

    def take(found: tuple[dict[str, Any], list[Fault]]) -> dict[str, Any]:
        faults.extend(found[1])
        return found[0]

    def entries(path: Path, model: type[Model]) -> dict[str, Model]:
        return take(_read_entries(path, name(path), model))

    sources: dict[str, Source] = take(
        read_sources(data / "sources.bib", name(data / "sources.bib"))
    )
    known_sources = _known(sources, name(data / "sources.bib"), faults)
    tables: dict[str, CitedTable] = take(
        csv_tables.read_package(data / "tables", name, known_sources)
    )
    articles = entries(data / "articles.yml", Article)
    claims = entries(data / "claims.yml", ClaimEntry)
    inputs: dict[str, Input] = {}
    origin: dict[str, str] = dict.fromkeys(tables, name(data / "tables" / csv_tables.PACKAGE))
    cited: list[tuple[str, str, str, str]] = []
    paths, wrong = _input_files(project)
    faults += wrong
    for path in paths:
        for key, entry in entries(path, Input).items():
            if key in origin:
                faults.append(
                    Fault(name(path), key, "id", f"duplicate id, already in {origin[key]}")
                )
            origin[key] = name(path)
            inputs[key] = entry
            cited += [
                (name(path), key, f"citations.{n}.source", citation.source)
                for n, citation in enumerate(entry.citations, 1)
            ]
    known_articles = _known(articles, name(data / "articles.yml"), faults)
    place = name(data / "claims.yml")
    faults += _unknown(
        ((place, claim.id, "article", claim.article) for claim in claims.values()), known_articles
    )
    for claim in claims.values():
        cited += [
            (place, claim.id, f"flags.{flag.flag}.citations.{n}.source", citation.source)
            for flag in claim.flags
            for n, citation in enumerate(flag.citations, 1)
        ]
    cited += [
        (name(data / "tables" / csv_tables.PACKAGE), table.resource, "sources", source)
        for table in tables.values()
        for source in table.sources
    ]
    faults += _unknown(cited, known_sources)
    registry = Registry(
        project,
        MappingProxyType(articles),
        MappingProxyType(claims),
        MappingProxyType(inputs),
        MappingProxyType(tables),
        MappingProxyType(sources),
        MappingProxyType(origin),
    )
    return registry, faults


def _known(found: Iterable[str], file: str, faults: Iterable[Fault]) -> set[str] | None:
    """Ids that a file has, also those at fault; `None` if the file as a whole cannot be used."""
    spoilt = {fault.entry for fault in faults if fault.file == file}
    return None if "" in spoilt else {*found, *spoilt}


def _unknown(
    named: Iterable[tuple[str, str, str, str]], known: Collection[str] | None
) -> list[Fault]:
    """Faults of naming what is not known, unless nothing could be.

    Args:
        named: file, entry, field and the key that stands there.
        known: all keys there are.
    """
    if known is None:
        return []
    wrong = [item for item in named if item[3] not in known]
    # Looking for the nearest is slow, and one key may be cited a thousand times.
    hints = {key: nearest(key, known) for key in {item[3] for item in wrong}}
    return [
        Fault(place, entry, where, f"unknown {_kind(where)} {key!r}{hints[key]}")
        for place, entry, where, key in wrong
    ]


def _kind(where: str) -> str:
    """What a field names: its own name in the singular."""
    return where.rpartition(".")[2].removesuffix("s")


def _input_files(project: Project) -> tuple[list[Path], list[Fault]]:
    folder = project.data / "inputs"
    name = project.relative
    if not folder.is_dir():
        return [], [Fault(name(folder), "", "", "expected a folder of inputs, found none")]
    files = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    faults = [
        Fault(name(path), "", "", "expected a file of inputs that ends in .yml, found another")
        for path in files
        if path.suffix != ".yml"
    ]
    if not files:
        faults.append(Fault(name(folder), "", "", "expected a file that ends in .yml, found none"))
    return [path for path in files if path.suffix == ".yml"], faults


def _page_faults(registry: Registry, faults: Sequence[Fault]) -> list[Fault]:
    project = registry.project
    place = project.relative(project.data / "claims.yml")
    found: list[Fault] = []
    for claim in registry.claims.values():
        path = project.notebook(claim.notebook)
        if not path.exists():
            message = f"expected the notebook {project.relative(path)}, found none"
            found.append(Fault(place, claim.id, "page", message))
    # A claim that is itself at fault still has its page.
    known = _known(registry.pages, place, faults)
    for path in sorted(project.notebooks.glob("*.ipynb")):
        if known is None or path.stem in known:
            try:
                cells.read(path)
            except ValueError as error:
                found.append(Fault(project.relative(path), "", "", str(error)))
        else:
            message = (
                f"expected a claim with the id {path.stem!r} in data/claims.yml, found none"
                + nearest(path.stem, known)
            )
            found.append(Fault(project.relative(path), "", "", message))
    return found


def _read_entries(
    path: Path, name: str, model: type[Model]
) -> tuple[dict[str, Model], list[Fault]]:
    try:
        content = yaml_files.read(path, "a list of entries")
    except ValueError as error:
        return {}, [Fault(name, "", "", str(error))]
    if not isinstance(content, list):
        return {}, [Fault(name, "", "", f"expected a list of entries, found {describe(content)}")]
    if not content:
        return {}, [Fault(name, "", "", "expected at least one entry, found none")]
    entries: dict[str, Model] = {}
    faults: list[Fault] = []
    for number, raw in enumerate(content, 1):
        label = raw.get("id") if isinstance(raw, dict) else None
        if not (label and isinstance(label, str)):
            label = f"entry {number}"
        try:
            entry = model.model_validate(_without_gaps(raw))
        except ValidationError as error:
            faults += explain(error, name, label, raw, model)
            continue
        if label in entries:
            faults.append(Fault(name, label, "id", "duplicate id, already in this file"))
        entries[label] = entry
    return entries, faults


def _without_gaps(value: Any) -> Any:
    """Leave out empty fields, so that an empty field and a missing one are the same."""
    if isinstance(value, dict):
        return {key: _without_gaps(item) for key, item in value.items() if item != ""}
    if isinstance(value, list):
        return [_without_gaps(item) for item in value]
    return value
