"""Absolute addresses of portals, built from settings and the register, never from what a request claims."""

from django.conf import settings


def strip_preview(host: str) -> str:
    """The registered name behind a requested one: lower case, no port, no closing dot, no preview suffix."""
    name = host.lower().rsplit(":", 1)[0] if ":" in host and not host.endswith("]") else host.lower()
    name = name.rstrip(".")
    suffix: str = settings.PREVIEW_SUFFIX
    if suffix and name.endswith(suffix) and name != suffix.lstrip("."):
        name = name[: -len(suffix)]
    return name


def absolute(host: str, path: str = "/") -> str:
    """The public address of a path on a portal; with preview suffix and port where those are set."""
    suffix = "" if host == settings.CENTRAL_HOST and host == "localhost" else settings.PREVIEW_SUFFIX
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{suffix}{port}{path}"
