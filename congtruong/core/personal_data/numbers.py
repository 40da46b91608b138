"""Numbers and addresses of persons in one line: what they are is told by their shape and by the words before them.

Every pattern is bounded, so that a line costs no more than its length.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from congtruong.core.personal_data.model import (
    Hit,
    Kind,
    Own,
    Severity,
    digits_of,
    local_phone,
    mask_email,
    mask_number,
)
from congtruong.core.text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GAP = "[ .\u00a0\u2009\u202f–-]"
# Codes of provinces in citizens' numbers (the first three digits), as issued since 2016.
_PROVINCES = _words(
    """
    001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044
    045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091
    092 093 094 095 096
    """
)
_OLDEST_YEAR = 1930
_LATEST_YEAR = 2039
_FILLER = "\x1f"

_INSURANCE = re.compile(
    r"(?<![A-Za-z0-9])(?P<group>[A-Z]{2})[ -]?[1-5][ -]?[0-9]{2}[ -]?[0-9]{2}(?:[ .-]?[0-9]){8}(?![0-9])"
)
_INSURED_GROUPS = _words(
    """
    DN HX CH NN TK HC XK HT TB NO CT XB TN CS QN CA CY XN MS CC CK CB KC HD TE BT HN DT DK XD TS TC TQ TA TY HG LS PV HS
    SV GB GD TH TV TD TU BA XV CN NO KC
    """
)
# Written apart from the number they are other words: "TK 1234…" is an account, "MS" a code, "HĐ" a contract.
_OTHER_WORDS = _words("TK MS HD DT CT NO CN TB")
_SOCIAL_INSURANCE = re.compile(
    r"(?:bhyt|bhxh|bao hiem y te|bao hiem xa hoi)[^0-9\n]{0,20}(?P<number>[0-9]{10})(?![0-9])"
)
_ACCOUNT = re.compile(
    rf"(?<![a-z])(?:so tai khoan|stk|so tk|tai khoan|tk)(?![a-z])(?P<gap>[^0-9\n]{{0,40}})"
    rf"(?P<number>[0-9](?:{_GAP}?[0-9]){{5,18}})(?![0-9])"
)
_NO_BANK = re.compile(r"dang nhap|vneid|dinh danh|email|zalo|facebook|hoc tap|ke toan|lms|ngay|dien thoai|sdt|hotline")
_AMOUNT = re.compile(r"\s?(?:dong|vnd|d\b|trieu|%|/|ty\b)")
_YEARS = re.compile(rf"(?:19|20)[0-9]{{2}}{_GAP}{{1,3}}(?:19|20)[0-9]{{2}}")
_DAY_SHAPE = re.compile(r"[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}")
_TREASURY = re.compile(r"kho bac|kbnn")
_OFFICE = re.compile(r"truong|thcs|tieu hoc|mam non|uy ban|ubnd|phong giao duc|so giao duc|cong doan|don vi|quy ")
_CITIZEN = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][.,])[0-9](?:{_GAP}?[0-9]){{11}}(?![0-9])")
_CITIZEN_SHORT = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{11}|[0-9]{9})(?![0-9])")
_CITIZEN_WORDS = re.compile(r"cmnd|cmtnd|\bcmt\b|chung minh|cccd|can cuoc|dinh danh ca nhan|so dinh danh|ma dinh danh")
_PLAIN_GROUPS = ((12,), (3, 3, 3, 3), (4, 4, 4), (6, 6), (3, 3, 6), (3, 9))
_PHONE = re.compile(
    rf"(?<![0-9A-Za-z])(?<![0-9][.,])(?P<code>\(?\+?84\)?{_GAP}?(?:\(0\) ?)?|\(?0{_GAP}?)"
    rf"(?P<rest>(?:3{_GAP}?[2-9]|5{_GAP}?[25689]|7{_GAP}?[06-9]|8{_GAP}?[1-9]|9{_GAP}?[0-9])"
    rf"\)?(?:{_GAP}{{0,3}}[0-9]){{7}})(?![0-9])"
)
_SHORT_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}(?![0-9])")
_PHONE_HEADING = re.compile(r"(?:dien thoai|sdt|so dt|di dong|zalo)[^0-9\n]{0,30}$")
_NOT_PHONE = re.compile(r"(?:mst|ma so thue|\bfax|so tien|hoa don)[^0-9\n]{0,15}$")
_CONTACT = re.compile(r"lien he|hotline|duong day nong|lien lac|hieu truong|truong phong|bao ve|y te|tu van|ho tro")
_DATE = (
    r"(?:(?P<day>[0-3]?[0-9]) ?[/.-] ?(?P<month>[01]?[0-9]) ?[/.-] ?(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9/])"
    r"|(?P<day2>[0-3]?[0-9]) thang (?P<month2>[01]?[0-9]) nam (?P<year2>(?:19|20)[0-9]{2}))"
)
_BIRTH = re.compile(
    r"(?<![a-z])(?<!hoc )(?<!tuyen )(?<!thi )(?<!ve )(?<!phat )(?<!giao )(?<!khai )(?<!moi )(?<!ho )"
    r"(?:sinh ngay|ngay sinh|ngay,? thang,? nam sinh|nam sinh|sinh nam|d\.?o\.?b|sn|ns)"
    r"(?: cua[^0-9\n:]{0,30}:)?(?:[ :.,()–-]|cua (?:em|chau|be|hs)){0,8}(?:ngay )?" + _DATE
)
_ANY_DATE = re.compile(r"(?<![0-9/])" + _DATE)
_BIRTH_YEAR = re.compile(r"(?<![a-z])(?:sinh nam|nam sinh|sn)[ :.]{0,3}(?P<year>(?:19|20)[0-9]{2})(?![0-9/.-])")
_RANGE_AFTER = re.compile(r"\s*(?:tro |den )")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![A-Za-z0-9-])"
)
_OFFICIAL_DOMAIN = re.compile(r"(?:^|\.)(?:edu|gov)\.vn$")
_FREE_MAIL = re.compile(r"^(?:gmail|yahoo|ymail|outlook|hotmail|live|icloud|zoho|proton|protonmail|msn)\.")
_ROLE_MAILBOX = re.compile(
    r"thcs|thpt|mamnon|tieuhoc|truong|c[123][a-z]|pgd|sgd|ubnd|vanthu|vanphong|tuyensinh|info|contact|lienhe|hotro|"
    r"support|congdoan|chidoan|liendoi|bientap|admin|no-?reply|thuvien|(?:mn|th)[._-]"
)
_ADDRESS = re.compile(
    r"(?:dia chi thuong tru|noi thuong tru|ho khau thuong tru|ho khau|thuong tru(?: tai)?|dia chi nha(?: rieng)?|"
    r"noi o(?: hien nay| hien tai)?|cho o(?: hien nay| hien tai)?|dia chi lien lac|noi cu tru|tam tru(?: tai)?)"
    r"(?:[ :.,–-]|cua (?:em|hs|hoc sinh|gia dinh|phu huynh)|tai |\([^()\n]{0,30}\)){0,8}(?P<value>[^\n]{5,120})"
)
_HOUSE = re.compile(r"^[^0-9]{0,30}[0-9]")
_STREET = re.compile(r"duong|phuong|\bxa\b|\bap\b|khu pho|\bto\b|thon|hem|quan|huyen|\bkp|\bp\.|\bq\.|chung cu")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of NFC text; `folded` is as long as `text`. `near_name`: a person is named on it or just above."""

    text: str
    folded: str
    near_name: bool = False

    @classmethod
    def of(cls, text: str, *, near_name: bool = False) -> "Line":
        return cls(text, fold(text), near_name)


