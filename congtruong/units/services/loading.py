"""Many units at once from a list: units, host names and their places in the dated tree, in a handful of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from congtruong.core import audit
from congtruong.core.text import fold
from congtruong.units.enums import AUTHORITY_KINDS, Kind, Level, OversightKind
from congtruong.units.models import HostName, Oversight, Unit, Ward
from congtruong.units.rules.roster import RosterRow
from congtruong.units.rules.tree import Span
from congtruong.units.services.placing import lock_tree, rebuild_reach

DIRECTIVE_ON = date(2023, 10, 6)
TWO_TIERS_FROM = date(2025, 7, 1)
DIRECTIVE = "Công văn 2326/GDĐT-THCS ngày 06/10/2023 của Phòng Giáo dục và Đào tạo quận Bình Tân"
TWO_TIERS = "Chính quyền địa phương hai cấp từ ngày 01/07/2025 (Nghị quyết 1685/NQ-UBTVQH15)"
_DIRECTIVE_DISTRICT = "quan binh tan"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the operator should know about a row; the row was loaded."""

    line: int
    name: str
    text: str


@dataclass(slots=True)
class LoadReport:
    """What a load did. `unplaced` are units without a managing authority from 01/07/2025."""

    added: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unplaced: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Register:
    """The register as it stands before the load; one query for each part."""

    wards: dict[tuple[str, str], Ward]
    districts: dict[str, Unit]
    committees: dict[int, Unit]
    department: Unit | None
    by_code: dict[str, Unit]
    by_name: dict[tuple[str, int | None], Unit]
    hosts: set[str]
    with_host: set[int]
    budget_codes: set[str]
    oversights: dict[int, list[Oversight]]

    def district_of(self, row: RosterRow) -> Unit | None:
        wanted = f" {fold(row.district)} "
        return next((unit for name, unit in self.districts.items() if row.district and wanted in f" {name} "), None)

    def remember(self, plan: "_Plan") -> None:
        """Let later rows of the list meet this one as if it stood in the register already."""
        unit = plan.unit
        if plan.is_new:
            self.by_name[unit.name.casefold(), unit.old_ward_id] = unit
            if unit.moet_code:
                self.by_code[unit.moet_code] = unit
            if unit.budget_code:
                self.budget_codes.add(unit.budget_code)
        if plan.host:
            self.hosts.add(plan.host.name)


@dataclass(slots=True)
class _Plan:
    """One row with what it means in the register."""

    row: RosterRow
    unit: Unit
    is_new: bool
    edges: list[Oversight] = field(default_factory=list)
    host: HostName | None = None


@transaction.atomic
def load_roster(
    *,
    rows: Sequence[RosterRow],
    by: str,
    as_of: date = DIRECTIVE_ON,
    district_authority: Unit | None = None,
    department: Unit | None = None,
    source: str = "",
) -> LoadReport:
    """Add the units of a list that the register lacks, and complete what is missing around those it has.

    Until 30/06/2025 a unit is managed and professionally overseen by the office of its district; from 01/07/2025 the
    department oversees it professionally, and the committee of its ward manages it when the list names one ward.
    Authorities are looked up in the register unless given; a missing one leaves its edge out, with a remark.
    A known unit (same MOET code, else same name and old ward) keeps its record, hosts and edges; only a missing
    canonical host and edges for days without any are added. One audit line for the whole load, none when nothing
    changed.
    """
    lock_tree()
    register = _read_register(department)
    report = LoadReport()
    plans: list[_Plan] = []
    lines: dict[int, int] = {}
    for row in rows:
        plan = _plan_row(row, register, report)
        if plan is None:
            continue
        earlier = lines.setdefault(id(plan.unit), row.line)
        if earlier != row.line:
            report.refused.append(Remark(row.line, row.name, f"Cùng một đơn vị với dòng {earlier}. Hãy bỏ một dòng."))
            continue
        register.remember(plan)
        office = district_authority or register.district_of(row)
        plan.edges = _missing_edges(plan, office, register, as_of, report)
        plans.append(plan)
    _write(plans)
    for plan in plans:
        changed = plan.edges or plan.host
        target = report.added if plan.is_new else report.completed if changed else report.unchanged
        target.append(plan.row.name)
    if report.added or report.completed:
        audit.record(
            "units.roster.loaded",
            unit_id=None,
            subject=source or "Danh sách đơn vị",
            by=by,
            added=len(report.added),
            completed=len(report.completed),
            unchanged=len(report.unchanged),
            refused=len(report.refused),
            as_of=as_of.isoformat(),
        )
    return report


