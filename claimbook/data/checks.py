"""Checks across the files of `data/`: what one of them says of another."""

import datetime as dt
import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claimbook.base.faults import Fault, nearest
from claimbook.base.paths import Project
from claimbook.data.models import first_day

if TYPE_CHECKING:
    from claimbook.data.models import Article, Unchecked
    from claimbook.data.registry import Registry


_DAY_IN_WORDS = re.compile(r"\b([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})\b")


def link_faults(project: Project) -> list[Fault]:
    """Links that lead where a copy of the project, or the digest of its data, does not reach."""
    root = os.path.realpath(project.root)
    faults = []
    for folder in (project.data, project.notebooks):
        for path in sorted([folder, *folder.rglob("*")]):
            if not path.is_symlink():
                continue
            if not Path(os.path.realpath(path)).is_relative_to(root):
                message = "expected a link to a file of the project, found one that leads out of it"
            elif path.is_dir():
                message = "expected files in a folder of their own, found a link to a folder"
            else:
                continue
            faults.append(Fault(project.relative(path), "", "", message))
    return faults


def known(found: Iterable[str], file: str, faults: Iterable[Fault]) -> set[str] | None:
    """Ids that a file has, also those at fault; `None` if the file as a whole cannot be used."""
    spoilt = {fault.entry for fault in faults if fault.file == file}
    return None if "" in spoilt else {*found, *spoilt}


def statement_faults(
    registry: "Registry", slugs: Collection[str], articles: Collection[str] | None
) -> Iterator[Fault]:
    """Statements of an article without a claim, claims that their article does not list, and more.

    A statement that is not checked yet has an entry in place of a file, and never both; and no two
    statements of an article have one code.

    Args:
        registry: whatever has no faults of its own.
        slugs: of all claims that have a file, also those at fault.
        articles: ids of all articles; `None` if they cannot be read.
    """
    if articles is None or not slugs:
        return
    project = registry.project
    place = project.relative(project.articles)
    listed: dict[str, str] = {}
    for article in registry.articles.values():
        for slug in article.statements:
            if slug in listed:
                message = f"expected each statement once, found {slug!r} also under {listed[slug]}"
                yield Fault(place, article.id, "statements", message)
            elif slug not in slugs and slug not in (waiting := [e.id for e in article.unchecked]):
                file = project.relative(project.claim(slug))
                hint = nearest(slug, {*slugs, *waiting})
                message = f"expected the file {file} or an entry in unchecked, found neither{hint}"
                yield Fault(place, article.id, "statements", message)
            listed.setdefault(slug, article.id)
        yield from _unchecked_faults(registry, article, slugs)
    for slug, claim in registry.claims.items():
        file, named = project.relative(project.claim(slug)), claim.article
        if named not in articles:
            message = f"unknown article {named!r}{nearest(named, articles)}"
            yield Fault(file, "", "article", message)
        elif slug in listed and listed[slug] != named:
            message = f"expected {listed[slug]!r}, which has this statement, found {named!r}"
            yield Fault(file, "", "article", message)
        elif slug not in listed and named in registry.articles:
            message = f"expected {slug!r} among the statements of {named!r} in {place}, found none"
            yield Fault(file, "", "", message)


def _unchecked_faults(
    registry: "Registry", article: "Article", slugs: Collection[str]
) -> Iterator[Fault]:
    """Entries of statements that are checked or not listed, and what two statements share."""
    project = registry.project
    place = project.relative(project.articles)
    listed = set(article.statements)
    unchecked: dict[str, Unchecked] = {}
    for entry in article.unchecked:
        if entry.id in unchecked:
            message = "expected one entry a statement, found two of this id"
            yield Fault(place, article.id, f"unchecked.{entry.id}", message)
        elif entry.id in slugs:
            file = project.relative(project.claim(entry.id))
            message = f"expected no entry, because it has the file {file}; found one"
            yield Fault(place, article.id, f"unchecked.{entry.id}", message)
        elif entry.id not in listed:
            hint = nearest(entry.id, listed)
            message = f"expected {entry.id!r} among the statements as well, found none{hint}"
            yield Fault(place, article.id, f"unchecked.{entry.id}", message)
        unchecked.setdefault(entry.id, entry)
    taken: dict[str, str] = {}
    for slug in dict.fromkeys(article.statements):
        found = registry.claims.get(slug) or unchecked.get(slug)
        if found is None:
            continue
        if (other := taken.setdefault(found.code, slug)) != slug:
            file, where = place, f"unchecked.{slug}.code"
            if slug in registry.claims:
                file, where = project.relative(project.claim(slug)), "code"
            message = f"expected a code of its own, found {found.code!r}, which {other} has"
            yield Fault(file, article.id if file == place else "", where, message)


