"""What an authority sent to the unit below it: a row in every table of requests and receipts."""

from datetime import timedelta
from typing import TYPE_CHECKING

from congtruong.core import clock
from congtruong.delivery.models import Request
from congtruong.delivery.services import ask, confirm, note_seen
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry, Target
from congtruong.publication.services import hide_here
from congtruong.units.models import User
from congtruong.units.scoping import unit_scope
from tests.factories import make_post

if TYPE_CHECKING:
    from tests.isolation.world import Tenant


def send_down(above: "Tenant", below: "Tenant") -> None:
    """A notice that waits for an answer, an invitation, and something the unit hides; each was read there already.

    So reading one in the crawl changes nothing. Titles carry no mark: they stand in the unit's trail and duties.
    """
    body, soon = f"<p>{above.mark('public')}</p>", clock.now() + timedelta(days=9)
    entries = {
        "received": _entry(above, "Thông báo từ cấp trên", Channel.NOTICE, body=body),
        "invited": _entry(above, "Thư mời từ cấp trên", Channel.INVITATION, body=body, starts_at=soon),
        "hidden_here": _entry(above, "Tin từ cấp trên", Channel.NEWS, body=body),
    }
    notice = entries["received"]
    with unit_scope(above.unit.pk):
        ask(unit=above.unit, kind=notice.kind, object_id=notice.object_id, asks="doc", due_at=None, by=above.mark("by"))
        key = Asset.objects.get(pk=above.ids["shown"]).key
    reader, by = User.objects.get(pk=below.ids["chief"]), below.mark("by")
    with unit_scope(below.unit.pk):
        for entry in entries.values():
            note_seen(unit=below.unit, entry=entry, person=reader)
        confirm(unit=below.unit, entry=entries["hidden_here"], by=by)
        hide_here(unit=below.unit, entry=entries["hidden_here"], reason=below.mark("hidden"), by=by)
    below.ids.update({name: entry.pk for name, entry in entries.items()}, shown_above_key=key)
    above.ids.update(dict.fromkeys(entries, 0), shown_above_key="khongco")
    for tenant in (above, below):
        tenant.ids["sent"] = (entries["received"] if tenant is above else _own(tenant)).pk
    _rows_of_a_school(below)


def _entry(above: "Tenant", title: str, channel: Channel, **fields: object) -> Entry:
    post = make_post(above.unit, title, channel=channel, slug=f"tu-{above.tag}-{channel.value}", **fields)  # type: ignore[arg-type]
    return Entry.objects.get(kind="post", object_id=post.pk)


def _own(tenant: "Tenant") -> Entry:
    return Entry.objects.get(kind="post", object_id=tenant.ids["published"])


def _rows_of_a_school(below: "Tenant") -> None:
    """A school asks nobody and chooses nobody; the tables hold a row of it all the same, to try the walls with."""
    own, now = _own(below), clock.now()
    of_own = {"unit": below.unit, "kind": own.kind, "object_id": own.object_id}
    with unit_scope(below.unit.pk):
        Request.objects.create(**of_own, asks="doc", asked_at=now, asked_by=below.mark("by"))
        Target.objects.create(**of_own, target=below.unit, made_at=now)
