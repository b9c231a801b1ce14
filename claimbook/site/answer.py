"""What the page of a claim says before its working, from the payloads of its notebook alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from claimbook.base import formats

Payload = Mapping[str, Any]

MAX_WHY_WORDS = 20
# How many break-evens and how many misses a bullet names.
MOST_FLIPS, MOST_NAMED = 2, 3
# How many witnesses the first screen has room for.
MOST_WITNESSES = 4

# Which verdict of a part a reader must know first.
_WORST_FIRST = (
    "does not hold",
    "depends on the reading",
    "nearly right",
    "unsettled",
    "not checkable",
    "holds",
)
_KINDS = ("primary", "secondary", "tertiary")
_REASONS = {
    "opinion": "An opinion: people can share it or not, and no evidence makes it right or wrong.",
    "prediction": "A prediction: what it speaks of had not happened when it was made.",
    "words without a number": "Words without a number: no number could contradict them.",
}


def why(result: Payload) -> str:
    """The reason of a verdict in one sentence of at most 20 words."""
    parts = result["parts"]
    if len(parts) > 1:
        return _shortest(_why_of_parts(parts))
    if parts[0].get("kind") == "witnessed":
        return _shortest(_why_of_witnesses(parts[0]))
    if parts[0].get("reason"):
        return _REASONS[parts[0]["reason"]]
    return _shortest(_why_of_readings(parts[0]))


def deciding(result: Payload) -> Payload:
    """The part that decides: the first with the claim's verdict, else the worst."""
    parts: Sequence[Payload] = result["parts"]
    alike = [part for part in parts if part["verdict"] == result["verdict"]]
    return alike[0] if alike else min(parts, key=lambda part: _WORST_FIRST.index(part["verdict"]))


def computed(part: Payload) -> bool:
    """Whether readings decide a part."""
    return part.get("kind") not in ("witnessed", "not-checkable")


def witnesses(part: Payload) -> Sequence[Payload]:
    """What sources say of a part, if it is witnessed."""
    found: Sequence[Payload] = part.get("witnesses", ())
    return found


def first_witnesses(part: Payload) -> list[Payload]:
    """Those of the first screen: all if they are few, else those that count; these come first.

    `with` is one above it that is one witness with it.
    """
    told = sorted(witnesses(part), key=lambda row: not row["counted"])
    if len(told) > MOST_WITNESSES:
        told = [row for row in told if row["counted"]][:MOST_WITNESSES] or told[:MOST_WITNESSES]
    return [
        row
        | {"with": next((one["who"] for one in told[:place] if one["id"] in row["one_with"]), "")}
        for place, row in enumerate(map(dict, told))
    ]


def said(result: Payload) -> list[tuple[str, str]]:
    """Who supports a statement, who contradicts it, and who says nothing or does not count."""
    rows = [row for part in result["parts"] for row in witnesses(part)]
    groups = (
        ("Who supports it", [r for r in rows if r["counted"] and r["says"] == "supports"]),
        ("Who contradicts it", [r for r in rows if r["counted"] and r["says"] == "contradicts"]),
        ("Not counted", [r for r in rows if not r["counted"]]),
    )
    return [(words, _few(_names(group))) for words, group in groups if group]


def _names(rows: Iterable[Payload]) -> list[str]:
    named = (row["who"] if row["counted"] else f"{row['who']} ({row['why_not']})" for row in rows)
    return list(dict.fromkeys(named))


def turning(sensitivities: Iterable[Payload]) -> list[str]:
    """Without which witness a verdict would be another: "without A: unsettled"."""
    found = [
        f"without {row['who']}: {row['without']}"
        for sensitivity in sensitivities
        for row in sensitivity.get("witnesses", ())
        if row["without"] != sensitivity["verdict"]
    ]
    return found[:MOST_NAMED]


def reasons(result: Payload) -> list[str]:
    """Why parts are not checkable, with their labels where there are several."""
    return [
        f"{part['label']['en']}: {part['recomputed_text']}"
        if len(result["parts"]) > 1
        else str(part["recomputed_text"])
        for part in result["parts"]
        if part.get("reason")
    ]


