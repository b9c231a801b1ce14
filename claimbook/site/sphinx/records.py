"""What the pages of the site hold: collected while they are read, kept in the environment."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

ALL = "*"  # no claim has such an id


@dataclass
class Page:
    """What one document holds of ours.

    Attributes:
        claim: the payload of its claim.
        verdict: the payload of its claim's verdict.
        inputs: the payload of its cited numbers.
        sensitivities: the payloads of its break-evens, by part.
        sources: the payload of its sources.
        charts: how many charts it has.
        board: it has the table of all claims.
        article: id of the article whose statements it lists.
        shows: claims whose results stand in its text, wherever they were computed; or `ALL`.
        digest: of what the outputs of a notebook depend on, when it was read.
    """

    claim: Mapping[str, Any] | None = None
    verdict: Mapping[str, Any] | None = None
    inputs: Mapping[str, Any] | None = None
    sensitivities: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, Any] | None = None
    charts: int = 0
    board: bool = False
    article: str = ""
    shows: set[str] = field(default_factory=set)
    digest: str = ""


@dataclass(frozen=True)
class Entry:
    """A claim's verdict and where it stands."""

    docname: str
    verdict: Mapping[str, Any]
    claim: Mapping[str, Any]

    @property
    def slug(self) -> str:
        """Slug of the claim."""
        return str(self.result["claim"])

    @property
    def label(self) -> str:
        """What the claim is about, in a few words that state nothing."""
        return str(self.result["parts"][0]["label"]["en"])

    @property
    def result(self) -> Mapping[str, Any]:
        """The result object."""
        result: Mapping[str, Any] = self.verdict["result"]
        return result


def pages(env: BuildEnvironment) -> dict[str, Page]:
    """Everything collected so far, by document."""
    if not hasattr(env, "claimbook_pages"):
        env.claimbook_pages = {}  # type: ignore[attr-defined]
    found: dict[str, Page] = env.claimbook_pages  # type: ignore[attr-defined]
    return found


def page(env: BuildEnvironment, docname: str) -> Page:
    """The record of a document being read, made when first asked for."""
    return pages(env).setdefault(docname, Page())


def look(env: BuildEnvironment, docname: str) -> Page:
    """The record of a document that was read; an empty one if it holds nothing of ours."""
    return pages(env).get(docname, Page())


def take(env: BuildEnvironment, docname: str, payload: Mapping[str, Any]) -> None:
    """Remember what other pages may show of an output."""
    match payload["kind"]:
        case "claim":
            page(env, docname).claim = payload["claim"]
        case "sensitivity":
            page(env, docname).sensitivities[payload["part"]] = payload
        case "verdict" | "inputs" | "sources" as kind:
            setattr(page(env, docname), kind, payload)


def entries(env: BuildEnvironment) -> Iterator[Entry]:
    """All verdicts of the site, by document."""
    for docname, record in sorted(pages(env).items()):
        if record.verdict:
            yield Entry(docname, record.verdict, record.claim or {})


def entry(env: BuildEnvironment, slug: str) -> Entry | None:
    """The verdict of one claim, wherever it stands."""
    return next((found for found in entries(env) if found.slug == slug), None)


def connect(app: Sphinx) -> None:
    """Keep the records right when pages are read again, removed or read in parallel."""
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-check-consistency", _check)
    app.connect("env-updated", _dependents)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    pages(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    pages(env).update({name: found for name, found in pages(other).items() if name in docnames})


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    seen: dict[str, str] = {}
    for found in entries(env):
        if found.slug in seen:
            logger.warning(
                "claim %r has its verdict on two pages: %s and %s",
                found.slug,
                seen[found.slug],
                found.docname,
                location=found.docname,
            )
        seen[found.slug] = found.docname


def _dependents(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages to write again though they were not read: what they show of others has changed."""
    before: dict[str, str] = getattr(env, "claimbook_shown", {})
    # The whole of each claim, its address included, whatever of it a page shows.
    claims = {
        found.slug: _hashed([found.docname, found.verdict, found.claim]) for found in entries(env)
    }
    # What the menu, and the links to the pages before and after, are made from.
    titles = {name: title.astext() for name, title in env.titles.items()}
    # Style sheets and scripts too: their addresses change with them, and every page has these.
    labels = {found.slug: found.label for found in entries(env)}
    menu = _hashed([titles, labels, env.toctree_includes, _static(app)])
    now = {name: _hashed([menu, _shown(env, name, claims)]) for name in env.found_docs}
    env.claimbook_shown = now  # type: ignore[attr-defined]
    return sorted(name for name in now if before.get(name) != now[name])


def _static(app: Sphinx) -> list[tuple[str, str]]:
    """Every file that is copied beside the pages, with a digest of its content."""
    folders = (Path(app.confdir, folder) for folder in app.config.html_static_path)
    return [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _shown(env: BuildEnvironment, docname: str, claims: Mapping[str, str]) -> Any:
    shows = look(env, docname).shows
    return claims if ALL in shows else {slug: claims.get(slug) for slug in sorted(shows)}


def _hashed(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