def hits_in_line(line: Line, own: Own) -> Iterator[Hit]:
    """Everything but names. A number counts once, as the first kind it fits."""
    text, folded = line.text, line.folded
    if "@" in text:
        yield from _emails(text, own)
    if not any("0" <= char <= "9" for char in text):
        return
    hits: list[Hit] = []

    def take(pattern: re.Pattern[str], source: str, judge: Callable[[re.Match[str]], Hit | None]) -> str:
        """`source` with the numbers that were recognised blanked out, at the same length."""

        def judged(found: re.Match[str]) -> str:
            hit = judge(found)
            if hit is None:
                return found.group()
            hits.append(hit)
            return _FILLER * len(found.group())

        return pattern.sub(judged, source)

    before_insurance = text
    text = take(_INSURANCE, text, _insurance)
    if text is not before_insurance:
        folded = _carried(folded, text)
    folded = take(_SOCIAL_INSURANCE, folded, _social_insurance)
    folded = take(_ACCOUNT, folded, lambda found: _account(found, own))
    folded = take(_CITIZEN, folded, _citizen)
    folded = take(_CITIZEN_SHORT, folded, _short_citizen)
    folded = take(_PHONE, folded, lambda found: _phone(found, own))
    folded = take(_SHORT_PHONE, folded, lambda found: _short_phone(found, own))
    folded = take(_BIRTH, folded, _birth)
    if line.near_name:
        folded = take(_BIRTH_YEAR, folded, _birth_year)
        take(_ADDRESS, folded, _address)
    yield from hits


