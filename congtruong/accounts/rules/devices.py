"""What to call a device a person signed in with: words, not the browser's own long name."""

import re

from congtruong.accounts import phrases

# The first that fits: most browsers also name those they are compatible with.
_BROWSERS = (
    ("coc_coc_browser/", "Cốc Cốc"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser/", "Samsung Internet"),
    ("firefox/", "Firefox"),
    ("fxios/", "Firefox"),
    ("crios/", "Chrome"),
    ("zalo", "Zalo"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
)
_SYSTEMS = (
    (r"android", "Android"),
    (r"iphone|ipod", "iPhone"),
    (r"ipad", "iPad"),
    (r"windows", "Windows"),
    (r"cros ", "ChromeOS"),
    (r"mac os x|macintosh", "máy Mac"),
    (r"linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """`Chrome trên Android`; a browser nobody knows is just a browser."""
    agent = user_agent.lower()
    browser = next((name for mark, name in _BROWSERS if mark in agent), phrases.SOME_BROWSER)
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, agent)), phrases.SOME_DEVICE)
    return phrases.BROWSER_ON.format(browser=browser, system=system)
