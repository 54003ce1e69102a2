"""Customers to measure the search with: always the same, of many countries and scripts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any

from client.fold import fold

_LATIN = (
    "ba be bi bo da de di do fa fi ga go ha he jo ka ke ko la le li lo ma me "
    "mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va vi wa wo "
    "ya za"
)
_ENDS = ["n", "r", "s", "l", "son", "ski", "mann", "ez", "ini", "sen", "ton", "ley", "ova", "ard", "", ""]
_ACCENTED = str.maketrans({"a": "á", "o": "ø", "e": "é", "u": "ü", "n": "ñ", "s": "š", "l": "ł"})
_ALPHABETS = {
    "cyrillic": "а е и о у б в г д к л м н п р с т",
    "greek": "α ε η ι ο υ β γ δ κ λ μ ν π ρ σ τ",
    "arabic": "ا ب ت ج ح د ر س ش ع ف ق ك ل م ن و ي",
    "hebrew": "א ב ג ד ה ו ז ח י כ ל מ נ ס ע פ ר ש ת",
    "devanagari": "का की कु रा री मा मी ना नि ता ति शा सि दे वा",
    "han": "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 林 郭 何 高 罗 郑 梁 谢 宋 唐 许 邓 冯 韩 "
    "曹 曾 彭 伟 芳 娜 敏 静 秀 丽 强 磊 军 洋 勇 艳 杰",
    "hangul": "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 전 홍 민 수 지 영 현 준 서 연 하 은",
}
# Country, calling code, share, script, length of the national number.
_COUNTRIES = [
    ("GB", "44", 14, "latin", 10), ("US", "1", 14, "latin", 10), ("DE", "49", 9, "accented", 11),
    ("FR", "33", 7, "accented", 9), ("ES", "34", 6, "accented", 9), ("IT", "39", 5, "latin", 10),
    ("PL", "48", 5, "accented", 9), ("NL", "31", 4, "latin", 9), ("PT", "351", 4, "accented", 9),
    ("SE", "46", 3, "accented", 9), ("DK", "45", 3, "accented", 8), ("NO", "47", 3, "accented", 8),
    ("FI", "358", 2, "latin", 9), ("IE", "353", 2, "latin", 9), ("BE", "32", 2, "latin", 9),
    ("AT", "43", 2, "accented", 10), ("CH", "41", 2, "latin", 9), ("RU", "7", 2, "cyrillic", 10),
    ("UA", "380", 2, "cyrillic", 9), ("GR", "30", 2, "greek", 10), ("EG", "20", 1, "arabic", 10),
    ("IL", "972", 1, "hebrew", 9), ("IN", "91", 2, "devanagari", 10), ("CN", "86", 1, "han", 11),
    ("KR", "82", 1, "hangul", 10), ("BR", "55", 1, "accented", 11),
]  # fmt: skip
_DOMAINS = ["gmail.com", "outlook.com", "yahoo.com", "example.org", "example.net", "mail.test", "post.test"]
_STATUSES = [("active", 70), ("inactive", 16), ("new", 9), ("blocked", 5)]
_WORDS = (
    "donor",
    "vip",
    "residential",
    "school",
    "trial",
    "press",
    "family",
    "senior",
    "wholesale",
    "garden",
)
LABELS = [f"{word} {kind}".strip() for kind in ("", "east", "west", "club") for word in _WORDS]
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Names:
    """A pool of words of one script in which a few are common and most are rare, as with names of people."""

    def __init__(self, dice: Random, script: str, size: int) -> None:
        self._words = list(dict.fromkeys(_word(dice, script) for _ in range(size)))
        self._weights = list(accumulate((place + 8) ** -0.8 for place in range(len(self._words))))

    def pick(self, dice: Random) -> str:
        """Give one word."""
        return dice.choices(self._words, cum_weights=self._weights)[0]


def _word(dice: Random, script: str) -> str:
    if script in ("latin", "accented"):
        word = "".join(dice.choices(_LATIN.split(), k=dice.choice((2, 2, 3)))) + dice.choice(_ENDS)
        if script == "accented" and dice.random() < 0.5:
            place = dice.randrange(1, len(word))
            word = word[:place] + word[place].translate(_ACCENTED) + word[place + 1 :]
        return word.title()
    letters = _ALPHABETS[script].split()
    short = script in ("han", "hangul")
    return "".join(dice.choices(letters, k=dice.choice((1, 2, 2) if short else (2, 3, 4))))


def customers(count: int, seed: int = 7) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Give rows of `customers`, newest last, each with the ids of its labels."""
    dice = Random(seed)
    scripts = ["latin", "accented", *_ALPHABETS]
    given = {script: Names(dice, script, 1_500) for script in scripts}
    family = {script: Names(dice, script, 40_000) for script in scripts}
    cities = {script: Names(dice, script, 400) for script in scripts}
    shares = list(accumulate(country[2] for country in _COUNTRIES))
    statuses = list(accumulate(share for _, share in _STATUSES))
    for number in range(1, count + 1):
        country, code, _, script, length = dice.choices(_COUNTRIES, cum_weights=shares)[0]
        first, last = given[script].pick(dice), family[script].pick(dice)
        name = f"{last}{first}" if script in ("han", "hangul") else f"{first} {last}"
        city = cities[script].pick(dice)
        phone = f"+{code}{dice.randrange(2, 10)}{dice.randrange(10 ** (length - 1)):0{length - 1}}"
        email = _email(dice, first, last, number)
        company = f"{family['latin'].pick(dice)} Ltd" if dice.random() < 0.1 else ""
        carried = {int(len(LABELS) * dice.random() ** 2) for _ in range(dice.choice((0, 0, 1, 1, 2, 3)))}
        labels = [f"label-{place:02}" for place in carried]
        yield (
            {
                "id": f"01900000-0000-7000-8000-{number:012x}", "version": 1, "created_at": _NOW,
                "updated_at": _NOW, "number": number, "rank": number, "external_id": "",
                "type": "individual", "display_name": name, "given_name": first, "middle_name": "",
                "family_name": last, "company_name": company,
                "status": dice.choices(_STATUSES, cum_weights=statuses)[0][0], "status_reason": "",
                "access": "allowed", "archived_at": _NOW if dice.random() < 0.06 else None,
                "born_on": None, "gender": "", "language": "", "time_zone": "", "referral_method": "",
                "branch_id": None, "partner_id": None, "location_id": None, "billing_type": "",
                "mail_opt_out": False, "email_opt_out": False,
                "emails": [{"id": "e1", "address": email, "is_primary": True}] if email else [],
                "phones": [{"id": "p1", "number": phone, "is_primary": True}],
                "addresses": [{"id": "a1", "city": city, "country": country, "is_primary": True,
                               "postal_code": f"{dice.randrange(100_000):05}"}],
                "sort_name": fold(name), "primary_phone": phone, "primary_email": email, "city": city,
                "sort_city": fold(city),
            },
            labels,
        )  # fmt: skip


def _email(dice: Random, first: str, last: str, number: int) -> str:
    if dice.random() < 0.08:
        return ""
    local, end = fold(first), fold(last)
    if not (local + end).isascii():
        local, end = "user", str(number)
    style = dice.randrange(4)
    joined = (f"{local}.{end}", f"{local[0]}{end}", f"{local}{end}{number % 100}", f"{end}_{local}")[style]
    return f"{joined}@{dice.choice(_DOMAINS)}"
