"""Which addresses belong to one owner, and which stand on one machine; pure.

The suffixes are those of the Public Suffix List (publicsuffix.org, 2026) that matter to Vietnamese schools. Below a
suffix that is not listed nothing is known, and a person decides.
"""

from urllib.parse import urlsplit

# Names below these are given to anybody or to one organisation each: the owner is one label further down.
_VIETNAM_SUFFIXES = """
ac ai biz com edu gov health id info int io name net org pro angiang bacgiang backan baclieu bacninh baria-vungtau
bentre binhdinh binhduong binhphuoc binhthuan camau cantho caobang daklak daknong danang dienbien dongnai dongthap
gialai hagiang haiduong haiphong hanam hanoi hatinh haugiang hoabinh hungyen khanhhoa kiengiang kontum laichau lamdong
langson laocai longan namdinh nghean ninhbinh ninhthuan phutho phuyen quangbinh quangnam quangngai quangninh quangtri
soctrang sonla tayninh thaibinh thainguyen thanhhoa thanhphohochiminh thuathienhue tiengiang travinh tuyenquang
vinhlong vinhphuc yenbai
"""
_VIETNAM = frozenset(_VIETNAM_SUFFIXES.split())
_GENERIC = frozenset({"com", "net", "org", "info", "edu", "biz", "asia", "online", "site", "xyz", "vn"})
# Places where everybody may have a name of his own.
_SHARED = frozenset(
    {
        *("blogspot.com", "wordpress.com", "weebly.com", "wixsite.com", "github.io", "gitlab.io", "netlify.app"),
        *("vercel.app", "web.app", "firebaseapp.com", "pages.dev", "herokuapp.com", "azurewebsites.net"),
    }
)


def host_of(url: str) -> str:
    """The host of an address, lower case; empty when it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def registrable_domain(host: str) -> str:
    """The name somebody registered, for example `so.edu.vn` of `rss.so.edu.vn`; empty when it cannot be told."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) < 2 or not all(labels):
        return ""
    last = ".".join(labels[-2:])
    if last in _SHARED or (labels[-1] == "vn" and labels[-2] in _VIETNAM):
        return ".".join(labels[-3:]) if len(labels) > 2 else ""
    return last if labels[-1] in _GENERIC else ""


def is_same_owner(one: str, other: str) -> bool:
    """Whether two hosts certainly belong to one owner."""
    if one == other:
        return bool(one)
    domain = registrable_domain(one)
    return bool(domain) and domain == registrable_domain(other)