def name_faults(registry: "Registry") -> Iterator[Fault]:
    """Inputs that have the short name of another one."""
    for language in ("en", "vi"):
        taken: dict[str, str] = {}
        for key, entry in registry.inputs.items():
            name: str = getattr(entry.short, language)
            if name in taken:
                message = f"expected a name of its own, found {name!r}, which {taken[name]} has"
                yield Fault(registry.files[key], key, f"short.{language}", message)
            taken.setdefault(name, key)


def date_faults(registry: "Registry") -> Iterator[Fault]:
    """Inputs and witnesses said to have been known then, and of a time after all the articles."""
    published = [_last_day(article.published) for article in registry.articles.values()]
    if not published or None in published:
        return
    latest = max(filter(None, published))
    for key, entry in registry.inputs.items():
        if entry.known == "then" and first_day(entry.as_of) > latest:
            message = f"expected 'later', because {entry.as_of} is after the articles, found 'then'"
            yield Fault(registry.files[key], key, "known", message)
    for slug, claim in registry.claims.items():
        file = registry.project.relative(registry.project.claim(slug))
        for part in claim.parts:
            for number, witness in enumerate(part.witnesses, 1):
                day = witness.date
                if day and witness.known == "then" and first_day(day) > latest:
                    message = f"expected 'later', because {day} is after the articles, found 'then'"
                    where = f"parts.{part.id}.witnesses.{number}.known"
                    yield Fault(file, "", where, message)


def _last_day(published: str) -> dt.date | None:
    """The last day that is meant: of a date, or of words such as `week of 27 January 2025`."""
    if re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", published):
        first = first_day(published)
        months = {0: 12, 1: 1}.get(published.count("-"), 0)
        month = first.month - 1 + months
        after = dt.date(first.year + month // 12, month % 12 + 1, first.day)
        return after - dt.timedelta(days=1 if months else 0)
    days = []
    for day, month, year in _DAY_IN_WORDS.findall(published):
        with suppress(ValueError):
            days.append(dt.datetime.strptime(f"{day} {month} {year}", "%d %B %Y").date())
    return max(days, default=None)


def source_faults(registry: "Registry", sources: Collection[str] | None) -> list[Fault]:
    """Sources that are cited and not in the bibliography.

    Args:
        registry: whatever has no faults of its own.
        sources: all keys of the bibliography; `None` if it cannot be read.
    """
    if sources is None:
        return []
    wrong = [item for item in _cited(registry) if item[3] not in sources]
    # Looking for the nearest is slow, and one key may be cited a thousand times.
    hints = {key: nearest(key, sources) for key in {item[3] for item in wrong}}
    return [
        Fault(file, entry, where, f"unknown source {key!r}{hints[key]}")
        for file, entry, where, key in wrong
    ]


def _cited(registry: "Registry") -> Iterator[tuple[str, str, str, str]]:
    """Every citation: file, entry, field, and the key that stands there."""
    for key, entry in registry.inputs.items():
        for number, citation in enumerate(entry.citations, 1):
            yield registry.files[key], key, f"citations.{number}.source", citation.source
    for slug, claim in registry.claims.items():
        file = registry.project.relative(registry.project.claim(slug))
        for flag in claim.flags:
            for number, citation in enumerate(flag.citations, 1):
                where = f"flags.{flag.flag}.citations.{number}.source"
                yield file, "", where, citation.source
        for part in claim.parts:
            unseen = {source.id for source in part.unseen}
            for number, witness in enumerate(part.witnesses, 1):
                where = f"parts.{part.id}.witnesses.{number}"
                yield file, "", f"{where}.source", witness.source
                if witness.depends_on and witness.depends_on not in unseen:
                    yield file, "", f"{where}.depends_on", witness.depends_on
    for key, table in registry.tables.items():
        for source in table.sources:
            yield registry.files[key], table.resource, "sources", source
