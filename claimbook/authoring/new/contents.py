"""The lines of a new claim in the list of statements and in the contents of the book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from claimbook.authoring.checklist import PAGES
from claimbook.authoring.new.places import (
    Document,
    Item,
    ScaffoldError,
    first_of,
    member,
    named,
    recomposed,
)

ARTICLE_PAGES = "book/article-"


@dataclass(frozen=True)
class Order:
    """What stands around a new claim, as slugs in the order of the articles and their texts.

    Attributes:
        before: statements of its article before it.
        after: statements of its article after it.
        earlier: statements of the articles before its own.
        later: statements of the articles after it.
    """

    before: Sequence[str]
    after: Sequence[str]
    earlier: Sequence[str]
    later: Sequence[str]


def with_statement(document: Document, article: str, slug: str) -> str:
    """The articles with a statement that is being checked.

    One that was listed and unchecked stays where it is, and loses its entry among these; another
    one is added at the end of those of its article.

    Args:
        document: the articles as they are.
        article: id of the article.
        slug: of the new claim.

    Raises:
        ScaffoldError: its statements do not stand one to a line.
    """
    waiting = member(named(document, article).node, "unchecked")
    for entry in document.items(waiting)[::-1] if waiting is not None else ():
        if entry.fields.get("id") == slug:
            if getattr(waiting, "flow_style", False):
                raise ScaffoldError(_one_to_a_line(document, article, "unchecked", "entry"))
            document = recomposed(document, document.without(entry.start, entry.end))
    found = named(document, article)
    margin = " " * (found.column + 2)
    listed = member(found.node, "statements")
    if listed is None:
        return document.inserted(found.end, f"{margin}statements:\n{margin}  - {slug}\n")
    if isinstance(listed, yaml.ScalarNode) and not listed.value:
        return document.inserted(listed.start_mark.line + 1, f"{margin}  - {slug}\n")
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        raise ScaffoldError(_one_to_a_line(document, article, "statements", "statement"))
    if any(getattr(item, "value", None) == slug for item in listed.value):
        return document.text
    last = document.items(listed)[-1]
    return document.inserted(last.end, f"{' ' * last.column}- {slug}\n")


def with_page(document: Document, page: str, article: str, label: str, order: Order) -> str:
    """The contents with a page where the order of the statements has it.

    It stands beside the other pages of its article; the first of them stands under the page of the
    article, or in a part of its own where the article has none.

    Args:
        document: the contents as they are.
        page: slug of the new page.
        article: id of its article.
        label: name of its article.
        order: of the statements.

    Raises:
        ScaffoldError: nothing is there to put it beside.
    """
    chapters: dict[str, Item] = {}
    parts: dict[str, Item] = {}
    for part in document.items(member(document.node, "parts") or document.node):
        for chapter in _chapters(document, part.node):
            known = chapter.fields.get("file", "").removeprefix(PAGES)
            chapters[known], parts[known] = chapter, part
    row = f"- file: {PAGES}{page}\n"
    if former := first_of([*reversed(order.before)], chapters):
        return document.inserted(former.end, " " * former.column + row)
    if latter := first_of(order.after, chapters):
        return document.inserted(latter.start, " " * latter.column + row)
    if above := chapters.get(ARTICLE_PAGES + article):
        margin = " " * (above.column + 2)
        listed = member(above.node, "sections")
        if listed is None:
            return document.inserted(above.end, f"{margin}sections:\n{margin}  {row}")
        return document.inserted(listed.start_mark.line + 1, f"{margin}  {row}")
    former = first_of([*reversed(order.earlier)], chapters)
    near = former or first_of(order.later, chapters)
    if near is None:
        raise ScaffoldError(f"{document.name}: expected the page of a claim, found none")
    beside = next(parts[known] for known, item in chapters.items() if item is near)
    margin = " " * beside.column
    caption = yaml.safe_dump({"caption": label}, allow_unicode=True, width=float("inf"))
    row = f"{margin}- {caption}{margin}  chapters:\n{margin}    {row}"
    return document.inserted(beside.end if former else beside.start, row)


def _one_to_a_line(document: Document, article: str, field: str, what: str) -> str:
    return (
        f"{document.name}: {article}, {field}: expected a list with one {what} to a line, "
        "found another form"
    )


def _chapters(document: Document, node: yaml.Node) -> Iterator[Item]:
    """Every page of a part, also those under others."""
    below = [member(node, "chapters"), member(node, "sections")]
    for listed in [node, *filter(None, below)]:
        for item in document.items(listed):
            yield item
            yield from _chapters(document, item.node)
