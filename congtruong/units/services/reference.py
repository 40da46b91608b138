"""Reference tables shipped with the product: city labels, suffixes, wards and how they changed in 2025."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import OperationalError, ProgrammingError

from congtruong.core import audit
from congtruong.core.text import fold, squeeze
from congtruong.units.models import CityLabel, DomainSuffix, HostName, Ward, WardSuccession
from congtruong.units.rules.domains import Label, Suffix, read_labels, read_suffixes

# Resolution 1685/NQ-UBTVQH15: the new wards exist from this day, districts and old wards until the day before.
NEW_WARDS_FROM = date(2025, 7, 1)
OLD_WARDS_TO = date(2025, 6, 30)
_CODE_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class ReferenceLoaded:
    """How many rows a load inserted."""

    labels: int
    suffixes: int
    wards: int
    successions: int

    @property
    def total(self) -> int:
        return self.labels + self.suffixes + self.wards + self.successions


@dataclass(frozen=True, slots=True)
class DomainData:
    """What `rules.domains` needs to know: rows in use and the host names of other units."""

    labels: tuple[Label, ...]
    suffixes: tuple[Suffix, ...]
    taken: frozenset[str] = frozenset()


def shipped_text(name: str) -> str:
    """Text of a table in `congtruong/units/data`."""
    return (resources.files("congtruong.units") / "data" / name).read_text(encoding="utf-8")


@transaction.atomic
def load_reference(*, by: str) -> ReferenceLoaded:
    """Insert the shipped rows that are missing. Never changes a row, so that an operator's edits stay.

    A label or suffix counts as present under any date: an operator who moved its dates keeps them.
    """
    new_wards, successions = _load_wards()
    loaded = ReferenceLoaded(labels=_load_labels(), suffixes=_load_suffixes(), wards=new_wards, successions=successions)
    if loaded.total:
        audit.record(
            "units.reference.loaded",
            unit_id=None,
            subject="Bảng tham chiếu kèm phần mềm",
            by=by,
            labels=loaded.labels,
            suffixes=loaded.suffixes,
            wards=loaded.wards,
            successions=loaded.successions,
        )
    return loaded


def domain_data(*, unit_name: str, starts: Iterable[str]) -> DomainData:
    """Labels and suffixes, the database's over the shipped ones, and taken hosts that begin with one of `starts`.

    Hosts of a unit of the same name are its own, not taken. Without a migrated database the shipped rows answer
    alone; a missing SQLite file is not created.
    """
    shipped = DomainData(
        read_labels(shipped_text("city_labels.csv")), read_suffixes(shipped_text("domain_suffixes.csv"))
    )
    if not _database_exists():
        return shipped
    try:
        return DomainData(
            labels=_labels_over(shipped.labels),
            suffixes=_suffixes_over(shipped.suffixes),
            taken=_taken(unit_name, starts),
        )
    except (OperationalError, ProgrammingError):
        # Not migrated yet, or not reachable: the rule itself needs no database.
        return shipped


def _database_exists() -> bool:
    if connection.vendor != "sqlite":
        return True
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name or Path(name).is_file()


def _labels_over(shipped: tuple[Label, ...]) -> tuple[Label, ...]:
    kept = tuple(Label(row.label, row.area, row.from_on, row.to_on) for row in CityLabel.objects.order_by("pk"))
    known = {row.label for row in kept}
    return kept + tuple(row for row in shipped if row.label not in known)


def _suffixes_over(shipped: tuple[Suffix, ...]) -> tuple[Suffix, ...]:
    kept = tuple(
        Suffix(row.suffix, row.area, row.city_label, row.from_on, row.to_on)
        for row in DomainSuffix.objects.order_by("pk")
    )
    known = {(row.city_label, row.suffix) for row in kept}
    return kept + tuple(row for row in shipped if (row.city_label, row.suffix) not in known)


def _taken(unit_name: str, starts: Iterable[str]) -> frozenset[str]:
    begins = Q(pk__in=[])
    for start in starts:
        begins |= Q(name__startswith=start)
    own = fold(squeeze(unit_name))
    hosts = HostName.objects.filter(begins).values_list("name", "unit__name")
    return frozenset(name for name, owner in hosts if fold(owner) != own)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shipped_text(name))))


def _source(row: dict[str, str]) -> str:
    return f"{row['source']} (độ tin cậy: {row['confidence']})"[:300]


def _load_labels() -> int:
    known = set(CityLabel.objects.values_list("label", flat=True))
    sources = [_source(row) for row in _rows("city_labels.csv")]
    rows = [
        CityLabel(label=row.label, area=row.area, from_on=row.from_on, to_on=row.to_on, source=source)
        for row, source in zip(read_labels(shipped_text("city_labels.csv")), sources, strict=True)
        if row.label not in known
    ]
    return len(CityLabel.objects.bulk_create(rows))


def _load_suffixes() -> int:
    known = set(DomainSuffix.objects.values_list("city_label", "suffix"))
    sources = [_source(row) for row in _rows("domain_suffixes.csv")]
    rows = [
        DomainSuffix(
            suffix=row.suffix,
            area=row.area,
            city_label=row.city_label,
            from_on=row.from_on,
            to_on=row.to_on,
            source=source,
        )
        for row, source in zip(read_suffixes(shipped_text("domain_suffixes.csv")), sources, strict=True)
        if (row.city_label, row.suffix) not in known
    ]
    return len(DomainSuffix.objects.bulk_create(rows))


def _load_wards() -> tuple[int, int]:
    """Wards before and after 1 July 2025, and what went into what; numbers of rows inserted."""
    wanted: dict[tuple[str, str, str], Ward] = {}
    pairs: dict[tuple[tuple[str, str, str], tuple[str, str, str]], bool] = {}
    for row in _rows("admin_units_binh_tan.csv"):
        province = _bare(row["province"])
        old = (province, _bare(row["old_district"]), squeeze(row["old_ward"]))
        new = (province, "", squeeze(row["new_ward"]))
        wanted[old] = Ward(province=old[0], district=old[1], name=old[2], to_on=OLD_WARDS_TO)
        wanted[new] = Ward(
            province=new[0], district="", name=new[2], gso_code=row["new_ward_gso_code"], from_on=NEW_WARDS_FROM
        )
        pairs[old, new] = row["relation"] == "whole"
    present = _wards_by_key()
    made = Ward.objects.bulk_create([ward for key, ward in wanted.items() if key not in present])
    ids = present | _wards_by_key() if made else present
    known = set(WardSuccession.objects.values_list("old_id", "new_id"))
    successions = [
        WardSuccession(old_id=ids[old], new_id=ids[new], is_whole=is_whole)
        for (old, new), is_whole in pairs.items()
        if (ids[old], ids[new]) not in known
    ]
    return len(made), len(WardSuccession.objects.bulk_create(successions))


def _wards_by_key() -> dict[tuple[str, str, str], int]:
    return {
        (province, district, name): pk
        for pk, province, district, name in Ward.objects.values_list("pk", "province", "district", "name")
    }


def _bare(text: str) -> str:
    """`Quận Bình Tân (mã 777)` → `Quận Bình Tân`."""
    return squeeze(_CODE_IN_BRACKETS.sub("", text))