def _read_register(department: Unit | None) -> _Register:
    units = list(Unit.objects.select_related("ward"))
    schools = [unit for unit in units if unit.kind not in AUTHORITY_KINDS]
    authorities = [unit for unit in units if unit.kind in AUTHORITY_KINDS]
    departments = [unit for unit in authorities if unit.kind == Kind.DEPARTMENT]
    hosts = list(HostName.objects.values_list("name", "unit_id", "is_canonical"))
    oversights: dict[int, list[Oversight]] = {}
    for edge in Oversight.objects.all():
        oversights.setdefault(edge.unit_id, []).append(edge)
    return _Register(
        wards={_ward_key(ward.district, ward.name): ward for ward in Ward.objects.all()},
        districts={fold(unit.name): unit for unit in authorities if unit.kind == Kind.DISTRICT_OFFICE},
        committees={
            unit.ward_id: unit for unit in authorities if unit.kind == Kind.WARD_COMMITTEE and unit.ward_id is not None
        },
        # With two departments nobody can tell which one is meant.
        department=department or (departments[0] if len(departments) == 1 else None),
        by_code={unit.moet_code: unit for unit in units if unit.moet_code},
        by_name={(unit.name.casefold(), unit.old_ward_id): unit for unit in schools if unit.closed_on is None},
        hosts={name for name, _, _ in hosts},
        with_host={unit_id for _, unit_id, is_canonical in hosts if is_canonical},
        budget_codes={unit.budget_code for unit in units if unit.budget_code},
        oversights=oversights,
    )


def _ward_key(district: str, name: str) -> tuple[str, str]:
    return fold(district), fold(name).removeprefix("phuong ")


def _plan_row(row: RosterRow, register: _Register, report: LoadReport) -> _Plan | None:
    """The unit of a row, found or new, with its missing host; None when the row contradicts the register."""
    old_ward = register.wards.get(_ward_key(row.district, row.old_ward)) if row.old_ward else None
    if row.old_ward and old_ward is None:
        _remark(report, row, f"Chưa có phường cũ “{row.old_ward}” ({row.district}) trong danh mục phường; để trống.")
    namesake = register.by_name.get((row.name.casefold(), old_ward.pk if old_ward else None))
    found = register.by_code.get(row.moet_code) or namesake
    reason = _contradiction(row, found, register)
    if reason:
        report.refused.append(Remark(row.line, row.name, reason))
        return None
    unit = found or _new_unit(row, old_ward, _ward_of(row, register, report))
    return _Plan(row, unit, is_new=found is None, host=_missing_host(row, found, unit, register, report))


def _contradiction(row: RosterRow, found: Unit | None, register: _Register) -> str:
    if found is None:
        if row.budget_code in register.budget_codes:
            return f"Mã đơn vị quan hệ ngân sách {row.budget_code} đã thuộc đơn vị khác. Hãy kiểm tra lại."
        return ""
    if row.moet_code and found.moet_code and found.moet_code != row.moet_code:
        return f"Đã có đơn vị cùng tên, cùng phường với mã trường {found.moet_code}. Hãy kiểm tra mã trường."
    if row.moet_code and found.moet_code == row.moet_code:
        return ""
    offices = {edge.authority_id for edge in register.oversights.get(found.pk, []) if edge.to_on is not None}
    offices &= {unit.pk for unit in register.districts.values()}
    district = register.district_of(row)
    if not row.old_ward and district is not None and offices and district.pk not in offices:
        return "Đã có đơn vị cùng tên ở quận khác. Hãy ghi phường cũ hoặc mã trường để phân biệt."
    return ""


def _ward_of(row: RosterRow, register: _Register, report: LoadReport) -> Ward | None:
    """The present ward, only when the list leaves no choice."""
    if len(row.ward_candidates) != 1:
        return None
    ward = register.wards.get(_ward_key("", row.ward_candidates[0]))
    if ward is None:
        _remark(report, row, f"Chưa có phường “{row.ward_candidates[0]}” trong danh mục phường; để trống.")
    return ward


