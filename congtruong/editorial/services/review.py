"""What stands between an article and its publication, as sentences for who writes and who approves it."""

from collections.abc import Iterator
from dataclasses import dataclass

from congtruong.core import clock
from congtruong.editorial import errors, phrases
from congtruong.editorial.models import Post
from congtruong.editorial.pipeline.body import missing_alts
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.guard import Found, findings
from congtruong.editorial.services.storing import album_ids, used_ids
from congtruong.media.enums import Consent
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence; `tone` is ok, warn, bad or info, `field` what of the form it is about."""

    tone: str
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    checks: list[Check]
    found: list[Found]

    @property
    def must_explain(self) -> bool:
        """Is there personal data that is published only with a reason?"""
        return any(each.finding.must_explain for each in self.found)

    @property
    def is_ready(self) -> bool:
        return all(check.tone != "bad" for check in self.checks)


def review(post: Post, content: Content, assets: dict[int, Asset]) -> Review:
    """Look at an article; `assets` is what `read_assets` found for it. No query."""
    found = findings(post, content, assets=assets)
    used = [assets[pk] for pk in sorted(used_ids(content, assets) & assets.keys())]
    checks = [*_words(content), *_pictures(content, assets), *_consent(content, used), *_rest(post, content)]
    unread = [asset for asset in used if not asset.is_image and asset.scan is None]
    if unread:
        names = ", ".join(asset.name for asset in unread[:3])
        checks.append(Check("info", phrases.FILES_UNREAD.format(names=names), "files"))
    if not found:
        checks.append(Check("ok", phrases.NO_PERSONAL_DATA))
    return Review(checks, found)


def _words(content: Content) -> Iterator[Check]:
    if not content.title:
        yield Check("bad", phrases.NO_TITLE, "title")
    elif content.summary:
        yield Check("ok", phrases.TITLE_AND_SUMMARY)
    else:
        yield Check("info", phrases.NO_SUMMARY, "summary")


def _pictures(content: Content, assets: dict[int, Asset]) -> Iterator[Check]:
    in_body = missing_alts(content.body)
    cover = assets.get(content.cover_id) if content.cover_id is not None else None
    if in_body:
        yield Check("bad", phrases.ALTS_MISSING.format(count=in_body), "body")
    if cover is not None and cover.lacks_alt:
        yield Check("bad", phrases.COVER_ALT_MISSING, "cover")
    album = [assets[pk] for pk in album_ids(content) if pk in assets]
    lacking = sum(1 for asset in album if asset.lacks_alt)
    if lacking:
        yield Check("bad", phrases.ALBUM_ALTS_MISSING.format(count=lacking))
    count = sum(1 for pk in used_ids(content, assets) & assets.keys() if assets[pk].is_image)
    if count and not in_body and not lacking and (cover is None or not cover.lacks_alt):
        yield Check("ok", phrases.ALTS_COMPLETE.format(count=count))


def _consent(content: Content, used: list[Asset]) -> Iterator[Check]:
    children = [asset for asset in used if asset.shows_children]
    blocked = [asset.name for asset in children if asset.is_blocked]
    if blocked:
        yield Check("bad", phrases.CONSENT_BLOCKED.format(names=", ".join(blocked[:3])), "shows_children")
    elif any(asset.consent == Consent.GIVEN for asset in children):
        yield Check("ok", phrases.CONSENT_GIVEN.format(count=len(children)))
    elif content.shows_children and any(asset.is_image for asset in used):
        yield Check("warn", phrases.CONSENT_UNKNOWN, "shows_children")


def _rest(post: Post, content: Content) -> Iterator[Check]:
    """What the law or the calendar still asks for."""
    register = content.register
    if post.channel == Channel.DOCUMENT and (
        register is None or not all((register.issuer, register.type_id, register.issued_on))
    ):
        yield Check("bad", errors.RegisterMissing.message, "type")
    if post.channel == Channel.INVITATION and content.starts_at is None:
        yield Check("warn", phrases.NO_TIME, "starts_at")
    if content.source_url and not content.source_name:
        yield Check("bad", errors.SourceMissing.message, "source_name")
    if content.expires_at is not None and content.expires_at <= (content.publish_at or clock.now()):
        yield Check("bad", errors.DatesReversed.message, "expires_at")
