"""The number line shows band, readings and context, and every word of it can be read."""

import base64
import datetime as dt
import html
import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from itertools import combinations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import rule
from claimbook.base import formats
from claimbook.notebook.charts import metrics, number_line
from claimbook.notebook.charts.picture import FONTS
from claimbook.verdicts.result import PartResult
from places import CASES, ROOT

PARTS = yaml.load((CASES / "number_line.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
HOSTILE = yaml.safe_load((CASES / "hostile.yml").read_text("utf-8"))["shown"]
PHONE, DESKTOP = 340, 700
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"consistent": "circle", "not consistent": "rect", "undecided": "polygon"}


def part(stated, readings, kind="number", unit="", comparator="="):
    """A part of a result with the outcomes that the rule gives, as JSON."""
    numeric = kind in ("number", "count")
    band = rule.accepted(stated, comparator) if numeric else None
    number = formats.with_unit(stated, unit)
    return PartResult(
        id="part",
        label={"en": "saving against the other", "vi": "mức rẻ hơn"},
        kind=kind,
        stated=stated,
        unit=unit,
        comparator=comparator,
        stated_text=formats.hedged(number, comparator) if numeric else stated,
        band=[None if end is None else float(end) for end in band.bounds] if band else [],
        band_text=formats.with_unit(formats.band(band), unit) if band else stated,
        rounding_reason="",
        verdict="unsettled",
        why="",
        primary="",
        recomputed_text="",
        checks=[],
        readings=[
            reading(title, found, stated, unit, comparator) for title, found in readings.items()
        ],
    ).model_dump(mode="json")


def reading(title, found, stated, unit, comparator):
    """What a reading came to: see the file of cases."""
    role = "reading"
    if isinstance(found, dict):
        unit = found.get("unit", unit)
        role = next(key for key in found if key != "unit")
        found = found[role]
    found = found if isinstance(found, list) else [found]
    fields = {"low": None, "high": None, "answers": found, "margin": None}
    if re.fullmatch(r"yes|no|\d{4}-\d\d-\d\d", found[0]):
        text = formats.either(found)
        answers = [a == "yes" if a in ("yes", "no") else dt.date.fromisoformat(a) for a in found]
        outcome = None if role == "context" else rule.assess_exact(stated, answers)
    else:
        low, high = float(found[0]), float(found[-1])
        text = formats.with_unit(formats.span(formats.fixed(low, 2), formats.fixed(high, 2)), unit)
        outcome = None
        fields |= {"low": low, "high": high, "answers": []}
        if role != "context":
            outcome = rule.assess(stated, (low, high), comparator)
            fields["margin"] = float(rule.margin(stated, (low, high), comparator))
    return fields | {
        "id": "reading",
        "title": title,
        "role": role,
        "why": "",
        "primary": "",
        "unit": unit,
        "text": text,
        "from_rounding": False,
        "outcome": outcome,
        "off_by": None,
        "off_by_text": "",
        "decides": "",
        "inputs": [],
        "tables": [],
        "later": False,
    }


def case(name):
    return part(**PARTS[name])


class Picture:
    """A drawn number line, taken apart; boxes are left, top, right and bottom in px."""

    def __init__(self, drawn):
        self.drawn = drawn
        self.root = ET.fromstring(drawn)
        self.size = [float(self.root.get(side)) for side in ("width", "height")]
        self.texts = {element: "".join(element.itertext()) for element in self.all("text")}

    def all(self, tag):
        return list(self.root.iter(f"{SVG}{tag}"))

    @property
    def bands(self):
        return [shape for shape in self.all("polygon") if shape.get("fill") == "var(--cb-band)"]

    @property
    def marks(self):
        """Shapes of readings, heads of arrows with them."""
        shapes = [*self.all("circle"), *self.all("rect"), *self.all("polygon")]
        return [
            shape
            for shape in shapes
            if shape not in self.bands and shape.get("fill") != "var(--cb-quiet)"
        ]

    @property
    def bars(self):
        return [line for line in self.all("line") if line.get("stroke-width") == "3"]

    def text(self, words):
        return next(element for element, text in self.texts.items() if words in text)

    @staticmethod
    def box(element):
        at = {
            key: float(value) for key, value in element.items() if re.fullmatch(r"[-\d.]+", value)
        }
        match element.tag.removeprefix(SVG):
            case "text":
                up, down = 0.75 * at["font-size"], 0.2 * at["font-size"]
                return at["x"], at["y"] - up, at["x"] + at["textLength"], at["y"] + down
            case "circle":
                return tuple(at[c] + s * at["r"] for s in (-1, 1) for c in ("cx", "cy"))
            case "rect":
                return at["x"], at["y"], at["x"] + at["width"], at["y"] + at["height"]
            case "line":
                half = at["stroke-width"] / 2
                return at["x1"], at["y1"] - half, at["x2"], at["y2"] + half
            case "polygon":
                points = [tuple(map(float, p.split(","))) for p in element.get("points").split()]
                xs, ys = zip(*points, strict=True)
                return min(xs), min(ys), max(xs), max(ys)

    def check(self):
        """Nothing is cut, and no words lie on others or on a mark."""
        wide, high = self.size
        for element in self.root.iter():
            if element.tag not in (f"{SVG}svg", f"{SVG}tspan"):
                left, top, right, bottom = self.box(element)
                assert left >= -0.1 and top >= -0.1, element.items()
                assert right <= wide + 0.1 and bottom <= high + 0.1, element.items()
        for one, other in combinations(self.texts, 2):
            assert apart(self.box(one), self.box(other)), (self.texts[one], self.texts[other])
        for shape in (*self.marks, *self.bars):
            for words in self.texts:
                assert apart(self.box(shape), self.box(words)), (self.texts[words], shape.items())


def apart(one, other):
    return any(
        one[axis + 2] <= other[axis] + 0.1 or other[axis + 2] <= one[axis] + 0.1 for axis in (0, 1)
    )


def picture(of, width=PHONE, language="en"):
    return Picture(number_line.draw(of, width, language))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_nothing_is_cut_and_no_words_lie_on_others_or_on_a_mark(name, width, language):
    picture(case(name), width, language).check()


NUMBERS = st.floats(-1e9, 1e9) | st.floats(-20, 20) | st.floats(width=16, allow_nan=False)
PAIRS = st.tuples(NUMBERS, NUMBERS).map(lambda ends: [repr(end) for end in sorted(ends)])
FOUND = st.one_of(
    NUMBERS.map(repr),
    PAIRS,
    st.builds(lambda role, ends: {role: ends}, st.sampled_from(["proxy", "context"]), PAIRS),
)
TITLES = st.text("abcdeĐạ WMil,.", min_size=1, max_size=60).filter(str.strip)


@given(
    stated=st.decimals(-1000, 1000, places=1).map(str),
    comparator=st.sampled_from(list(rule.COMPARATORS)),
    readings=st.dictionaries(TITLES, FOUND, min_size=1, max_size=8),
    width=st.sampled_from([PHONE, DESKTOP]),
)
@settings(max_examples=60)
def test_that_holds_whatever_the_numbers_and_titles(stated, comparator, readings, width):
    if Fraction(stated) == 0:
        comparator = "="
    readings = {title: found for title, found in readings.items() if "inf" not in repr(found)}
    picture(part(stated, readings, "number", "percent", comparator), width).check()


@pytest.mark.parametrize("name", PARTS)
def test_colours_are_those_of_the_stylesheet_and_texts_have_12_px(name):
    css = (ROOT / "book/_static/claimbook.css").read_text("utf-8")
    inks = {light: css.count(f"{light}: #") for light in re.findall(r"(--cb-[a-z-]+): #", css)}
    found = picture(case(name))
    looks = {
        value
        for element in found.root.iter()
        for key, value in element.items()
        if key in ("fill", "stroke", "style")
    }
    for look in looks:
        # In the light, in the dark and on paper.
        assert inks[look.removeprefix("var(").removesuffix(")")] == 3, look
    assert min(float(text.get("font-size")) for text in found.texts) >= 12


@pytest.mark.parametrize("name", PARTS)
def test_a_picture_has_its_words_as_its_name_and_no_ids(name):
    for language in ("en", "vi"):
        found = picture(case(name), PHONE, language)
        assert found.root.get("role") == "img"
        assert found.root.get("aria-label") == number_line.words(case(name), language)
        assert all(element.get("id") is None for element in found.root.iter())


@pytest.mark.parametrize("name", PARTS)
def test_outcomes_are_told_by_shape_and_every_reading_is_shown_at_every_width(name):
    counted = [r for r in case(name)["readings"] if r["role"] != "context"]
    for width in (PHONE, DESKTOP):
        found = picture(case(name), width)
        for outcome, shape in SHAPES.items():
            marks = [
                mark
                for mark in found.marks
                if mark.tag == SVG + shape and mark.get("stroke") not in (None, "var(--cb-quiet)")
            ]
            expected = [
                max(1, len(r["answers"]) if case(name)["kind"] == "yes-no" else 1)
                for r in counted
                if r["outcome"] == outcome
            ]
            assert len(marks) == sum(expected), outcome


def test_a_reading_stands_at_its_number_with_its_words_beside_it():
    found = picture(case("one of four on the edge"))
    words = found.text("96.35")
    assert found.texts[words] == "Output tokens, list price 96.35, on the edge"
    (circle,) = found.all("circle")
    (band,) = found.bands
    assert float(circle.get("cx")) == found.box(band)[0]
    assert float(circle.get("r")) >= 4
    assert 3 < found.box(words)[0] - found.box(circle)[2] < 10
    assert found.texts[found.text("counts")] == "counts as 96.4\u00a0%"


@pytest.mark.parametrize("name", PARTS)
def test_four_readings_take_less_than_150_px_on_a_phone(name):
    counted = [r for r in case(name)["readings"] if r["role"] != "context"]
    assert picture(case(name)).size[1] < 150 + 25 * max(0, len(counted) - 4)


WORDS = {
    ("one of four on the edge", "en"): (
        "Number line: saving against the other. Counts as 96.4 %: 96.35 to 96.45 %. "
        "Output tokens, list price: 96.35 %, consistent, on the edge. "
        "Input tokens, list price: 96.33 %, not consistent. "
        "Cached input tokens, list price: 98.13 %, not consistent. "
        "The real mix of tokens, list prices: 96.62 %, not consistent."
    ),
    ("far above", "vi"): (
        "Trục số: mức rẻ hơn. Được coi là hơn 500 USD: trên 500 USD. "
        "Just above: 501 USD, khớp. Far above: 5.000.000 USD, khớp, ngoài rìa hình. "
        "At the border: 500 USD, không khớp, ngay ở ranh giới. Below: 430 USD, không khớp."
    ),
    ("a month", "vi"): (
        "Trục thời gian: mức rẻ hơn. Được coi là 5/2023. Founded: 17/7/2023, không khớp. "
        "Registered, by the first of the registers: 2/5/2023 hoặc 3/6/2023, chưa thể kết luận. "
        "Much earlier: 1/1/1999, không khớp, ngoài rìa hình."
    ),
    ("a count from none", "en"): (
        "Number line: saving against the other. Counts as 1: 0.5 to 1.5. "
        "None of them: 0, not consistent. Some of them: 1 to 2, undecided. "
        "All of them: 900, not consistent, beyond the edge of the picture."
    ),
    ("yes", "en"): (
        "Yes or no: saving against the other. The statement says yes. "
        "Would the rest buy the bare cards? no, not consistent. "
        "By a source that leaves it open and that has a rather long name: no or yes, undecided. "
        "By a proxy: yes, consistent, proxy."
    ),
    ("proxies and context", "en"): (
        "Number line: saving against the other. Counts as 1.6 times: 1.55 to 1.65 times. "
        "As large: 1.65 times, not consistent. By a proxy: 1.7 times, not consistent, proxy. "
        "By round figures: 1.66 times, for context."
    ),
}


@pytest.mark.parametrize(("name", "language"), WORDS)
def test_the_words_say_all_that_is_shown(name, language):
    said = number_line.words(case(name), language).replace("\u00a0", " ")
    assert said == WORDS[name, language]


def test_what_lies_far_out_stands_at_the_edge_and_squeezes_nothing():
    found = picture(case("far away on both sides"))
    (left, _, right, _) = found.box(*found.bands)
    assert right - left > 100
    arrows = [found.box(mark) for mark in found.marks if mark.get("stroke") is None]
    assert [(box[0], box[2]) for box in arrows] == [(2, 9), (331, 338)]
    assert {"Far below −40", "Far above 13"} <= set(found.texts.values())


@pytest.mark.parametrize(("name", "side"), [("far above", 2), ("below an open end", 0)])
def test_an_open_band_points_at_the_edge(name, side):
    found = picture(case(name))
    (band,) = found.bands
    assert found.box(band)[side] == (2, 0, 338)[side]
    assert len(band.get("points").split()) == 5


def test_a_range_is_a_bar_with_both_its_ends():
    found = picture(part("50", {"Within": ["49.6", "50.4"], "Point": "50.5"}, unit="percent"))
    (bar,) = found.bars
    ends = [line for line in found.all("line") if line.get("stroke-width") == "1.5"]
    assert [end.get("x1") for end in ends] == [bar.get("x1"), bar.get("x2")]
    (left, _, right, _) = found.box(*found.bands)
    assert left < float(bar.get("x1")) < float(bar.get("x2")) < right


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("proxies and context", ["As large", "By a proxy", "By round figures"]),
        ("context far and near", ["All weights", "In the files", "On the label"]),
    ],
)
def test_context_is_shown_where_it_lies_near_and_there_is_room(name, shown):
    found = picture(case(name), DESKTOP)
    titles = [r["title"] for r in case(name)["readings"]]
    assert [t for t in titles if any(t in text for text in found.texts.values())] == shown
    rings = [mark for mark in found.marks if mark.get("stroke") == "var(--cb-quiet)"]
    assert {ring.get("fill") for ring in rings} == {"var(--cb-paper)"}


