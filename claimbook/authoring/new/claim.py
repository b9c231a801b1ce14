"""All files of a new claim, or a message on what is in the way."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import yaml

from claimbook.authoring.new.contents import with_page, with_statement
from claimbook.authoring.new.entry import claim_text, input_text
from claimbook.authoring.new.notebook import notebook_text
from claimbook.authoring.new.places import Item, ScaffoldError, compose, member, read
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
    articles = compose(project, project.articles)
    found = {item.fields.get("id", ""): item for item in articles.items(articles.node)}
    if article not in found:
        raise ScaffoldError(f"no article {article!r} in {articles.name}{nearest(article, found)}")
    statements = {name: _statements(item) for name, item in found.items()}
    name = _input_name(claim)
    files = {
        project.claim(claim): claim_text(article, kind),
        project.data / "inputs" / f"{claim}.yml": input_text(name),
    }
    notebook = project.notebook(claim)
    _refuse_listed(claim, statements, articles.name)
    _refuse_existing(project, name, (*files, notebook))
    return {
        **{path: f"{schemas.reference(project, path)}\n\n{text}" for path, text in files.items()},
        notebook: notebook_text(claim, name, kind),
        project.articles: with_statement(articles, found[article], claim),
        project.contents: _contents(project, claim, article, found, statements),
    }


def _contents(
    project: Project,
    claim: str,
    article: str,
    articles: Mapping[str, Item],
    statements: Mapping[str, Sequence[str]],
) -> str:
    """The contents of the book with the page of the claim behind those of its article."""
    names = list(articles)
    place = names.index(article) + 1
    before, after = (
        [slug for name in part for slug in statements[name]]
        for part in (names[:place], names[place:])
    )
    label = "" if statements[article] else articles[article].fields.get("label", "")
    return with_page(compose(project, project.contents), claim, before, after, label)


def _statements(article: Item) -> list[str]:
    """Slugs that an article lists, as far as they can be read."""
    listed = member(article.node, "statements")
    found = listed.value if isinstance(listed, yaml.SequenceNode) else ()
    return [item.value for item in found if isinstance(item, yaml.ScalarNode)]


def _input_name(claim: str) -> str:
    """The id of the first input: the slug as Python can have it."""
    name = claim.replace("-", "_")
    try:
        return identifier(name)
    except ValueError:
        return identifier(f"input_{name}")


def _refuse_listed(claim: str, statements: Mapping[str, Sequence[str]], place: str) -> None:
    for article, slugs in statements.items():
        if claim in slugs:
            raise ScaffoldError(f"{place}: {article}: expected a new claim, found {claim!r} listed")


def _refuse_existing(project: Project, name: str, files: Iterable[Path]) -> None:
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
