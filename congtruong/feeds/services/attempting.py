"""One attempt to read a feed: network and parser only, so that it may run in a thread without the database."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from congtruong.core import clock, http
from congtruong.feeds.models import Feed
from congtruong.feeds.pipeline.child import read_document
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.rules import problems

logger = logging.getLogger(__name__)

LIMITS = http.Limits()
# A source that was too slow twice in a row holds its place for a shorter time.
SLOW_LIMITS = http.Limits(total_seconds=10)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an attempt brought nothing: a code for the row, a sentence for people, what the server said."""

    code: str
    message: str
    status: int | None = None
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt brought: nothing new (`reply` alone), a document, a problem, or another machine to reserve.

    `at` is when it ended.
    """

    at: datetime
    reply: http.Fetched | None = None
    digest: str = ""
    document: Document | None = None
    problem: Problem | None = None
    other_ip: str = ""


def attempt(feed: Feed, *, now: datetime, via: str | None) -> Attempt:
    """Fetch and parse; never raises. `via` is the machine that was reserved (core.http.fetch)."""
    reply: http.Fetched | None = None
    try:
        reply = http.fetch(
            feed.url,
            etag=feed.etag,
            last_modified=feed.last_modified,
            limits=_limits(feed),
            allow=tuple(settings.FETCH_ALLOW),
            via=via,
        )
        digest = hashlib.sha256(reply.body).hexdigest()
        if reply.status == 304 or digest == feed.body_sha256:
            return Attempt(clock.now(), reply)
        document = read_document(reply.body, content_type=reply.content_type, url=reply.url, now=now)
    except http.OtherAddress as other:
        return Attempt(clock.now(), other_ip=other.ip)
    except http.FetchError as error:
        return Attempt(clock.now(), problem=_refused(error))
    except ParseError as error:
        return Attempt(clock.now(), reply, problem=_unreadable(error, reply))
    except Exception:
        # A reading that always fails must show as failing, whatever the reason.
        logger.exception("feed %s: unexpected", feed.pk)
        return Attempt(clock.now(), reply, problem=Problem("unexpected", problems.MESSAGES["unexpected"]))
    if feed.entries_seen and not document.entries:
        return Attempt(clock.now(), reply, problem=_with_status("emptied", reply))
    return Attempt(clock.now(), reply, digest, document)


def _limits(feed: Feed) -> http.Limits:
    return SLOW_LIMITS if feed.error_code == "timeout" and feed.failures > 1 else LIMITS


def _refused(error: http.FetchError) -> Problem:
    code = problems.code_of_status(error.status) if error.code == "http_status" else error.code
    message = problems.MESSAGES.get(code, error.message)
    return Problem(code, message, error.status, error.retry_after)


def _unreadable(error: ParseError, reply: http.Fetched | None) -> Problem:
    if reply is not None and error.code == "html_page" and problems.is_login_page(reply.body):
        return _with_status("login_page", reply)
    return Problem(error.code, error.message, reply.status if reply else None)


def _with_status(code: str, reply: http.Fetched) -> Problem:
    return Problem(code, problems.MESSAGES[code], reply.status)