def birth_dates(line: Line) -> list[str]:
    """Dates on a line that a living person may be born on, for lines that hold a name."""
    made = (_date_of(found) for found in _ANY_DATE.finditer(line.folded))
    return [day for day in made if day]


def _carried(folded: str, text: str) -> str:
    """`folded` with the stretches blanked out that are blanked out in `text`."""
    return "".join(_FILLER if blank == _FILLER else char for char, blank in zip(folded, text, strict=True))


def _before(found: re.Match[str], most: int) -> str:
    return found.string[max(0, found.start() - most) : found.start()]


def _insurance(found: re.Match[str]) -> Hit | None:
    is_other = found["group"] in _OTHER_WORDS and not found.group()[2].isdigit()
    if is_other or found["group"] not in _INSURED_GROUPS:
        return None
    number = digits_of(found.group())
    return Hit(
        Kind.INSURANCE, Severity.MUST_EXPLAIN, found["group"] + number, f"{found['group']}{number[:1]}…{number[-2:]}"
    )


def _social_insurance(found: re.Match[str]) -> Hit:
    return Hit(Kind.INSURANCE, Severity.MUST_EXPLAIN, found["number"], mask_number(found["number"]))


def _account(found: re.Match[str], own: Own) -> Hit | None:
    gap, number = found["gap"], found["number"]
    after = found.string[found.end() : found.end() + 80]
    digits = digits_of(number)
    if _NO_BANK.search(gap) or _AMOUNT.match(after) or _YEARS.fullmatch(number) or _DAY_SHAPE.match(number):
        return None
    if digits in own.accounts or _TREASURY.search(gap + after):
        return None
    severity = Severity.NOTICE if _OFFICE.search(_before(found, 40) + gap + after) else Severity.MUST_EXPLAIN
    return Hit(Kind.BANK_ACCOUNT, severity, digits, mask_number(digits))


def _citizen(found: re.Match[str]) -> Hit | None:
    digits = digits_of(found.group())
    if not _CITIZEN_WORDS.search(_before(found, 40)):
        groups = tuple(len(group) for group in re.split(f"{_GAP}", found.group()))
        if groups not in _PLAIN_GROUPS or not _is_citizen(digits):
            return None
    return Hit(Kind.CITIZEN_ID, Severity.MUST_EXPLAIN, digits, mask_number(digits))


def _is_citizen(digits: str) -> bool:
    """Province, then century and sex, then a year of birth that a living person may have."""
    if digits[:3] not in _PROVINCES or digits[3] not in "0123":
        return False
    year = (1900 if digits[3] in "01" else 2000) + int(digits[4:6])
    return _OLDEST_YEAR <= year <= _LATEST_YEAR


