"""The words that Vietnamese and English articles write around and inside numbers.

A unit is given by the names that `claimbook.base.units` has for it; where that knows none (VND,
month), by a name that no entry can have, so that it agrees with nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

Words = tuple[str, ...]
Units = frozenset[str]


@dataclass(frozen=True)
class Language:
    """What one language writes around and inside a number; every text in small letters.

    Attributes:
        digits: pattern of a number's digits.
        expected: the same for people.
        scales: word -> power of ten.
        cardinals: number written as a word -> value.
        uncertain: of these, words that mean something else unless a word of scale follows.
        tens: word that makes ten of the number before it.
        fractions: words of a fraction -> value.
        parts: word of a fraction's denominator after its numerator -> value.
        over: stands between the words of numerator and denominator.
        multiples: words of a multiple -> value.
        times: stands before a multiple, and may stand before or after a hedge.
        fold: follows a number and makes it a multiple.
        half_more: adds half of one, or half of the word of scale before it.
        plural_prefix: stands before a noun of number without a digit.
        plurals: noun of number -> power of ten.
        counts: plural word that is a comparator, not a part of the unit.
        hedges: words before a number -> comparator.
        later_hedges: words after a number -> comparator.
        comparatives: words before an amount of difference ("cheaper by"), or before a bound
            ("cheaper than") -> comparator of the latter.
        than: the one word after which it can be either, whatever stands before it.
        units: words of a unit -> its names.
        per: words between what is counted and one of what it is counted for.
        per_any: the same, before any number of these.
        range_starts: words before the lower end of a range -> words between the ends.
        range_marks: words between the ends of a range.
        changes: verbs of change, after which "from A to B" is no range.
        becomes: words after "from A" that tell a change from a lower bound.
        start: word before the first number of a change.
        falls: verbs after which a number without a sign is a loss.
        negations: words that deny what follows.
        carriers: words that may stand between a hedge and its number.
        neutral: words that may stand right before a number and say nothing about its size.
        most: words for more than half.
        similar: words for a likeness without a number.
    """

    name: str
    digits: str
    expected: str
    thousands: str
    decimal: str
    scales: Mapping[str, int]
    cardinals: Mapping[str, int]
    uncertain: frozenset[str]
    tens: str
    fractions: Mapping[Words, Fraction]
    parts: Mapping[str, int]
    over: Words
    multiples: Mapping[Words, Fraction]
    times: str
    fold: str
    half_more: Words
    plural_prefix: str
    plurals: Mapping[str, int]
    counts: Mapping[str, str]
    hedges: Mapping[Words, str]
    later_hedges: Mapping[Words, str]
    comparatives: Mapping[Words, str]
    than: str
    units: Mapping[Words, Units]
    per: frozenset[Words]
    per_any: frozenset[Words]
    range_starts: Mapping[Words, Words]
    range_marks: frozenset[str]
    changes: frozenset[str]
    becomes: frozenset[str]
    start: str
    falls: frozenset[str]
    negations: frozenset[str]
    carriers: frozenset[str]
    neutral: frozenset[str]
    most: frozenset[Words]
    similar: frozenset[Words]


def _split(words: Mapping[str, str]) -> dict[Words, str]:
    """One comparator for each of several phrases, separated by commas."""
    return {
        tuple(phrase.split()): comparator
        for comparator, phrases in words.items()
        for phrase in phrases.split(", ")
    }


def _set(text: str) -> frozenset[str]:
    """Words separated by spaces."""
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[Words]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(", "))


def _units(words: Mapping[str, str]) -> dict[Words, Units]:
    """Names of a unit -> the phrases for it, turned round."""
    return {
        tuple(phrase.split()): frozenset(names.split())
        for names, phrases in words.items()
        for phrase in phrases.split(", ")
    }


def _merged(*groups: Mapping[str, str]) -> dict[str, str]:
    """Phrases of several groups by what they stand for."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for name, phrases in group.items():
            found.setdefault(name, []).append(phrases)
    return {name: ", ".join(phrases) for name, phrases in found.items()}