def counted(part: Payload) -> list[Payload]:
    """Readings and proxies of a part, in order."""
    return [reading for reading in part["readings"] if reading["role"] != "context"]


def context(part: Payload) -> list[Payload]:
    """What is shown beside them for comparison."""
    return [reading for reading in part["readings"] if reading["role"] == "context"]


def by_outcome(result: Payload, outcome: str) -> list[Payload]:
    """All readings of a claim that came to one outcome; proxies stay out."""
    return [
        reading
        for part in result["parts"]
        for reading in counted(part)
        if reading["outcome"] == outcome and reading["role"] == "reading"
    ]


def flips(sensitivities: Iterable[Payload], names: Mapping[str, str]) -> list[str]:
    """What would change an outcome, nearest first: "R1, output below 2.13 USD (−2.7 %)".

    Args:
        sensitivities: payloads of the kind "sensitivity".
        names: short names of inputs by id.
    """
    found = sorted(
        (row["nearest"], names.get(row["input"], row["quantity"]), row)
        for sensitivity in sensitivities
        for reading in sensitivity["readings"]
        for row in reading["rows"]
        if row["nearest"] is not None
    )
    return [_flip(name, row) for _, name, row in found[:MOST_FLIPS]]


def support(inputs: Payload, sources: Sequence[Payload], result: Payload) -> dict[str, Any]:
    """How well the numbers of a page are supported, counted.

    Returns:
        witnesses: rows, `by_rank` in words, of which so many are `counting`, as so many
        `independent` ones; numbers, tables, sources: how many; primary: numbers with a primary
        source; second: with a second source beside it; later: not known when the article was
        written; decide: those that a reading or check uses, of which `weakest` rest on the weakest
        kind of source at best.
    """
    cited = inputs["inputs"]
    deciding_ids = {
        name
        for part in result["parts"]
        for reading in [*counted(part), *part["checks"]]
        for name in reading["inputs"]
    }
    best = {item["id"]: _best_kind(item["citations"]) for item in cited}
    decide = [item for item in cited if item["id"] in deciding_ids]
    worst = max((_rank(best[item["id"]]) for item in decide), default=0)
    weakest = [item["short"]["en"] for item in decide if _rank(best[item["id"]]) == worst]
    told = [row for part in result["parts"] for row in witnesses(part)]
    ranks = [(kind, sum(row["rank"] == kind for row in told)) for kind in _KINDS]
    return {
        "witnesses": len(told),
        "by_rank": ", ".join(f"{number} {kind}" for kind, number in ranks if number),
        "counting": sum(row["counted"] for row in told),
        "independent": len(
            {
                (part["id"], *sorted((row["id"], *row["one_with"])))
                for part in result["parts"]
                for row in witnesses(part)
                if row["counted"]
            }
        ),
        "numbers": len(cited),
        "tables": len(inputs["tables"]),
        "sources": len(sources),
        "primary": sum(kind == "primary" for kind in best.values()),
        "second": sum(len({c["source"] for c in item["citations"]}) > 1 for item in cited),
        "later": sum(item["known"] == "later" for item in cited),
        "context": sum(bool(item.get("only_context")) for item in cited),
        "weakest": len(weakest),
        "weakest_names": _few(weakest),
        "weakest_kind": _KINDS[worst],
        "excerpts": sum(
            all(c["seen"].startswith("excerpt") for c in item["citations"]) for item in decide
        ),
        "decide": len(decide),
    }


def _why_of_parts(parts: Sequence[Payload]) -> Iterator[str]:
    labels: dict[str, list[str]] = {}
    for part in parts:
        labels.setdefault(part["verdict"], []).append(part["label"]["en"])
    said = [f"{_capital(verdict)}: {'; '.join(names)}" for verdict, names in labels.items()]
    yield ". ".join(said) + "."
    decided = [words for words in said if words.startswith(("Holds:", "Does not hold:"))]
    if len(decided) == 2:
        yield ". ".join(decided) + "."
    worst_first = sorted(labels, key=_WORST_FIRST.index)
    yield f"{_capital(worst_first[0])}: {'; '.join(labels[worst_first[0]])}."
    yield f"{len(labels.get('holds', []))} of {len(parts)} parts hold."


