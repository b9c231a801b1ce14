"""A project whose ledger says what its notebooks come to."""

from claimbook.data.registry import load
from claimbook.run import in_process
from claimbook.verdicts import ledger


def settle(project):
    """Write the ledger."""
    registry = load(project)
    results = [in_process.recompute(registry, slug) for slug in registry.claims]
    project.ledger.write_text(ledger.text(results), encoding="utf-8")