PERCENT: Final = "percent"
POINT: Final = "percentage_point"
RATIO: Final = "ratio"
# Nouns of things, which an entry may also have as a plain count.
_THINGS = {
    "GPU count": "gpu, gpus, chip, chips",
    "token count": "token, tokens",
    "byte": "byte, bytes",
    "terabyte": "tb",
    "gigabyte": "gb",
}
_MONEY = {
    "USD": "$, us$, usd",
    "EUR": "€, eur, euro, euros",
    "VND": "₫, vnd, vnđ",
    "CNY": "cny, rmb",
    "GBP": "£, gbp",
    "JPY": "jpy",
    "KRW": "krw, won, ₩",
    "INR": "inr, rupee, rupees, ₹",
    "RUB": "rub, rúp, ruble, rubles, roubles, ₽",
    "CHF": "chf, franc, francs, swiss francs, franc thụy sĩ",
    "AUD": "aud, a$",
    "CAD": "cad, c$",
    "SGD": "sgd, s$",
    "HKD": "hkd, hk$",
    "TWD": "twd, nt$",
}
# Before the digits.
CURRENCIES: Final = _units(_MONEY)

_SYMBOL_HEDGES = {
    "about": "~, ≈",
    "more-than": ">",
    "less-than": "<",
    "at-least": "≥",
    "at-most": "≤",
}

