"""What the settings screens show: palettes with their contrast, host names with the verdict on them."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from congtruong.units.enums import Theme
from congtruong.units.models import HostName, Unit
from congtruong.units.rules.domains import OK, Verdict, check_domain
from congtruong.units.rules.naming import level_code, unit_bases
from congtruong.units.services.reference import DomainData, domain_data

_BRAND = re.compile(r"--brand:(#[0-9a-f]{6})")
_BLOCK = re.compile(r"(?::root|\[data-theme=([a-z]+)\])\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Palette:
    """A palette of tokens.css; `contrast` is that of white words on its colour."""

    key: str
    name: str
    contrast: float

    @property
    def ratio(self) -> str:
        return f"{self.contrast:.1f}".replace(".", ",")


@cache
def palettes() -> tuple[Palette, ...]:
    """Every palette a unit may choose, with its contrast computed from the style sheet itself."""
    text = files("congtruong").joinpath("static", "css", "tokens.css").read_text(encoding="utf-8")
    # The first palette stands in :root.
    blocks = [(key or Theme.FLAMBOYANT.value, _BRAND.search(block)) for key, block in _BLOCK.findall(text)]
    colours = {key: brand[1] for key, brand in blocks if brand is not None}
    return tuple(Palette(theme.value, theme.label, _on_white(colours[theme.value])) for theme in Theme)


def _on_white(colour: str) -> float:
    """WCAG contrast between a colour and white."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host name and what the domain rule says of it; no verdict for kinds of units the rule does not know."""

    host: HostName
    verdict: Verdict | None

    @property
    def reasons(self) -> list[str]:
        return [reason for reason in self.verdict.parts.values() if reason != OK] if self.verdict is not None else []


def host_rows(unit: Unit, day: date) -> list[HostRow]:
    """The unit's host names, the canonical one first; a fixed number of queries.

    The rule is one for names below `edu.vn`: those of authorities below `gov.vn` follow another.
    """
    hosts = list(HostName.objects.filter(unit=unit).order_by("-is_canonical", "name"))
    if level_code(unit.kind) is None:
        return [HostRow(host, None) for host in hosts]
    bases = unit_bases(unit.name, unit.kind)
    data = domain_data(unit_name=unit.name, starts=[base.text for base in bases])
    own = {host.name for host in hosts}
    judged = [host for host in hosts if not (unit.is_authority and host.name.endswith(".gov.vn"))]
    return [HostRow(host, _verdict(unit, host.name, day, data, own) if host in judged else None) for host in hosts]


def _verdict(unit: Unit, name: str, day: date, data: DomainData, own: set[str]) -> Verdict:
    return check_domain(
        name,
        unit_name=unit.name,
        level=unit.kind,
        on=day,
        labels=data.labels,
        suffixes=data.suffixes,
        taken=data.taken - own,
    )