def _why_of_witnesses(part: Payload) -> Iterator[str]:
    rows = [row for row in witnesses(part) if row["counted"]]
    if not rows:
        yield "No primary or secondary source says anything of it."
        return
    rank = rows[0]["rank"]
    if part["verdict"] in ("holds", "does not hold"):
        yield f"{_capital(part['recomputed_text'])}."
    elif part["verdict"] == "depends on the reading":
        senses = {
            side: formats.listed(
                list(
                    dict.fromkeys(
                        r["sense"]["en"] for r in rows if r["says"] == side and r["sense"]
                    )
                )
            )
            for side in _SIDES
        }
        yield f"Supported as “{senses['supports']}”, contradicted as “{senses['contradicts']}”."
        yield f"Sources of one rank speak of different senses: {part['recomputed_text']}."
    elif len({row["says"] for row in rows}) > 1:
        yield f"{_capital(rank)} sources disagree: {part['recomputed_text']}."
    needed = "a verdict needs a primary source or two secondary ones"
    yield f"{_capital(part['recomputed_text'])}; {needed}."


_SIDES = ("supports", "contradicts")


def _why_of_readings(part: Payload) -> Iterator[str]:
    if any(check["outcome"] != "consistent" for check in part["checks"]):
        yield f"{_capital(part['why'])}."
    stated, band, found = part["stated_text"], part["band_text"], part["recomputed_text"]
    readings = [reading for reading in counted(part) if reading["role"] == "reading"]
    titles = {
        outcome: [reading["title"] for reading in readings if reading["outcome"] == outcome]
        for outcome in ("consistent", "not consistent", "undecided")
    }
    if part["verdict"] == "holds" and part["band"]:
        yield f"{found} lies within what counts as {stated}: {band}."
        yield f"{found} lies within what counts as {stated}."
    elif part["verdict"] == "nearly right":
        near = min(readings, key=lambda reading: reading["off_by"] or 0)
        yield f"{near['text']} is {near['off_by_text']}; {band} would count as {stated}."
    elif part["verdict"] == "depends on the reading":
        words = [
            f"{word}: {'; '.join(titles[outcome])}"
            for word, outcome in (
                ("Fits", "consistent"),
                ("does not", "not consistent"),
                ("undecided", "undecided"),
            )
            if titles[outcome]
        ]
        yield f"{'. '.join(map(_capital, words))}."
        yield f"{_capital(words[0])}; the other {len(readings) - len(titles['consistent'])} do not."
    elif part["verdict"] == "does not hold" and part["band"]:
        yield f"{found} is outside what counts as {stated}: {band}."
    yield f"{_capital(part['why'])}."


def _shortest(ways: Iterable[str]) -> str:
    """The first way of saying it that is short enough, else the last."""
    said = ""
    for said in ways:
        if len(said.split(" ")) <= MAX_WHY_WORDS:
            break
    return said


def _flip(name: str, row: Payload) -> str:
    ways = []
    if row["below"] == row["above"] == "on the edge":
        return f"{name}: any change"
    for side, word in (("below", "below"), ("above", "above")):
        if row[side] == "on the edge":
            ways.append("any fall" if side == "below" else "any rise")
        elif row[side] != "none":
            ways.append(f"{word} {row[side]}")
    return f"{name}: {formats.either(ways)}"


def first_sentence(text: str) -> str:
    """The first sentence of a note; all of it if it has one."""
    head, stop, _ = text.partition(". ")
    return head.partition("; ")[0] + "." if stop or "; " in head else text


def _few(names: Sequence[str]) -> str:
    """Some names, and how many there are beside them."""
    if len(names) <= MOST_NAMED:
        return "; ".join(names)
    return f"{'; '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"


def _best_kind(citations: Sequence[Payload]) -> str:
    return min((item["kind"] for item in citations), key=_rank, default="tertiary")


def _rank(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS) - 1


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
