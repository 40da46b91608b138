"""Files that stay at their source: whether their addresses answer, so that readers are told before they try."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from congtruong.core import clock, http
from congtruong.feeds.models import Item, Source
from congtruong.feeds.rules import attachments as r
from congtruong.feeds.services.showing import show
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

# Enough to see that something answers; the file itself is the reader's business.
_LIMITS = http.Limits(total_seconds=15, most_bytes=16 * 1024)
_LEASE = timedelta(minutes=10)
_MOST_AT_ONCE = 100


def check_due(*, now: datetime, seconds: float = 45) -> int:
    """Look at the files of items whose time has come, for about so many seconds; returns how many items."""
    with everywhere("the scheduler looks for items of all sources whose files are to be checked"):
        due = Item.objects.filter(files_due_at__lte=now, withdrawn_at=None).order_by("files_due_at", "pk")
        found = list(due.values_list("pk", "unit_id")[:_MOST_AT_ONCE])
    until = time.monotonic() + seconds
    checked, silent = 0, set[str]()
    for pk, unit_id in found:
        if time.monotonic() > until:
            break
        with unit_scope(unit_id):
            if Item.objects.filter(pk=pk, files_due_at__lte=now).update(files_due_at=now + _LEASE) == 1:
                _check(Item.objects.get(pk=pk), now, until=until, silent=silent)
                checked += 1
    return checked


def _check(item: Item, now: datetime, *, until: float, silent: set[str]) -> None:
    """Ask for the files of one item; a server that does not answer is not asked again in this round."""
    results: dict[str, dict[str, Any]] = {}
    for file in item.enclosures:
        host = urlsplit(file["url"]).netloc
        if not r.is_due(file) or host in silent or time.monotonic() > until:
            continue
        results[file["url"]], is_silent = _answer(file)
        if is_silent:
            silent.add(host)
    is_left = any(r.is_due(file) and file["url"] not in results for file in item.enclosures)
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=item.source_id)
        # The source may have changed its files while they were asked for.
        item = Item.objects.get(pk=item.pk)
        before = [r.look(file) for file in item.enclosures]
        item.enclosures = [file | results.get(file["url"], {}) for file in item.enclosures]
        item.files_due_at = now + r.AGAIN if any(r.is_due(file) for file in item.enclosures) else None
        if is_left:
            item.files_due_at = now + _LEASE
        item.save(update_fields=["enclosures", "files_due_at"])
        if [r.look(file) for file in item.enclosures] != before:
            show([item.pk])


def _answer(file: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """What is noted about a file, and whether its server did not answer at all."""
    note, status, is_silent = "", 0, False
    try:
        reply = http.fetch(file["url"], accept="*/*", limits=_LIMITS, allow=tuple(settings.FETCH_ALLOW))
    except http.FetchError as problem:
        # More than we read has come: there is a file.
        is_there, status = problem.code == "too_large", problem.status or 0
        is_silent = problem.code in {"dns", "network", "timeout"}
        note = "" if is_there else r.why(problem.code, status)
        found = {}
    else:
        is_page = r.is_page(reply.content_type, str(file.get("type", "")), file["url"])
        is_there = not is_page
        note = r.IS_PAGE if is_page else ""
        found = {"type": reply.content_type.partition(";")[0].strip(), "length": len(reply.body)} if is_there else {}
    noted = {
        **found,
        "state": r.THERE if is_there else r.BROKEN,
        "note": note,
        "checks": int(file.get("checks", 0)) + 1,
        "checked_at": clock.now().isoformat(),
    }
    return noted, is_silent
