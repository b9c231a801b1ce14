"""The lines of a new claim in the list of statements and in the contents of the book."""

from collections.abc import Sequence

import yaml

from claimbook.authoring.checklist import PAGES
from claimbook.authoring.new.places import Document, Item, ScaffoldError, first_of, member


def with_statement(document: Document, article: Item, slug: str) -> str:
    """The articles with one more statement, at the end of those of its article.

    Args:
        document: the articles as they are.
        article: its item.
        slug: of the new claim.

    Raises:
        ScaffoldError: its statements do not stand one to a line.
    """
    margin = " " * (article.column + 2)
    listed = member(article.node, "statements")
    if listed is None:
        return document.inserted(article.end, f"{margin}statements:\n{margin}  - {slug}\n")
    if isinstance(listed, yaml.ScalarNode) and not listed.value:
        return document.inserted(listed.start_mark.line + 1, f"{margin}  - {slug}\n")
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        raise ScaffoldError(
            f"{document.name}: {article.fields['id']}, statements: expected a list with one "
            "statement to a line, found another form"
        )
    last = document.items(listed)[-1]
    return document.inserted(last.end, f"{' ' * last.column}- {slug}\n")


def with_page(
    document: Document, page: str, before: Sequence[str], after: Sequence[str], label: str
) -> str:
    """The contents with a page where the order of the claims has it.

    Args:
        document: the contents as they are.
        page: slug of the new page.
        before: pages of the claims before it.
        after: pages of the claims after it.
        label: heading of the part that begins with this page; empty if its part is there.

    Raises:
        ScaffoldError: no page of a claim is there to put it beside.
    """
    chapters: dict[str, Item] = {}
    parts: dict[str, Item] = {}
    for part in document.items(member(document.node, "parts") or document.node):
        for chapter in document.items(member(part.node, "chapters") or part.node):
            known = chapter.fields.get("file", "").removeprefix(PAGES)
            chapters[known], parts[known] = chapter, part
    former = first_of([*reversed(before)], chapters)
    near = former or first_of(after, chapters)
    if near is None:
        raise ScaffoldError(f"{document.name}: expected the page of a claim, found none")
    row = f"{' ' * near.column}- file: {PAGES}{page}\n"
    beside = near
    if label:
        beside = next(parts[known] for known, item in chapters.items() if item is near)
        margin = " " * beside.column
        caption = yaml.safe_dump({"caption": label}, allow_unicode=True, width=float("inf"))
        row = f"{margin}- {caption}{margin}  chapters:\n{row}"
    return document.inserted(beside.end if former else beside.start, row)
