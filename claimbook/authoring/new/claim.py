"""All files of a new claim, or a message on what is in the way."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import get_args

from claimbook.authoring.new.contents import with_page
from claimbook.authoring.new.entry import claim_text, input_text
from claimbook.authoring.new.notebook import notebook_text
from claimbook.authoring.new.places import Document, Item, ScaffoldError, compose, read
from claimbook.base.faults import nearest
from claimbook.base.paths import Project
from claimbook.data import csv_tables, schemas
from claimbook.data.models import Kind, identifier, slug

KINDS: tuple[str, ...] = get_args(Kind)


def make(project: Project, claim: str, article: str, kind: str) -> dict[Path, str]:
    """The files of a new claim with their whole texts, new ones and changed ones.

    Args:
        project: where the claim will lie.
        claim: slug of the claim.
        article: id of its article.
        kind: one of `KINDS`.

    Raises:
        ScaffoldError: the slug has another form, the article is unknown, or something of this name
            exists.
    """
    try:
        slug(claim)
    except ValueError as error:
        raise ScaffoldError(f"the slug of a claim: {error}, found {claim!r}") from None
    statements = compose(project, project.data / "claims.yml")
    articles = compose(project, project.data / "articles.yml")
    labels = {
        item.fields.get("id", ""): item.fields.get("label", "")
        for item in articles.items(articles.node)
    }
    if article not in labels:
        raise ScaffoldError(f"no article {article!r} in {articles.name}{nearest(article, labels)}")
    claims = statements.items(statements.node)
    if not claims:
        raise ScaffoldError(f"{statements.name}: expected a list of entries, found none")
    inputs, notebook = project.data / "inputs" / f"{claim}.yml", project.notebook(claim)
    name = _input_name(claim)
    _refuse_existing(project, claim, name, statements.name, claims, (inputs, notebook))
    place = _place(list(labels), article, claims)
    pages = [_page(item) for item in claims]
    begun = any(item.fields.get("article") == article for item in claims)
    return {
        project.data / "claims.yml": _with_entry(
            statements, claims, place, claim_text(claim, article, kind)
        ),
        inputs: f"{schemas.reference(project, inputs)}\n\n{input_text(name)}",
        notebook: notebook_text(claim, name, kind),
        project.contents: with_page(
            compose(project, project.contents),
            claim,
            pages[:place],
            pages[place:],
            "" if begun else labels[article],
        ),
    }


def _place(order: Sequence[str], article: str, claims: Sequence[Item]) -> int:
    """How many claims come before a new one: those of its article and of the articles before."""
    former = order[: order.index(article) + 1]
    before = [
        number for number, item in enumerate(claims, 1) if item.fields.get("article") in former
    ]
    return max(before, default=0)


def _with_entry(document: Document, claims: Sequence[Item], place: int, entry: str) -> str:
    if place:
        return document.inserted(claims[place - 1].end, f"\n{entry}")
    return document.inserted(claims[0].start, f"{entry}\n")


def _page(item: Item) -> str:
    return item.fields.get("page") or item.fields.get("id", "")


def _input_name(claim: str) -> str:
    """The id of the first input: the slug as Python can have it."""
    name = claim.replace("-", "_")
    try:
        return identifier(name)
    except ValueError:
        return identifier(f"input_{name}")


def _refuse_existing(
    project: Project,
    claim: str,
    name: str,
    place: str,
    claims: Sequence[Item],
    files: Sequence[Path],
) -> None:
    for item in claims:
        for field in ("id", "page"):
            if item.fields.get(field) == claim:
                raise ScaffoldError(f"{place}: expected a new claim, found {field} {claim!r}")
    for path in files:
        if path.exists():
            raise ScaffoldError(f"{project.relative(path)}: expected no such file, found one")
    for path in sorted((project.data / "inputs").glob("*.yml")):
        document = compose(project, path)
        if name in (item.fields.get("id") for item in document.items(document.node)):
            raise ScaffoldError(f"{document.name}: expected a new input, found id {name!r}")
    package = project.data / "tables" / csv_tables.PACKAGE
    if name in _tables(read(project, package)):
        raise ScaffoldError(f"{project.relative(package)}: a table is called {name!r} already")


def _tables(package: str) -> Collection[str]:
    """Ids of the tables, as far as their description can be read."""
    try:
        return {
            str(resource["name"]).replace("-", "_") for resource in json.loads(package)["resources"]
        }
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
