"""The list of units as a table in text form, read row by row. Pure: no database, no files.

A wrong row is reported with its line number and reason; the others go on. Rows that lost or gained cells are
repaired only where one reading is possible: a name with unquoted commas, or empty cells left out of the middle.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from congtruong.core.errors import DomainError
from congtruong.core.text import squeeze
from congtruong.units.enums import Kind, Level, Ownership
from congtruong.units.rules.naming import level_code, type_codes

REQUIRED = ("name", "level")
_HOST = "suggested_subdomain_generated"
_KINDS = {
    "mn": (Kind.PRESCHOOL, Level.PRESCHOOL),
    "th": (Kind.PRIMARY, Level.PRIMARY),
    "thcs": (Kind.LOWER_SECONDARY, Level.LOWER_SECONDARY),
    "ttgdtx": (Kind.CENTRE, Level.CONTINUING),
}
_LEVELS = {
    "mn": Level.PRESCHOOL,
    "th": Level.PRIMARY,
    "thcs": Level.LOWER_SECONDARY,
    "thpt": Level.UPPER_SECONDARY,
}
_OWNERSHIPS = {
    "cong_lap": Ownership.PUBLIC,
    "công lập": Ownership.PUBLIC,
    "cl": Ownership.PUBLIC,
    "ngoai_cong_lap": Ownership.PRIVATE,
    "ngoài công lập": Ownership.PRIVATE,
    "ncl": Ownership.PRIVATE,
}
# Lengths of the columns the values go to; a database would refuse the whole load.
_MOST = {
    "name": 200,
    "short_name": 120,
    "address": 200,
    "phone": 30,
    "email": 254,
    "responsible_name": 120,
    "responsible_title": 120,
    "host": 253,
}
_TITLES = {
    "name": "Tên đơn vị",
    "short_name": "Tên ngắn",
    "address": "Địa chỉ",
    "phone": "Số điện thoại",
    "email": "Thư điện tử",
    "responsible_name": "Người chịu trách nhiệm",
    "responsible_title": "Chức vụ",
    "host": "Tên miền",
}
_CODES = (
    ("moet_code", re.compile(r"\d{8,12}"), "Mã trường “{}” không đúng. Mã gồm 8 đến 12 chữ số, ví dụ 79777513."),
    (
        "budget_code",
        re.compile(r"[1-378]\d{6}"),
        "Mã đơn vị quan hệ ngân sách “{}” không đúng. Mã có 7 chữ số, bắt đầu bằng 1, 2, 3, 7 hoặc 8.",
    ),
    (
        "tax_code",
        re.compile(r"\d{10}(-?\d{3})?|\d{12}"),
        "Mã số thuế “{}” không đúng. Mã có 10, 13 hoặc 12 chữ số.",
    ),
    (
        "host",
        re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"),
        "Tên miền “{}” không đúng. Hãy viết không dấu, ví dụ thcshovanlong.hcm.edu.vn.",
    ),
)


class RosterError(DomainError):
    """The text as a whole is not a list of units."""

    code = "units.not_a_roster"
    message = "Tệp không có dòng tiêu đề. Dòng đầu phải có ít nhất các cột name, level."


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One unit of the list; texts are NFC and trimmed, empty when not given."""

    line: int
    name: str
    kind: Kind
    levels: Level
    ownership: Ownership = Ownership.PUBLIC
    district: str = ""
    old_ward: str = ""
    ward_candidates: tuple[str, ...] = ()
    address: str = ""
    host: str = ""
    short_name: str = ""
    moet_code: str = ""
    budget_code: str = ""
    tax_code: str = ""
    phone: str = ""
    email: str = ""
    responsible_name: str = ""
    responsible_title: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was left out, for the person who keeps the list."""

    line: int
    reason_vi: str


@dataclass(slots=True)
class _Seen:
    """First line of each value that must not come twice."""

    lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def clash(self, row: RosterRow) -> str:
        """Reason when an earlier row holds the same name, code or host; else remembers the row."""
        place = (row.old_ward.casefold(), row.district.casefold() if row.old_ward else "")
        keys: list[tuple[tuple[str, ...], str]] = [
            (("name", row.name.casefold(), *place), "tên và phường cũ"),
            (("moet", row.moet_code), "mã trường"),
            (("budget", row.budget_code), "mã đơn vị quan hệ ngân sách"),
            (("host", row.host), "tên miền"),
        ]
        keys = [(key, title) for key, title in keys if key[1]]
        for key, title in keys:
            if key in self.lines:
                return f"Trùng {title} với dòng {self.lines[key]}. Hãy bỏ bớt một dòng hoặc sửa lại cho khác nhau."
        self.lines.update({key: row.line for key, _ in keys})
        return ""


def read_roster(text: str) -> tuple[list[RosterRow], list[Problem]]:
    """Rows and problems of a CSV text with commas or semicolons; lines are counted from 1, the header's.

    Raises `RosterError` when the header is missing.
    """
    text = text.removeprefix("\ufeff")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows: list[RosterRow] = []
    problems: list[Problem] = []
    header: list[str] = []
    seen = _Seen()
    before = 0
    try:
        for cells in table:
            line, before = before + 1, table.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells)
                continue
            outcome = _read_row(line, header, [squeeze(cell) for cell in cells])
            clash = seen.clash(outcome) if isinstance(outcome, RosterRow) else ""
            if isinstance(outcome, RosterRow) and not clash:
                rows.append(outcome)
            else:
                problems.append(Problem(line, clash or str(outcome)))
    except csv.Error:
        problems.append(Problem(before + 1, "Không đọc được từ dòng này. Hãy kiểm tra dấu ngoặc kép và lưu lại tệp."))
    if not header:
        raise RosterError
    return rows, problems


def _header(cells: list[str]) -> list[str]:
    header = [squeeze(cell).lower() for cell in cells]
    if not set(REQUIRED) <= set(header):
        raise RosterError
    return header


def _read_row(line: int, header: list[str], cells: list[str]) -> RosterRow | str:
    """The row, or the reason in Vietnamese why it cannot be used."""
    aligned = _align(header, cells)
    if aligned is None:
        return (
            f"Dòng có {len(cells)} ô, tiêu đề có {len(header)} cột. "
            "Hãy đặt ô có dấu phẩy trong ngoặc kép và giữ đủ các ô trống."
        )
    value = dict(zip(header, aligned, strict=True))
    value["host"] = (value.get("host") or value.get(_HOST, "")).lower().rstrip(".")
    name = value["name"]
    if not name:
        return "Thiếu tên đơn vị. Hãy ghi tên đầy đủ của đơn vị."
    kinds = _kind_and_levels(value["level"], name)
    if isinstance(kinds, str):
        return kinds
    ownership = _OWNERSHIPS.get(value.get("ownership", "").casefold() or "cong_lap")
    if ownership is None:
        return f"Không có loại hình “{value['ownership']}”. Hãy ghi cong_lap hoặc ngoai_cong_lap."
    reason = _wrong_value(value)
    if reason:
        return reason

    def given(column: str) -> str:
        return value.get(column, "")

    return RosterRow(
        line=line,
        name=name,
        kind=kinds[0],
        levels=kinds[1],
        ownership=ownership,
        district=given("district_pre_2025"),
        old_ward=given("ward_pre_2025"),
        ward_candidates=tuple(w for part in re.split(r"[|;]", given("ward_2025_candidates")) if (w := part.strip())),
        address=given("address"),
        host=given("host"),
        short_name=given("short_name"),
        moet_code=given("moet_code"),
        budget_code=given("budget_code"),
        tax_code=given("tax_code"),
        phone=given("phone"),
        email=given("email"),
        responsible_name=given("responsible_name"),
        responsible_title=given("responsible_title"),
    )


def _wrong_value(value: dict[str, str]) -> str:
    for column, most in _MOST.items():
        if len(value.get(column, "")) > most:
            return f"{_TITLES[column]} dài {len(value[column])} ký tự, tối đa {most}. Hãy rút ngắn."
    for column, pattern, reason in _CODES:
        given = value.get(column, "")
        if given and not pattern.fullmatch(given):
            return reason.format(given)
    email = value.get("email", "")
    if email and not _is_email(email):
        return f"Thư điện tử “{email}” không đúng. Hãy kiểm tra lại."
    return ""


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _kind_and_levels(level: str, name: str) -> tuple[Kind, Level] | str:
    """Kind and levels of a row; a multi-level school tells its levels in `level` (`TH+THCS`) or in its name."""
    if not level:
        return "Thiếu cấp học. Hãy ghi MN, TH, THCS, GDTX hoặc nhieu_cap."
    several = [level_code(part) or "" for part in re.split(r"\s*[+,/&]\s*", level)]
    code = several[0] if len(several) == 1 else "nhieu_cap"
    if code in _KINDS:
        return _KINDS[code]
    if code == "nhieu_cap":
        codes = several if len(several) > 1 else list(type_codes(name))
        levels = Level(0)
        for part in codes:
            levels |= _LEVELS.get(part, Level(0))
        if codes and all(part in _LEVELS for part in codes):
            return Kind.MULTI_LEVEL, levels
        return "Không rõ trường có những cấp nào. Hãy ghi các cấp vào cột level, ví dụ TH+THCS."
    if code == "thpt":
        return "Trường chỉ có cấp THPT thuộc Sở, không nằm trong danh sách theo quận. Hãy bỏ dòng này."
    return f"Không có cấp học “{level}”. Hãy ghi MN, TH, THCS, GDTX hoặc nhieu_cap."


def _align(header: list[str], cells: list[str]) -> list[str] | None:
    """As many cells as the header has columns, or None when more than one reading is possible."""
    missing = len(header) - len(cells)
    if missing == 0:
        return cells
    if missing < 0:
        while len(cells) > len(header) and not cells[-1]:
            cells = cells[:-1]
        return cells if len(cells) == len(header) else _join_name(header, cells)
    return _only([cells[:at] + [""] * missing + cells[at:] for at in range(len(cells) + 1)], header)


def _join_name(header: list[str], cells: list[str]) -> list[str] | None:
    """A name whose commas were not quoted: put its pieces together again."""
    at = header.index("name")
    surplus = len(cells) - len(header)
    joined = [*cells[:at], ", ".join(cells[at : at + surplus + 1]), *cells[at + surplus + 1 :]]
    return joined if _plausible(header, joined) else None


def _only(readings: list[list[str]], header: list[str]) -> list[str] | None:
    plausible = {tuple(reading) for reading in readings if _plausible(header, reading)}
    return list(plausible.pop()) if len(plausible) == 1 else None


def _is_district(cell: str) -> bool:
    return cell.casefold().startswith(("quận ", "huyện ", "thị xã ", "thành phố "))


_CONFIDENCES = frozenset({"high", "medium-high", "medium", "low-medium", "low"})
_SHAPES: dict[str, Callable[[str], bool]] = {
    "name": bool,
    "moet_code": lambda cell: not cell or cell.isdigit(),
    "level": lambda cell: all(level_code(part) for part in re.split(r"\s*[+,/&]\s*", cell)),
    "ownership": lambda cell: not cell or cell.casefold() in _OWNERSHIPS,
    "confidence": lambda cell: not cell or cell in _CONFIDENCES,
    "district_pre_2025": lambda cell: not cell or _is_district(cell),
    "ward_pre_2025": lambda cell: cell not in _CONFIDENCES and not _is_district(cell),
    "ward_2025_candidates": lambda cell: cell not in _CONFIDENCES and not _is_district(cell),
    "address": lambda cell: cell not in _CONFIDENCES and not _is_district(cell),
    _HOST: lambda cell: not cell or ("." in cell and " " not in cell),
    "host": lambda cell: not cell or ("." in cell and " " not in cell),
}


def _plausible(header: list[str], cells: list[str]) -> bool:
    return all(_SHAPES[column](cell) for column, cell in zip(header, cells, strict=True) if column in _SHAPES)