def test_a_proxy_is_hollow():
    found = picture(case("proxies and context"))
    (_, proxy) = found.all("rect")
    assert (proxy.get("fill"), proxy.get("stroke")) == ("var(--cb-paper)", "var(--cb-not)")


TICKS = {
    ("one of four on the edge", "en"): ["96.5", "97.0", "97.5", "98.0"],
    ("one of four on the edge", "vi"): ["96,5", "97,0", "97,5", "98,0"],
    ("a count from none", "en"): ["0", "1", "2"],
    ("a day alone", "en"): ["26 Jan 2025", "27 Jan 2025", "28 Jan 2025"],
    ("a month", "vi"): ["5/2023", "6/2023", "7/2023"],
    ("a year", "en"): ["2018", "2020", "2022", "2024"],
    ("huge", "en"): ["0", "5 × 10²⁹", "1 × 10³⁰"],
    ("below zero", "en"): ["−18.0", "−17.5", "−17.0", "−16.5"],
}


@pytest.mark.parametrize(("name", "language"), TICKS)
def test_ticks_are_round_numbers_days_months_or_years(name, language):
    found = picture(case(name), PHONE, language)
    last = max(float(text.get("y")) for text in found.texts)
    ticks = [text for text in found.texts if last - 20 < float(text.get("y")) < last]
    assert [found.texts[tick] for tick in ticks] == TICKS[name, language]