def _new_unit(row: RosterRow, old_ward: Ward | None, ward: Ward | None) -> Unit:
    return Unit(
        kind=row.kind,
        levels=int(row.levels),
        ownership=row.ownership,
        name=row.name,
        short_name=row.short_name,
        search_name=fold(f"{row.name} {row.short_name}")[:400],
        moet_code=row.moet_code or None,
        budget_code=row.budget_code or None,
        tax_code=row.tax_code,
        address=row.address,
        old_ward=old_ward,
        ward=ward,
        phone=row.phone,
        email=row.email,
        responsible_name=row.responsible_name,
        responsible_title=row.responsible_title,
    )


def _missing_host(
    row: RosterRow, found: Unit | None, unit: Unit, register: _Register, report: LoadReport
) -> HostName | None:
    if found is not None and found.pk in register.with_host:
        return None
    if not row.host:
        _remark(report, row, "Chưa có tên miền. Hãy thêm tên miền sau khi nạp.")
        return None
    if row.host in register.hosts:
        _remark(report, row, f"Tên miền {row.host} đã thuộc đơn vị khác; chưa gán. Hãy chọn tên miền khác.")
        return None
    return HostName(unit=unit, name=row.host, is_canonical=True)


def _missing_edges(
    plan: _Plan, office: Unit | None, register: _Register, as_of: date, report: LoadReport
) -> list[Oversight]:
    """The edges the rule wants for days on which the unit has none of that kind."""
    row, unit = plan.row, plan.unit
    if unit.closed_on is not None:
        return []
    before = Span(as_of, TWO_TIERS_FROM - timedelta(days=1))
    now = Span(max(as_of, TWO_TIERS_FROM), None)
    wanted: list[tuple[OversightKind, Unit | None, Span, str]] = []
    if as_of < TWO_TIERS_FROM:
        reason = DIRECTIVE if fold(row.district) == _DIRECTIVE_DISTRICT else f"Trường trên địa bàn {row.district}"
        wanted += [(kind, office, before, reason) for kind in OversightKind]
    wanted.append((OversightKind.PROFESSIONAL, register.department, now, TWO_TIERS))
    committee = register.committees.get(unit.ward_id) if unit.ward_id is not None else None
    wanted.append((OversightKind.MANAGING, committee, now, TWO_TIERS))

    edges: list[Oversight] = []
    existing = register.oversights.get(unit.pk, []) if unit.pk else []
    for kind, authority, span, reason in wanted:
        if any(edge.kind == kind and Span(edge.from_on, edge.to_on) & span for edge in existing):
            continue
        if authority is None:
            _tell_missing(report, plan, kind, span)
        else:
            edges.append(
                Oversight(
                    unit=unit, authority=authority, kind=kind, from_on=span.from_on, to_on=span.to_on, reason=reason
                )
            )
    if plan.is_new and row.levels & Level.UPPER_SECONDARY:
        _remark(report, row, "Có cấp THPT, thường do Sở quản lý. Hãy kiểm tra lại cơ quan quản lý trực tiếp.")
    return edges


def _tell_missing(report: LoadReport, plan: _Plan, kind: OversightKind, span: Span) -> None:
    row, unit = plan.row, plan.unit
    if span.to_on is not None:
        if kind == OversightKind.MANAGING:
            where = f"của “{row.district}”" if row.district else "vì dòng này không ghi quận"
            _remark(report, row, f"Chưa có Phòng Giáo dục và Đào tạo {where}; bỏ quan hệ quản lý đến 30/06/2025.")
    elif kind == OversightKind.PROFESSIONAL:
        _remark(report, row, "Chưa xác định được Sở Giáo dục và Đào tạo; bỏ quan hệ chuyên môn từ 01/07/2025.")
    elif unit.ward is not None:
        text = f"chưa có Ủy ban nhân dân phường {unit.ward.name} trong danh sách đơn vị"
        report.unplaced.append(Remark(row.line, row.name, text))
    else:
        candidates = ", ".join(row.ward_candidates)
        text = f"phường có thể: {candidates}" if candidates else "chưa biết phường"
        report.unplaced.append(Remark(row.line, row.name, text))


def _write(plans: Iterable[_Plan]) -> None:
    """Units first, so that hosts and edges know their keys; then the closure, once."""
    plans = list(plans)
    Unit.objects.bulk_create([plan.unit for plan in plans if plan.is_new])
    HostName.objects.bulk_create([plan.host for plan in plans if plan.host])
    edges = [edge for plan in plans for edge in plan.edges]
    Oversight.objects.bulk_create(edges)
    if edges:
        rebuild_reach({edge.unit_id for edge in edges})


def _remark(report: LoadReport, row: RosterRow, text: str) -> None:
    report.remarks.append(Remark(row.line, row.name, text))
