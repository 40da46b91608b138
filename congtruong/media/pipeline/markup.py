"""An image of the library as it stands inside a text on a public page; pure."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

# A text is at most 42rem wide (`--measure`).
_SIZES = "(min-width: 48rem) 42rem, 100vw"
_MIDDLE = 960
# Not every browser shows it.
_SMALLEST_TYPE = "image/avif"


def picture_html(*, key: str, alt: str, width: int, height: int, renditions: Sequence[Mapping[str, Any]]) -> str:
    """AVIF where a browser takes it, beside it the copies every browser shows. `alt` is escaped already."""
    small = [row for row in renditions if row.get("type") == _SMALLEST_TYPE]
    plain = [row for row in renditions if row.get("type") != _SMALLEST_TYPE]
    if not plain:
        return ""
    middle = next((row for row in plain if row["width"] >= _MIDDLE), plain[-1])
    source = f'<source type="{_SMALLEST_TYPE}" srcset="{_srcset(key, small)}" sizes="{_SIZES}">' if small else ""
    return (
        f'<picture>{source}<img src="/tep/{key}/{escape(str(middle["name"]))}" srcset="{_srcset(key, plain)}"'
        f' sizes="{_SIZES}" width="{width}" height="{height}" alt="{alt}" loading="lazy" decoding="async">'
        "</picture>"
    )


def _srcset(key: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"/tep/{key}/{escape(str(row['name']))} {int(row['width'])}w" for row in rows)