_VI_SCALES = {"chục": 1, "trăm": 2, "nghìn": 3, "ngàn": 3, "vạn": 4, "triệu": 6, "tỷ": 9, "tỉ": 9}
_VI_CARDINALS = {
    **{"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8},
    **{"chín": 9, "mười": 10},
}
_VI_CHANGES = _set("tăng giảm hạ nâng rớt tụt sụt lao cắt")
_VI_FALLS = _set("giảm mất hạ rớt tụt sụt lỗ thiệt hại bay hơi cắt")

VIETNAMESE: Final = Language(
    name="Vietnamese",
    digits=r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:, ?[0-9]+)?",
    expected="dots between groups of three digits and a decimal comma",
    thousands=".",
    decimal=",",
    # No "T" here: it stands for "tỷ" as often as for "trillion".
    scales={**_VI_SCALES, "k": 3, "tr": 6, "m": 6, "b": 9},
    cardinals=_VI_CARDINALS,
    uncertain=frozenset({"một", "năm"}),  # "a" and "year"
    tens="mươi",
    fractions={
        ("nửa",): Fraction(1, 2),
        ("một", "nửa"): Fraction(1, 2),
        ("phân", "nửa"): Fraction(1, 2),
    },
    parts={**{word: value for word, value in _VI_CARDINALS.items() if value > 1}, "tư": 4},
    over=("phần",),
    multiples={
        ("gấp", "đôi"): Fraction(2),
        ("gấp", "rưỡi"): Fraction(3, 2),
        ("tăng", "đôi"): Fraction(2),
    },
    times="gấp",
    fold="",
    half_more=("rưỡi",),
    plural_prefix="hàng",
    plurals=_VI_SCALES,
    counts={"chục": "tens-of", "trăm": "hundreds-of"},
    hedges=_split(
        _merged(
            _SYMBOL_HEDGES,
            {
                "nearly": "tiệm cận, gần chạm, gần, gần bằng, gần như, gần đạt, gần tới, gần "
                "đến, suýt soát, xuýt "
                "xoát, "
                "sắp đạt, ngót, ngót nghét, suýt, sát",
                "about": "quanh, xoay quanh, loanh quanh, đâu đó, trong khoảng, ở khoảng, "
                "khoảng chừng, tầm khoảng, cỡ khoảng, ước tính, ước đạt, khoảng, vào khoảng, "
                "chừng, áng chừng, ước chừng, xấp xỉ, xấp xỉ khoảng, "
                "trên dưới, cỡ, vào cỡ, tầm, quãng, ước khoảng, ước tính khoảng",
                "at-least": "ít nhất, ít nhất là, tối thiểu, tối thiểu là, không dưới, không ít "
                "hơn, "
                "không thấp hơn, không kém, chí ít, thấp nhất là, từ ít nhất",
                "more-than": "hơn so với, cao hơn so với, lớn hơn so với, nhiều hơn so với, đắt "
                "hơn so với, hơn, trên, cao hơn, lớn hơn, nhiều hơn, vượt, vượt quá, vượt mức, "
                "vượt mốc, vượt ngưỡng, vượt trên, trên mức, hơn cả, quá",
                "well-above": "cao hơn nhiều so với, lớn hơn nhiều so với, nhiều hơn nhiều so với, "
                "cao hơn rất nhiều so với, hơn hẳn, cao hơn hẳn, vượt xa, cao hơn nhiều",
                "less-than": "thấp hơn so với, ít hơn so với, nhỏ hơn so với, rẻ hơn so với, "
                "dưới, dưới mức, chưa đến, chưa tới, chưa đầy, chưa tròn, không đến, "
                "không tới, không đầy, thấp hơn, nhỏ hơn, ít hơn, kém hơn, chưa quá, chưa chạm",
                "at-most": "nhiều nhất, nhiều nhất là, tối đa, tối đa là, không quá, không hơn, "
                "không nhiều hơn, không vượt quá, lên tới, lên đến, cao nhất là, đến tối đa, "
                "không cao hơn, không lớn hơn",
                "exactly": "đúng, đúng bằng, chính xác, chính xác là, tròn, vừa tròn, vừa đúng",
                "just-over": "nhỉnh hơn, hơn một chút so với, chỉ hơn, nhích hơn, vừa quá, "
                "vừa vượt, vừa hơn, hơn chút, nhỉnh hơn một chút so với",
                "just-under": "ngay dưới, chỉ dưới, thấp hơn một chút so với, kém một chút so với",
                "similar": "tương tự, tương đương, tương đương với, ngang với, ngang, ngang bằng",
            },
        )
    ),
    later_hedges=_split(
        {
            "at-least": "trở lên, hoặc hơn, hay hơn, là ít nhất, +",
            "at-most": "trở xuống, đổ lại, là cùng, là nhiều nhất, là tối đa",
            "more-than": "có lẻ, có dư",
            "about": "gì đó",
        }
    ),
    comparatives=_split(
        {
            "less-than": "rẻ hơn, thấp hơn, nhỏ hơn, ít hơn, ngắn hơn, nhẹ hơn, chậm hơn, kém hơn, "
            "yếu hơn",
            "more-than": "cao hơn, lớn hơn, nhiều hơn, đắt hơn, dài hơn, nặng hơn, nhanh hơn, "
            "mạnh hơn, tốt hơn, hiệu quả hơn, to hơn, giỏi hơn",
        }
    ),
    than="hơn",
    units=_units(
        _merged(
            _MONEY,
            _THINGS,
            {
                PERCENT: "%, phần trăm, pct",
                POINT: "điểm phần trăm, điểm %, % điểm, điểm pct",
                "USD": "đô la, đô la mỹ, đô-la, đô-la mỹ, đô, đôla, đôla mỹ, mỹ kim",
                "VND": "đồng, đồng việt nam, vnđ, đ",
                "CNY": "nhân dân tệ, tệ",
                "JPY": "yên, yên nhật",
                "GBP": "bảng, bảng anh",
                "AUD": "đô la úc, đô úc",
                "CAD": "đô la canada",
                "SGD": "đô la singapore",
                "HKD": "đô la hong kong, đô la hồng kông",
                "TWD": "đô la đài loan",
                "week": "tuần, tuần lễ",
                "quarter": "quý",
                "decade": "thập kỷ, thập niên",
                "EUR": "ơ-rô",
                "parameter count": "tham số",
                "share count": "cổ phiếu, cổ phần",
                "person count": "người, người dùng, người sử dụng, khách hàng, nhân viên",
                f"{RATIO} count": "lần",
                "hour": "giờ, tiếng, giờ đồng hồ",
                "GPU_hour": "giờ gpu, gpu giờ, giờ chạy gpu, giờ h800, giờ gpu h800",
                "minute": "phút",
                "second": "giây",
                "day": "ngày",
                "month": "tháng",
                "year": "năm",
            },
        )
    ),
    per=_phrases(
        "mỗi, cho mỗi, trên mỗi, cho một, trên một, một, trên 1, cho 1, cho từng, mỗi một"
    ),
    per_any=_phrases("/, trên /"),
    range_starts={
        ("từ",): ("đến", "tới", "-", "–", "cho"),
        ("trong", "khoảng", "từ"): ("đến", "tới", "-", "–"),
        ("khoảng", "từ"): ("đến", "tới", "-", "–"),
        ("giữa",): ("và",),
    },
    range_marks=frozenset({"đến", "tới", "-", "–"}),
    changes=_VI_CHANGES,
    becomes=frozenset({"xuống", "lên", "còn", "thành", "sang", "về"}),
    start="từ",
    falls=_VI_FALLS,
    negations=frozenset({"không", "chưa", "chẳng", "chả", "đừng"}),
    carriers=_set("mức ngưỡng mốc số con tổng cộng"),
    neutral=_set(  # what happens to an amount
        "tăng giảm mất đạt bằng là có chiếm cần tốn chi trả mua bán thu nhận lãi lỗ lên xuống còn "
        "thành sang về ra đi thêm bớt hạ nâng cắt rớt tụt sụt lao cộng trừ hết dùng bỏ rót góp "
        "vay nợ phạt thưởng gọi kiếm nắm giữ chứa gồm mang cho được bị làm kéo nên thuộc "
        # last syllables of verbs and nouns
        "thụ tuyển lệch trúc hoạt hình chối tạo xuất cấp lập lý vụ chạy luyện nhập triển gia dựng "
        "đặt hành ngốn đốt hợp sinh đo đếm trợ biến thổi cuốn trôi quyên trưởng trọng điểm hạng "
        "tuổi tầng bước lớp doanh gian hạn kỳ quý bậc trang câu dòng hệ bộ gói đợt vòng lượt cuộc "
        "mẫu chiếc báo đoán phạm nghiệp mục tiêu suất phần chip gpu token model người nước công "
        "ty tiêu hao sổ hơi hại tư dụng vốn hữu phí động mạnh nhẹ cả tổng bao "
        # function words
        "với và ở tại trong vào của khi thì mà theo do bởi nhờ để rằng này đó kia ấy nay cùng đã "
        "đang sẽ vẫn cũng đều lại mới vừa chỉ mỗi khoản mức giá số lệ suất mô nhuận hóa sách quỹ "
        "phiếu liệu lượng trị mở vẹn vọn gấp lần năm ngày giờ so như thế tức nghĩa phải việc kể "
        "hiện ngay luôn bản dài rộng sâu nặng "
    ),
    most=_phrases("phần lớn, đa số, đại đa số, đa phần, hầu hết, quá nửa"),
    similar=_phrases(
        "tương tự, tương đương, ngang ngửa, ngang bằng, ngang hàng, sánh ngang, như nhau"
    ),
)

