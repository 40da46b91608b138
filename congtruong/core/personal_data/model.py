"""What the guard says, and the unit's own numbers that it leaves alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from congtruong.core.personal_data import phrases


class Kind(StrEnum):
    CITIZEN_ID = "can-cuoc"
    PHONE = "dien-thoai"
    BIRTH_DATE = "ngay-sinh"
    BIRTH_YEAR = "nam-sinh"
    BANK_ACCOUNT = "tai-khoan"
    ADDRESS = "dia-chi"
    EMAIL = "thu-dien-tu"
    INSURANCE = "bao-hiem"
    PUPIL_LIST = "danh-sach-hoc-sinh"
    NAME_LIST = "danh-sach-ho-ten"
    STAFF_LIST = "danh-sach-can-bo"
    PUPIL_NAME = "ten-hoc-sinh"


class Severity(StrEnum):
    MUST_EXPLAIN = "can-ly-do"
    NOTICE = "luu-y"


_SENTENCES = {
    Kind.CITIZEN_ID: phrases.CITIZEN_ID,
    Kind.PHONE: phrases.PHONE,
    Kind.BIRTH_DATE: phrases.BIRTH_DATE,
    Kind.BIRTH_YEAR: phrases.BIRTH_YEAR,
    Kind.BANK_ACCOUNT: phrases.BANK_ACCOUNT,
    Kind.ADDRESS: phrases.ADDRESS,
    Kind.EMAIL: phrases.EMAIL,
    Kind.INSURANCE: phrases.INSURANCE,
    Kind.PUPIL_LIST: phrases.PUPIL_LIST,
    Kind.NAME_LIST: phrases.NAME_LIST,
    Kind.STAFF_LIST: phrases.STAFF_LIST,
    Kind.PUPIL_NAME: phrases.PUPIL_NAME,
}
_MILD_SENTENCES = {Kind.PHONE: phrases.PHONE_NOTICE, Kind.BANK_ACCOUNT: phrases.BANK_ACCOUNT_NOTICE}


@dataclass(frozen=True, slots=True)
class Finding:
    """All places of one kind: how many, the first of them masked, and where it stands.

    `message` says what was found and what to do, to the person who is about to publish.
    """

    kind: Kind
    severity: Severity
    excerpt: str
    count: int
    place: str
    message: str

    @classmethod
    def of(cls, *, kind: Kind, severity: Severity, excerpt: str, count: int = 1, place: str = "") -> Self:
        mild = _MILD_SENTENCES.get(kind) if severity is Severity.NOTICE else None
        return cls(kind, severity, excerpt, count, place, (mild or _SENTENCES[kind]).format(count=count))

    @property
    def must_explain(self) -> bool:
        return self.severity is Severity.MUST_EXPLAIN

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "kind": Kind(stored["kind"]), "severity": Severity(stored["severity"])})


@dataclass(frozen=True, slots=True)
class Hit:
    """One place. `value` tells repeats apart and never leaves the guard."""

    kind: Kind
    severity: Severity
    value: str
    excerpt: str
    count: int = 1


_NOT_DIGIT = re.compile(r"[^0-9]")


def digits_of(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


def local_phone(text: str) -> str:
    """The digits of a phone number as dialled in Việt Nam: `+84 903…` → `0903…`."""
    digits = digits_of(text)
    return "0" + digits[2:].removeprefix("0") if digits.startswith("84") and len(digits) > 10 else digits


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to the unit itself and may stand anywhere."""

    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        phones: Iterable[str] = (),
        emails: Iterable[str] = (),
        domains: Iterable[str] = (),
        accounts: Iterable[str] = (),
    ) -> Self:
        """As people write them: any spacing, any case; empty ones are left out."""
        return cls(
            phones=frozenset(filter(None, map(local_phone, phones))),
            emails=frozenset(filter(None, (email.strip().lower() for email in emails))),
            domains=frozenset(filter(None, (domain.strip().lower() for domain in domains))),
            accounts=frozenset(filter(None, map(digits_of, accounts))),
        )

    def owns_email(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return address in self.emails or any(domain == own or domain.endswith("." + own) for own in self.domains)


def mask_number(number: str) -> str:
    """At most the first three and the last two digits: `0903123456` → `090…56`."""
    digits = digits_of(number)
    return f"{digits[:3]}…{digits[-2:]}" if len(digits) >= 9 else f"{digits[:1]}…{digits[-1:]}"


def mask_name(name: str) -> str:
    """Family name and initials: `Nguyễn Văn An` → `Nguyễn V. A.`"""
    first, *others = name.split()
    return " ".join([first.title(), *(f"{other[0].upper()}." for other in others)])


def mask_email(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:2] if len(name) > 4 else name[:1]}…@{domain}"
