from congtruong.core import clock
from congtruong.core.schedule import every
from congtruong.editorial.services import remove_empty_drafts, run_due


@every(seconds=10, name="editorial.due")
def publish_and_expire() -> None:
    run_due(now=clock.now())


@every(seconds=3600, name="editorial.empty_drafts")
def remove_drafts_nobody_wrote_in() -> None:
    remove_empty_drafts(now=clock.now())