def test_a_count_stands_in_a_band_about_its_whole_number():
    for found in (picture(case("a count")), picture(case("a count alone"))):
        (left, _, right, _) = found.box(*found.bands)
        assert float(found.all("circle")[0].get("cx")) == pytest.approx((left + right) / 2)


def test_yes_and_no_are_columns_of_which_the_stated_one_is_shaded():
    found = picture(case("yes"))
    left, _, right, _ = found.box(*found.bands)
    (no, *_), (yes, *_) = found.all("rect"), found.all("circle")
    assert left < float(yes.get("cx")) < right < float(no.get("x"))
    assert len([mark for mark in found.marks if mark.tag == f"{SVG}polygon"]) == 2


def test_titles_are_cut_at_a_word_and_can_be_told_apart():
    titles = [
        "Shares of the fifteenth of November, as filed",
        "Shares of the twenty-sixth of January, as filed",
        "All documents about chips of whatever kind",
        "All documents about chips with the letter",
        "Something else that has a rather long title",
    ]
    found = picture(part("50", dict.fromkeys(titles, "50"), unit="percent"))
    shown = [text.removesuffix(" 50") for text in found.texts.values() if text.endswith(" 50")]
    cut = [text for text in shown if "…" in text]
    assert len(cut) >= 3
    for text in cut:
        assert [
            title
            for title in titles
            if f"{title} ".startswith(text.rstrip("…")) or f" {title}".endswith(text.lstrip("…"))
        ] == [titles[shown.index(text)]]


