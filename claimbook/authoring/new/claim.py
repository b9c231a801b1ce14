"""All files of a new claim, or a message on what is in the way."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import yaml

from claimbook.authoring.new.contents import Order, with_page, with_statement
from claimbook.authoring.new.entry import claim_text, input_text
from claimbook.authoring.new.notebook import notebook_text
from claimbook.authoring.new.places import Item, ScaffoldError, compose, member, read
from claimbook.base.faults import nearest
from claimbook.base.paths import Project
from claimbook.data import csv_tables, schemas
from claimbook.data.models import Kind, identifier, slug

KINDS: tuple[str, ...] = get_args(Kind)


def make(project: Project, claim: str, article: str | None, kind: str) -> dict[Path, str]:
    """The files of a new claim with their whole texts, new ones and changed ones.

    A statement that was listed and unchecked stays where it is in the order of the text, and the
    claim begins with its words.

    Args:
        project: where the claim will lie.
        claim: slug of the claim.
        article: id of its article; that which has the statement, or the first, if not given.
        kind: one of `KINDS`.

    Raises:
        ScaffoldError: the slug has another form, the article is unknown, or something of this name
            exists.
    """
    try:
        slug(claim)
    except ValueError as error:
        raise ScaffoldError(f"the slug of a claim: {error}, found {claim!r}") from None
    articles = compose(project, project.articles)
    found = {item.fields.get("id", ""): item for item in articles.items(articles.node)}
    waiting = {
        entry.fields["id"]: (name, entry.fields)
        for name, item in found.items()
        for entry in articles.items(member(item.node, "unchecked") or item.node)
        if "id" in entry.fields
    }
    home, said = waiting.get(claim, ("", {}))
    article = article or home or next(iter(found), "")
    if article not in found:
        raise ScaffoldError(f"no article {article!r} in {articles.name}{nearest(article, found)}")
    if home not in ("", article):
        raise ScaffoldError(f"{articles.name}: {home} has the statement {claim!r}, not {article}")
    statements = {name: _statements(item) for name, item in found.items()}
    name = _input_name(project, claim)
    files = {
        project.claim(claim): claim_text(article, kind, said),
        project.data / "inputs" / f"{claim}.yml": input_text(name),
    }
    if kind == "witnessed":  # whose evidence stands in the claim
        del files[project.data / "inputs" / f"{claim}.yml"]
    notebook = project.notebook(claim)
    if not home:
        _refuse_listed(claim, statements, articles.name)
    _refuse_existing(project, (*files, notebook))
    listed = with_statement(articles, article, claim)
    contents = with_page(
        compose(project, project.contents),
        claim,
        article,
        found[article].fields.get("label", ""),
        _order(claim, article, statements),
    )
    return {
        **{path: f"{schemas.reference(project, path)}\n\n{text}" for path, text in files.items()},
        notebook: notebook_text(claim, name, kind),
        project.articles: listed,
        project.contents: contents,
    }


def _order(claim: str, article: str, statements: Mapping[str, Sequence[str]]) -> Order:
    """What stands around a claim; a new one stands behind the others of its article."""
    own, names = statements[article], list(statements)
    place = own.index(claim) if claim in own else len(own)
    number = names.index(article)
    earlier, later = (
        [other for name in part for other in statements[name]]
        for part in (names[:number], names[number + 1 :])
    )
    return Order(own[:place], own[place + 1 :], earlier, later)


def _statements(article: Item) -> list[str]:
    """Slugs that an article lists, as far as they can be read."""
    listed = member(article.node, "statements")
    found = listed.value if isinstance(listed, yaml.SequenceNode) else ()
    return [item.value for item in found if isinstance(item, yaml.ScalarNode)]


def _input_name(project: Project, claim: str) -> str:
    """The id of the first input: the slug as Python can have it, unless something has that id."""
    name = claim.replace("-", "_")
    try:
        free = identifier(name) not in _taken(project)
    except ValueError:
        free = False
    return name if free else f"input_{name}"


def _refuse_listed(claim: str, statements: Mapping[str, Sequence[str]], place: str) -> None:
    for article, slugs in statements.items():
        if claim in slugs:
            raise ScaffoldError(f"{place}: {article}: expected a new claim, found {claim!r} listed")


def _refuse_existing(project: Project, files: Iterable[Path]) -> None:
    for path in files:
        if path.exists():
            raise ScaffoldError(f"{project.relative(path)}: expected no such file, found one")


def _taken(project: Project) -> set[str]:
    """Ids of all inputs and tables."""
    documents = (compose(project, path) for path in (project.data / "inputs").glob("*.yml"))
    inputs = {
        str(item.fields.get("id"))
        for document in documents
        for item in document.items(document.node)
    }
    return inputs | set(_tables(read(project, project.data / "tables" / csv_tables.PACKAGE)))


def _tables(package: str) -> Collection[str]:
    """Ids of the tables, as far as their description can be read."""
    try:
        return {
            str(resource["name"]).replace("-", "_") for resource in json.loads(package)["resources"]
        }
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
