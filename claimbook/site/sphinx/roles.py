"""Role `result`: a number of a result in prose, on any page."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from claimbook.site.sphinx import late, records

logger = logging.getLogger(__name__)


class Reference(late.Late, nodes.Inline):  # type: ignore[misc]
    """The place of a number."""


class ResultRole(SphinxRole):
    """`slug.name`, or `name` alone on the page of the claim."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave a place for the text."""
        target = self.text.strip()
        # Without a claim, or with an unknown one, the text is of this page, which is read anew.
        records.page(self.env, self.env.docname).shows.add(target.partition(".")[0])
        node = Reference(target=target)
        self.set_source_info(node)
        return [node], []


def connect(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("result", ResultRole())
    app.connect("doctree-resolved", late.resolver(Reference, _render))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    try:
        text = _text(app, node["target"], docname)
    except LookupError as error:
        logger.warning("result %r: %s", node["target"], error.args[0], location=node)
        text = node["target"]
    return [nodes.inline("", text, classes=["cb-result"])]


def _text(app: Sphinx, target: str, docname: str) -> str:
    """The text behind a reference.

    Raises:
        LookupError: no such claim, or it has nothing of that name.
    """
    language = app.env.metadata[docname].get("lang", "en")
    slug, _, name = target.partition(".")
    found = records.entry(app.env, slug)
    own = records.look(app.env, docname).verdict
    if found is None and own:
        found, name = records.Entry(docname, own, {}), target
    if found is None:
        raise LookupError(
            f"expected slug.name with the slug of a claim that has a result, found {slug!r}"
        )
    references: dict[str, str] = found.result["references"][language]
    if name not in references:
        raise LookupError(f"{found.slug} has {', '.join(sorted(references))}")
    return references[name]
