"""Unfinished work on the desks of the demo school, so that every screen of the console has something to show."""

from datetime import date
from typing import Any

import yaml

from congtruong.core import clock
from congtruong.demo.services.content import DATA, demo_asset
from congtruong.editorial.models import Post
from congtruong.editorial.services import APPROVER, Content, create_draft, return_post, submit_post
from congtruong.portal.queries import year_of
from congtruong.portal.services import start_year
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope


def load_desk_work(unit: Unit, approver: User) -> None:
    """Drafts, one that waits and one that was returned; those that are there already stay as they are.

    The school year has begun, and the contact record was looked at.
    """
    with unit_scope(unit.pk):
        year = clock.school_year(clock.today())
        if year_of(unit, year) is None:
            start_year(unit=unit, year=year, by=str(approver), today=date(year, 9, 1))
        for row in yaml.safe_load((DATA / "desk.yaml").read_text(encoding="utf-8")):
            if not Post.objects.filter(unit=unit, title=row["title"]).exists():
                _add(unit, row, approver)


def _add(unit: Unit, row: dict[str, Any], approver: User) -> None:
    writer = User.objects.get(username=row["writer"])
    photo = row.get("photo")
    content = Content(
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        author=str(writer),
        cover_id=demo_asset(unit, "photos", photo["file"], alt=photo["alt"]).pk if photo else None,
    )
    post = create_draft(unit=unit, channel=Channel(row["channel"]), writer=writer, by=str(writer), content=content)
    if row["step"] == "draft":
        return
    post = submit_post(post=post, acts=APPROVER, by=str(writer))
    if row["step"] == "return":
        return_post(post=post, reason=row["reason"], acts=APPROVER, by=str(approver))
