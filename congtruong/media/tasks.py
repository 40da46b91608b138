"""Thin jobs of the files. A lost job is found again: the file stays without a scan until somebody looked into it."""

from congtruong.core import clock, jobs
from congtruong.core.schedule import every
from congtruong.media.services import remove_abandoned, scan_asset, unscanned


@jobs.register("media.scan")
def scan(asset_id: int) -> None:
    scan_asset(asset_id=asset_id)


@every(seconds=300, name="media.unscanned")
def queue_unscanned() -> None:
    for asset_id in unscanned(now=clock.now()):
        jobs.enqueue("media.scan", asset_id=asset_id)


@every(seconds=3600, name="media.abandoned")
def forget_abandoned() -> None:
    remove_abandoned()
