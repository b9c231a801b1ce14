"""Statements in words: what witnesses say, which of them count, and what turns the verdict."""

from collections.abc import Sequence
from typing import Any

from claimbook import rule
from claimbook.base import formats
from claimbook.data.models import Part, Witness
from claimbook.data.registry import Registry
from claimbook.verdicts.result import Translated, WitnessResult

_WHY_NOT: dict[rule.Weight, str] = {
    "counted": "",
    "silent": "says nothing of it",
    "tertiary": "tertiary",
    "retelling": "retells another one here",
    "outranked": "a primary source speaks",
}


def of_part(part: Part, registry: Registry) -> tuple[WitnessResult, ...]:
    """What each witness of a part says, and whether it counts."""
    rows = [witness.for_rule() for witness in part.witnesses]
    weights = rule.weights(rows)
    one_with: dict[int, list[int]] = {}
    counting = [place for place, weight in enumerate(weights) if weight == "counted"]
    for group in rule.independent([rows[place] for place in counting]):
        for place in group:
            one_with[counting[place]] = [counting[other] for other in group if other != place]
    return tuple(
        _witness(
            witness,
            registry,
            {source.id: source.name for source in part.unseen},
            _WHY_NOT[weights[place]],
            [part.witnesses[other].id for other in one_with.get(place, ())],
        )
        for place, witness in enumerate(part.witnesses)
    )


def _witness(
    witness: Witness,
    registry: Registry,
    unseen: dict[str, str],
    why_not: str,
    one_with: Sequence[str],
) -> WitnessResult:
    retells = witness.depends_on
    if retells in unseen:
        retells = f"{unseen[retells]}, not seen"
    elif retells:
        retells = _who(registry, retells)
    sense = witness.sense
    return WitnessResult(
        id=witness.id,
        source=witness.source,
        who=_who(registry, witness.source),
        title=registry.sources[witness.source].title,
        says=witness.says,
        words=Translated(en=witness.words.en, vi=witness.words.vi),
        rank=witness.kind,
        date=witness.date,
        known=witness.known,
        locator=witness.locator,
        quote=witness.quote,
        sense=Translated(en=sense.en, vi=sense.vi) if sense else None,
        retells=retells,
        counted=not why_not,
        why_not=why_not,
        one_with=tuple(one_with),
    )


def _who(registry: Registry, key: str) -> str:
    source = registry.sources[key]
    return source.publisher or source.author or source.title


def sides(found: Sequence[WitnessResult]) -> tuple[int, int]:
    """How many independent witnesses that count support a statement, and how many contradict it."""
    by_side = (
        [row for row in found if row.counted and row.says == side]
        for side in ("supports", "contradicts")
    )
    for_it, against = (
        len({frozenset((row.id, *row.one_with)) for row in side}) for side in by_side
    )
    return for_it, against


class WitnessSensitivity:
    """Without which witness the verdict of a witnessed part would be another.

    A witness is left out with all that is one with it and all that retells it, since these would
    stand in for it.
    """

    def __init__(self, part: Part, claim: str, registry: Registry) -> None:
        self._part, self._claim, self._registry = part, claim, registry

    def payload(self) -> dict[str, Any]:
        """Every witness that counts, with the verdict without it, as JSON."""
        rows = [witness.for_rule() for witness in self._part.witnesses]
        found = of_part(self._part, self._registry)
        listed: list[dict[str, Any]] = []
        groups = {
            tuple(place for place, row in enumerate(found) if row.id in {one.id, *one.one_with})
            for one in found
            if one.counted
        }
        for group in sorted(groups):
            left = _without(rows, group)
            listed.append(
                {
                    "witnesses": [found[place].id for place in group],
                    "who": formats.listed([found[place].who for place in group]),
                    "without": rule.witnessed_verdict(left),
                }
            )
        return {
            "kind": "sensitivity",
            "claim": self._claim,
            "part": self._part.id,
            "readings": [],
            "verdict": rule.witnessed_verdict(rows),
            "witnesses": listed,
        }


def _without(rows: Sequence[rule.Witness], group: Sequence[int]) -> list[rule.Witness]:
    gone = {rows[place] for place in group}
    while True:
        names = {row.source for row in gone}
        more = {row for row in rows if row not in gone and row.depends_on in names}
        if not more:
            return [row for row in rows if row not in gone]
        gone |= more