_EN_CARDINALS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14},
    **{"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19},
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70},
    **{"eighty": 80, "ninety": 90, "a": 1, "an": 1},
}
_EN_PARTS = {
    **{"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000},
}
_EN_CHANGES = _set(
    "rose rise rises rising risen grew grow grows growing grown increased increase increases "
    "climbed jumped fell fall falls falling fallen dropped drop drops decreased decrease declined "
    "went cut raised lowered up down moved slid shrank swelled changed"
)
_EN_FALLS = _set(
    "fell fall falls falling fallen dropped drop drops lost lose loses losing loss declined "
    "decline decreased decrease down slid slumped plunged tumbled sank shed cut cuts minus off"
)

ENGLISH: Final = Language(
    name="English",
    digits=r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?",
    expected="commas between groups of three digits and a decimal dot",
    thousands=",",
    decimal=".",
    scales={
        **{"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12},
        **{"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12, "tn": 12, "mil": 6},
    },
    cardinals=_EN_CARDINALS,
    uncertain=frozenset({"one", "a", "an"}),
    tens="",
    fractions={
        ("half",): Fraction(1, 2),
        ("a", "half"): Fraction(1, 2),
        ("one", "half"): Fraction(1, 2),
        ("halved",): Fraction(1, 2),
    },
    parts={**_EN_PARTS, **{f"{word}s": value for word, value in _EN_PARTS.items()}},
    over=(),
    multiples={
        **dict.fromkeys(
            [("twice",), ("double",), ("doubled",), ("doubles",), ("doubling",)], Fraction(2)
        ),
        **dict.fromkeys([("thrice",), ("triple",), ("tripled",), ("triples",)], Fraction(3)),
        **dict.fromkeys([("quadruple",), ("quadrupled",)], Fraction(4)),
        **{(f"{word}fold",): Fraction(value) for word, value in _EN_CARDINALS.items() if value > 1},
        ("hundredfold",): Fraction(100),
        ("thousandfold",): Fraction(1000),
    },
    times="",
    fold="fold",
    half_more=("and", "a", "half"),
    plural_prefix="",
    plurals={
        **{"tens": 1, "hundreds": 2, "thousands": 3},
        **{"millions": 6, "billions": 9, "trillions": 12},
    },
    counts={"tens": "tens-of", "hundreds": "hundreds-of"},
    hedges=_split(
        _merged(
            _SYMBOL_HEDGES,
            {
                "nearly": "nigh on, bordering on, verging on, almost, nearly, close to, near, "
                "nearing, approaching, not quite, "
                "the better part of, virtually",
                "about": "about, around, roughly, approximately, approx, some, circa, ca, "
                "in the ballpark of, in the vicinity of, to the tune of, in the region of, on "
                "the order of, in the order of, in the neighborhood of, "
                "in the neighbourhood of, an estimated, or so",
                "at-least": "at least, upwards of, upward of, no less than, no fewer than, "
                "not less than, not fewer than, a minimum of, minimum, at a minimum, "
                "as little as, as few as, as low as, not under, not below",
                "more-than": "more than, over, above, exceeding, exceeds, exceeded, in excess of, "
                "greater than, higher than, larger than, bigger than, north of, beyond, topping, "
                "topped, surpassing, surpassed, upwards of more than",
                "well-above": "well above, well over, well beyond, well in excess of, far above, "
                "far over, far more than, far in excess of, far exceeding, much more than, "
                "much higher than, way over, way above, way more than, significantly more than, "
                "considerably more than, much larger than, much greater than",
                "less-than": "less than, fewer than, under, below, lower than, smaller than, "
                "south of, short of, not even, shy of",
                "at-most": "at most, up to, no more than, not more than, no greater than, "
                "as much as, as many as, as high as, as large as, a maximum of, maximum, at "
                "maximum, "
                "not over, not above, no higher than, not exceeding, capped at",
                "exactly": "exactly, precisely",
                "just-over": "just over, just above, just more than, just past, barely over, "
                "a little over, a little more than, slightly over, slightly above, "
                "slightly more than, a bit over, a bit more than, a shade over, a tad over",
                "just-under": "just under, just below, just less than, just shy of, just short of, "
                "a little under, a little less than, slightly under, slightly below, "
                "slightly less than, a bit under, a bit less than, a shade under, barely under",
                "similar": "similar to, comparable to, on par with, equivalent to, on a par with",
            },
        )
    ),
    later_hedges=_split(
        {
            "at-least": "or more, or above, and up, and above, at least, at a minimum, plus, +, "
            "at the least, or higher, and more",
            "at-most": "or less, or fewer, or under, at most, at the most, or below, tops, max, "
            "maximum, or lower",
            "about": "or so, or thereabouts, give or take, roughly, approximately, odd",
        }
    ),
    comparatives={},
    than="",
    units=_units(
        _merged(
            _MONEY,
            _THINGS,
            {
                PERCENT: "%, percent, per cent, pct",
                POINT: "percentage point, percentage points, percent points, percent point, pp, "
                "ppt, ppts, pct points, % points, point percentage",
                "USD": "dollar, dollars, us dollar, us dollars, u.s. dollars",
                "EUR": "euro, euros",
                "VND": "dong",
                "GBP": "pounds, pound sterling, pounds sterling",
                "JPY": "yen",
                "AUD": "australian dollars",
                "CAD": "canadian dollars",
                "SGD": "singapore dollars",
                "HKD": "hong kong dollars",
                "TWD": "taiwan dollars, new taiwan dollars",
                "week": "week, weeks",
                "decade": "decade, decades",
                "CNY": "yuan, renminbi",
                "parameter count": "parameter, parameters, params",
                "share count": "share, shares",
                "person count": "people, person, persons, users, user, customers, employees",
                f"{RATIO} count": "times, x, ×",
                "hour": "hour, hours, hr, hrs",
                "GPU_hour": "gpu hour, gpu hours, h800 hours, h800 gpu hours, h800 gpu hour",
                "minute": "minute, minutes",
                "second": "second, seconds",
                "day": "day, days",
                "month": "month, months",
                "year": "year, years",
            },
        )
    ),
    per=_phrases("for every, for each, every, each, a, an, for one, for a, for 1"),
    per_any=_phrases("per, /"),
    range_starts={
        ("from",): ("to", "-", "–", "through"),
        ("between",): ("and",),
        ("anywhere", "from"): ("to",),
        ("anywhere", "between"): ("and",),
        ("in", "the", "range", "of"): ("to", "-", "–"),
    },
    range_marks=frozenset({"to", "-", "–"}),
    changes=_EN_CHANGES,
    becomes=frozenset({"to", "down", "up"}),
    start="from",
    falls=_EN_FALLS,
    negations=frozenset({"not", "no", "never", "hardly", "without", "neither", "nor"}),
    carriers=_set("the a an total of sum mark figure"),
    neutral=_set(
        "a an the this that these those its their his her our of by to at for with on in into as "
        "and is was are were be been being has had have having will would can could may did does "
        "do cost costs costing spent spend spends spending paid pay pays paying lost lose loses "
        "losing fell fall falls falling dropped drop drops rose rise rises rising gained gain "
        "gains grew grow grows growing increased increase decreased decrease declined slid "
        "slumped plunged tumbled sank jumped climbed cut cuts raised raise raises raising took "
        "take takes taking reached reach reaches hit hits made make makes making worth totaling "
        "totalling totaled totalled total totals sum equals equal another additional extra only "
        "just mere merely but which who where when while if it they we you he she there here now "
        "then out down up off back used use uses using bought buy buys sold sell sells invested "
        "invest investing earned earn earning charge charges charged charging owns owned own own "
        "hold holds held contains contain containing includes include including comprises "
        "comprising featuring said says say open first last past next all every each wiped wipes "
        "wipe erased erase shed sheds went go goes come comes came gets get got activate "
        "activates activated erasing erases refused refuses rejected answered answers served "
        "serves processed processes produces produced generates generated employs employed "
        "employing hired hires released publishes published listed lists counted counts covers "
        "covered covering trained trains training runs ran run ships shipped launched attracts "
        "attracted drew downloaded weighs weighed lasted lasts scored scores won beat ranked "
        "ranks closed closes opened traded budgeted allocated committed pledged plans plan "
        "planned announced offered offers saves saved saving burned burns consumed consumes "
        "stores stored handles handled achieved achieves delivered delivers gave gives give added "
        "adds add brought brings received receives amounts amount amounting installed deployed "
        "deploys deploying imposed imposes wiping destroyed destroying evaporated revenue loss "
        "profit cap budget bill stake penalty investment spending capex output model models "
        "version requires require required needs need needed price priced prices rate fee figure "
        "number value valued level called named had"
    ),
    most=_phrases("most, most of, the majority, majority of, a majority of, more than half "),
    similar=_phrases(
        "similar, on par, on a par, comparable, equivalent, as good as, equal to, in line with, "
        "rivals, matches"
    ),
)

LANGUAGES: Final = {"vi": VIETNAMESE, "en": ENGLISH}
