"""Where a person may be led after signing in."""

import re

from django.utils.http import url_has_allowed_host_and_scheme

# The console of this host, or one of those that stand below the central host.
_CONSOLE = re.compile(r"(?:/tai/[a-z0-9.-]{1,253})?/quan-tri/[^\x00-\x20\\]*")


def is_console_path(url: str) -> bool:
    """Is this a path of a console on the host that was asked? No other site, no other part of this one."""
    return (
        url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        and _CONSOLE.fullmatch(url) is not None
        and "/../" not in url
        and not url.endswith("/..")
    )
