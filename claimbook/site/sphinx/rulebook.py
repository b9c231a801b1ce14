"""Directives and a role that print the verdict rule from the constants the code uses."""

from fractions import Fraction
from typing import Any, ClassVar

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from claimbook import rule
from claimbook.base import formats
from claimbook.notebook import html
from claimbook.site.sphinx import late, records


class Comparators(SphinxDirective):
    """What each comparator accepts."""

    def run(self) -> list[nodes.Node]:
        """Write the table."""
        records.page(self.env, self.env.docname)
        return late.raw(html.render_template("rule_comparators.html", comparators=rule.COMPARATORS))


class Verdicts(SphinxDirective):
    """The verdict words and what they mean."""

    def run(self) -> list[nodes.Node]:
        """Write the table."""
        records.page(self.env, self.env.docname)
        return late.raw(html.render_template("rule_verdicts.html", verdicts=rule.VERDICTS))


class Examples(SphinxDirective):
    """Worked examples: the content is a YAML list, everything else is computed.

    Fields of an item: `words`, `stated`, `comparator`, `recomputed` (a number, or two for a
    range), and optionally `round_to`, `rounded` (the range is only rounding), `percent` and
    `counted` (only whole numbers count).
    """

    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        """Write the table."""
        records.page(self.env, self.env.docname)
        items = yaml.load("\n".join(self.content), Loader=yaml.BaseLoader)
        rows = [_example(item) for item in items]
        return late.raw(html.render_template("rule_examples.html", rows=rows))


class RuleRole(SphinxRole):
    """A constant of the rule in prose."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Put the constant's text."""
        if self.text not in CONSTANTS:
            message = self.inliner.reporter.error(
                f"rule {self.text!r}: expected one of {', '.join(CONSTANTS)}", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        records.page(self.env, self.env.docname)
        return [nodes.inline("", CONSTANTS[self.text], classes=["cb-result"])], []


def connect(app: Sphinx) -> None:
    """Register the directives and the role."""
    app.add_directive("rule-comparators", Comparators)
    app.add_directive("rule-verdicts", Verdicts)
    app.add_directive("rule-examples", Examples)
    app.add_role("rule", RuleRole())


def _percent(share: Fraction) -> str:
    return formats.with_unit(formats.fixed(share * 100, 2), "percent")


CONSTANTS = {
    "version": rule.RULE_VERSION,
    "nearly-right": _percent(rule.NEARLY_RIGHT),
    "about": _percent(rule.ABOUT),
    "nearly": _percent(rule.NEARLY),
    "similar": _percent(rule.SIMILAR),
    "just": _percent(rule.JUST),
    "far-beyond": formats.fixed(rule.FAR_BEYOND, 0),
    "primary-enough": formats.in_words(rule.ENOUGH["primary"]),
    "secondary-enough": formats.in_words(rule.ENOUGH["secondary"]),
    "share-of-rest": formats.with_unit(formats.fixed(rule.SHARE_OF_REST, 2), "percent"),
}


def _example(item: dict[str, Any]) -> dict[str, str]:
    given = item["recomputed"]
    ends = [Fraction(end) for end in (given if isinstance(given, list) else [given])]
    recomputed = (ends[0], ends[-1])
    stated, comparator, round_to = item["stated"], item["comparator"], item.get("round_to")
    missed = rule.off_by(stated, recomputed, item.get("percent") == "yes", comparator)
    whole = item.get("counted") == "yes"
    outcome = rule.assess(
        stated, recomputed, comparator, round_to, item.get("rounded") == "yes", whole=whole
    )
    return {
        "words": item["words"],
        "stated": stated,
        "comparator": comparator,
        "band": formats.band(rule.accepted(stated, comparator, round_to, whole=whole)),
        "recomputed": " to ".join(given) if isinstance(given, list) else given,
        "outcome": outcome,
        "off_by": _percent(missed) if missed and outcome == "not consistent" else "",
    }
