"""How a portal looks: order of its home page, banner, own crest."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from congtruong.core import audit
from congtruong.core.text import squeeze
from congtruong.media.models import Asset
from congtruong.media.services import set_usages
from congtruong.portal import errors
from congtruong.portal.enums import HomeBlock
from congtruong.portal.models import SiteSettings
from congtruong.portal.rules.home import Arrangement, arrangement
from congtruong.portal.rules.targets import clean_target
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

_CREST_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What a person set for the banner of the home page."""

    asset_id: int
    alt: str
    title: str = ""
    caption: str = ""
    target: str = ""
    from_on: date | None = None
    to_on: date | None = None
    is_hero: bool = False
    own_host: str = ""


@transaction.atomic
def arrange_home(*, unit: Unit, order: list[tuple[str, bool]], by: str) -> Arrangement:
    """Put the parts of the home page in order, some of them off. What every home page shows stays on."""
    wanted = arrangement(order, is_authority=unit.is_authority)
    with unit_scope(unit.pk):
        settings = _settings(unit)
        before = arrangement(settings.home, is_authority=unit.is_authority)
        if before != wanted:
            settings.home = [[str(block.value), is_on] for block, is_on in wanted]
            settings.save(update_fields=["home"])
            changes = {"thứ tự": [_listed(before), _listed(wanted)]}
            audit.record("portal.home.arranged", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)
    return wanted


def _listed(blocks: Arrangement) -> str:
    return ", ".join(HomeBlock(block).label if is_on else f"{HomeBlock(block).label} (tắt)" for block, is_on in blocks)


@transaction.atomic
def set_banner(*, unit: Unit, banner: Banner, by: str) -> SiteSettings:
    """Show an image of the library on the home page between two days.

    Raises `NotAnImage`, `AltMissing`, `DatesReversed`, `TargetInvalid`, and of the library `ConsentMissing`.
    """
    alt = squeeze(banner.alt)[:300]
    if not alt:
        raise errors.AltMissing
    if banner.from_on and banner.to_on and banner.from_on > banner.to_on:
        raise errors.DatesReversed
    target = clean_target(banner.target, own_host=banner.own_host) if banner.target.strip() else ""
    with unit_scope(unit.pk):
        settings, asset = _settings(unit), _image(unit, banner.asset_id)
        before = settings.banner.name if settings.banner else ""
        settings.banner, settings.banner_alt, settings.banner_target = asset, alt, target
        settings.banner_title, settings.banner_caption = squeeze(banner.title)[:120], squeeze(banner.caption)[:300]
        settings.banner_from, settings.banner_to = banner.from_on, banner.to_on
        settings.banner_is_hero = banner.is_hero
        settings.save()
        set_usages(
            unit=unit, kind="banner", object_id=unit.pk, label="Ảnh bìa trang chủ", assets=[asset.pk], live=[asset.pk]
        )
        changes = {"ảnh": [before, asset.name]}
        audit.record("portal.banner.changed", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)
    return settings


@transaction.atomic
def remove_banner(*, unit: Unit, by: str) -> None:
    """Show no banner any more; the image stays in the library."""
    with unit_scope(unit.pk):
        settings = _settings(unit)
        if settings.banner is None:
            return
        before, settings.banner = settings.banner.name, None
        settings.banner_alt = settings.banner_title = settings.banner_caption = settings.banner_target = ""
        settings.banner_from = settings.banner_to = None
        settings.save()
        set_usages(unit=unit, kind="banner", object_id=unit.pk, label="", assets=[])
        changes = {"ảnh": [before, ""]}
        audit.record("portal.banner.removed", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)


@transaction.atomic
def set_crest(*, unit: Unit, asset_id: int, by: str) -> SiteSettings:
    """Use an image of the library as crest in place of the shipped ones. Raises `NotAnImage`."""
    with unit_scope(unit.pk):
        settings, asset = _settings(unit), _image(unit, asset_id)
        before = settings.crest.name if settings.crest else ""
        settings.crest, settings.crest_path = asset, _crest_path(asset)
        settings.save(update_fields=["crest", "crest_path"])
        set_usages(unit=unit, kind="crest", object_id=unit.pk, label="Huy hiệu", assets=[asset.pk], live=[asset.pk])
        changes = {"huy hiệu": [before, asset.name]}
        audit.record("portal.crest.changed", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)
    return settings


@transaction.atomic
def remove_crest(*, unit: Unit, by: str) -> None:
    """Go back to the shipped crest of the register."""
    with unit_scope(unit.pk):
        settings = _settings(unit)
        if settings.crest is None:
            return
        before, settings.crest, settings.crest_path = settings.crest.name, None, ""
        settings.save(update_fields=["crest", "crest_path"])
        set_usages(unit=unit, kind="crest", object_id=unit.pk, label="", assets=[])
        changes = {"huy hiệu": [before, ""]}
        audit.record("portal.crest.removed", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)


def end_crest(*, unit: Unit, asset_id: int, by: str) -> None:
    """Go back to the shipped crest when this image is the unit's own one: it may not be shown any more."""
    with unit_scope(unit.pk):
        is_crest = SiteSettings.objects.filter(unit=unit, crest=asset_id).exists()
    if is_crest:
        remove_crest(unit=unit, by=by)


def _settings(unit: Unit) -> SiteSettings:
    """The unit's row, made when there is none, held until the transaction ends."""
    SiteSettings.objects.get_or_create(unit=unit)
    return SiteSettings.objects.select_for_update(of=("self",)).select_related("banner", "crest").get(unit=unit)


def _image(unit: Unit, asset_id: int) -> Asset:
    asset = Asset.objects.filter(unit=unit, kind=Asset.Kind.IMAGE, pk=asset_id).first()
    if asset is None or not asset.renditions:
        raise errors.NotAnImage
    return asset


def _crest_path(asset: Asset) -> str:
    """The smallest copy that is sharp in the head of the page; WebP, which every browser in use shows."""
    copies = [copy for copy in asset.renditions if str(copy["name"]).endswith(".webp")] or asset.renditions
    ordered = sorted(copies, key=lambda copy: int(copy["width"]))
    name = next((copy["name"] for copy in ordered if int(copy["width"]) >= _CREST_WIDTH), ordered[-1]["name"])
    return f"/tep/{asset.key}/{name}"