def _short_citizen(found: re.Match[str]) -> Hit | None:
    """Nine digits of the old card, or eleven where a spreadsheet ate the first zero: only after a word saying so."""
    if not _CITIZEN_WORDS.search(_before(found, 40)):
        return None
    return Hit(Kind.CITIZEN_ID, Severity.MUST_EXPLAIN, found.group(), mask_number(found.group()))


def _phone(found: re.Match[str], own: Own) -> Hit | None:
    lengths = [len(group) for group in re.findall("[0-9]+", found["rest"])]
    gaps = set(re.findall("[^0-9)]+", found["rest"]))
    if len(lengths) > 5 or min(lengths[1:], default=2) < 2 or (len(lengths) > 4 and len(gaps) > 1):
        return None
    following = found.string[found.end() : found.end() + 2]
    if _DAY_SHAPE.match(found.group()):
        return None
    if len(following) == 2 and following[0] in ".-" and following[0] in found.group() and following[1].isdigit():
        return None
    return _person_phone(found, local_phone(found.group()), own)


def _short_phone(found: re.Match[str], own: Own) -> Hit | None:
    """Nine digits under a heading for phones, where a spreadsheet ate the first zero."""
    if not _PHONE_HEADING.search(_before(found, 50)):
        return None
    return _person_phone(found, "0" + found.group(), own)


def _person_phone(found: re.Match[str], digits: str, own: Own) -> Hit | None:
    if digits in own.phones or _NOT_PHONE.search(_before(found, 40)):
        return None
    around = _before(found, 80) + found.string[found.end() : found.end() + 40]
    severity = Severity.NOTICE if _CONTACT.search(around) else Severity.MUST_EXPLAIN
    return Hit(Kind.PHONE, severity, digits, mask_number(digits))


def _date_of(found: re.Match[str]) -> str:
    """`d/m/yyyy` when it is a day in the life of a living person, else nothing."""
    day, month = int(found["day"] or found["day2"]), int(found["month"] or found["month2"])
    year = int(found["year"] or found["year2"])
    if year < 100:
        year += 2000 if year <= _LATEST_YEAR - 2000 else 1900
    plausible = 1 <= day <= 31 and 1 <= month <= 12 and _OLDEST_YEAR <= year <= _LATEST_YEAR
    return f"{day}/{month}/{year}" if plausible else ""


def mask_date(day: str) -> str:
    return f"…/…/{day.rpartition('/')[2]}"


def _birth(found: re.Match[str]) -> Hit | None:
    day = _date_of(found)
    # "Trẻ sinh ngày 01/01/2020 đến …" tells who may enrol, not who was born.
    if not day or _RANGE_AFTER.match(found.string[found.end() : found.end() + 8]):
        return None
    return Hit(Kind.BIRTH_DATE, Severity.MUST_EXPLAIN, day, mask_date(day))


def _birth_year(found: re.Match[str]) -> Hit | None:
    if not _OLDEST_YEAR <= int(found["year"]) <= _LATEST_YEAR:
        return None
    return Hit(Kind.BIRTH_YEAR, Severity.NOTICE, f"{found.start()}:{found['year']}", found["year"])


def _emails(text: str, own: Own) -> Iterator[Hit]:
    for found in _EMAIL.finditer(text):
        address = found.group().lower()
        name, _, domain = address.rpartition("@")
        is_person = bool(_FREE_MAIL.match(domain)) and not _ROLE_MAILBOX.match(name)
        if is_person and not own.owns_email(address) and not _OFFICIAL_DOMAIN.search(domain):
            yield Hit(Kind.EMAIL, Severity.NOTICE, address, mask_email(address))


def _address(found: re.Match[str]) -> Hit | None:
    value = found["value"]
    if not _HOUSE.match(value) or not _STREET.search(value):
        return None
    first = re.match(r"[^0-9]*([0-9]{1,2})", value)
    number = first[1] if first else ""
    return Hit(Kind.ADDRESS, Severity.MUST_EXPLAIN, value.strip(), f"số {number[:1]}…")
