"""All statements of the articles in the order of their texts, each with what it came to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sphinx.application import Sphinx

from claimbook.data.models import Article, ClaimEntry, Unchecked
from claimbook.site import answer
from claimbook.site.sphinx import freshness, records


@dataclass(frozen=True)
class Statement:
    """A statement of an article.

    Attributes:
        number: place within its article, from 1.
        code: number by which the article's page names it, which is not its place.
        quote: its words.
        english: their translation.
        entry: the verdict and where it stands; None if nobody has checked it yet.
    """

    slug: str
    number: int
    code: str
    quote: str
    english: str
    entry: records.Entry | None


@dataclass(frozen=True)
class Story:
    """An article with its statements.

    Attributes:
        docname: its page; empty if it has none.
    """

    article: Article
    docname: str
    statements: tuple[Statement, ...]

    @property
    def verdicts(self) -> list[str]:
        """Verdicts of those that are checked."""
        return [found.entry.result["verdict"] for found in self.statements if found.entry]

    @property
    def waiting(self) -> int:
        """How many are not."""
        return len(self.statements) - len(self.verdicts)


def stories(app: Sphinx) -> list[Story]:
    """The articles in their order; on a site without data, what its notebooks say."""
    entries = {entry.slug: entry for entry in records.entries(app.env)}
    pages = {found.article: name for name, found in records.pages(app.env).items() if found.article}
    loaded = freshness.registry(app)
    if loaded is None:
        return _told(entries.values())
    found = []
    for article in loaded.articles.values():
        words: dict[str, Unchecked | ClaimEntry] = {
            **{entry.id: entry for entry in article.unchecked},
            **loaded.claims,
        }
        statements = tuple(
            Statement(
                slug,
                number,
                words[slug].code,
                words[slug].quote,
                words[slug].english,
                entries.get(slug),
            )
            for number, slug in enumerate(article.statements, 1)
        )
        found.append(Story(article, pages.get(article.id, ""), statements))
    return found


def _told(entries: Iterable[records.Entry]) -> list[Story]:
    """Stories from the payloads of claims alone, which stand in the order of their pages."""
    told: dict[str, list[records.Entry]] = {}
    for entry in entries:
        told.setdefault(entry.claim.get("article", {}).get("id", ""), []).append(entry)
    found = []
    for _, entries_of in sorted(told.items()):
        known = entries_of[0].claim.get("article", {})
        article = Article.model_construct(
            **{"id": "", "label": "", "language": "en", "about": ""} | known
        )
        statements = (
            Statement(
                entry.slug,
                number,
                entry.claim.get("code", ""),
                entry.claim.get("quote", ""),
                entry.claim.get("english", ""),
                entry,
            )
            for number, entry in enumerate(entries_of, 1)
        )
        found.append(Story(article, "", tuple(statements)))
    return found


def row(app: Sphinx, docname: str, story: Story, statement: Statement) -> dict[str, Any]:
    """What the pages show of a statement, with addresses as seen from one of them."""
    entry = statement.entry
    shown: dict[str, Any] = {
        "slug": statement.slug,
        "number": statement.number,
        "code": statement.code,
        "quote": statement.quote,
        "english": statement.english,
        "language": story.article.language,
        "article": story.article.id,
        "label": story.article.label,
        "verdict": "",
    }
    if entry is None:
        return shown | {"href": _line(app, docname, story, statement)}
    return shown | checked(app, docname, entry)


def _line(app: Sphinx, docname: str, story: Story, statement: Statement) -> str:
    """Address of the line that the article's page has on a statement; empty without such a page."""
    if not story.docname:
        return ""
    return f"{app.builder.get_relative_uri(docname, story.docname)}#{statement.slug}"


def checked(app: Sphinx, docname: str, entry: records.Entry) -> dict[str, Any]:
    """What the pages show of a claim with a verdict."""
    return {
        "href": app.builder.get_relative_uri(docname, entry.docname),
        "verdict": entry.result["verdict"],
        "flags": list(dict.fromkeys(flag["flag"] for flag in entry.verdict["flags"])),
        "headline": entry.verdict["headline"],
        "title": entry.verdict["title"],
        "finding": entry.verdict["finding"],
        **_move(entry.result),
    }


def _move(result: Mapping[str, Any]) -> dict[str, Any]:
    """What was stated and what came out, of the part that decides."""
    part = answer.deciding(result)
    more = len(result["parts"]) - 1
    return {
        # "yes" alone says nothing.
        "part": part["label"]["en"]
        if (more and answer.computed(part)) or part["kind"] == "yes-no"
        else "",
        "stated": part["stated_text"],
        "recomputed": part["recomputed_text"],
        "more": more,
    }