@pytest.mark.parametrize(
    "title", [*HOSTILE.values(), "\u202eevil 1", "\x00\x1b", "日本語 👩‍👩‍👧 שלום"]
)
def test_a_hostile_title_is_shown_as_it_stands(title):
    of = part("5", {title: "5", "Plain": "7"}, unit="percent")
    of["label"] = {"en": title, "vi": title}
    found = picture(of)
    assert {element.tag for element in found.root.iter()} <= {
        SVG + tag for tag in ("svg", "text", "tspan", "line", "circle", "rect", "polygon")
    }
    assert not any(re.match("on|href|xlink", key) for e in found.root.iter() for key in e.attrib)
    assert "\u202e" not in html.unescape(found.drawn)
    if title.isprintable():
        assert " ".join(title.split()) in found.root.get("aria-label")
    found.check()


def test_letters_are_as_wide_as_a_browser_draws_them(chromium):
    page = chromium.new_page()
    sample = "Output tokens 96.35, the edge: 1,234 − 5 × 10³⁰ … được coi là tỷ, ngưỡng Ỹ"
    for weight, name in ((400, "Regular"), (600, "SemiBold")):
        font = base64.b64encode((FONTS / f"ClaimbookSans-{name}.otf").read_bytes()).decode()
        drawn = page.evaluate(
            """async ([font, weight, sample]) => {
                const face = new FontFace("Measured", `url(data:;base64,${font})`, {weight});
                document.fonts.add(await face.load());
                const pen = document.createElement("canvas").getContext("2d");
                pen.font = `${weight} 100px Measured`;
                return [...sample].map((letter) => pen.measureText(letter).width);
            }""",
            [font, str(weight), sample],
        )
        measured = [metrics.width(letter, 100, weight) for letter in sample]
        assert measured == pytest.approx(drawn, abs=0.1)
    page.close()
