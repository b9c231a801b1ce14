"""Sphinx extension that turns the notebooks' outputs into the site."""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from claimbook.site.sphinx import (
    articles,
    bibliography,
    claim_page,
    downloads,
    findings,
    folding,
    formulas,
    freshness,
    head,
    moves,
    outputs,
    overview,
    pictures,
    records,
    roles,
    rulebook,
    runtime,
    scoreboard,
    search,
)

_CONCERNS = (
    records,
    outputs,
    pictures,
    claim_page,
    overview,
    scoreboard,
    search,
    downloads,
    findings,
    roles,
    articles,
    rulebook,
    bibliography,
    folding,
    formulas,
    freshness,
    head,
    moves,
    runtime,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every concern; each is one module of this package."""
    app.add_config_value("claimbook_root", ".", "env", str)
    app.add_config_value("claimbook_sources", "book/sources", "env", str)
    app.add_config_value("claimbook_method", "book/methodology", "env", str)
    app.add_config_value("claimbook_repository", "", "html", str)
    # By ourselves, before: then it is known what each notebook asks for.
    app.add_config_value("claimbook_executed", False, "", bool)
    app.add_config_value("claimbook_description", "", "html", str)
    for concern in _CONCERNS:
        concern.connect(app)
    return {
        "version": "1",
        "env_version": 5,  # of what is kept between builds: `records`
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
