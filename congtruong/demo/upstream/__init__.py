"""The demo's authority web site, "Sở Giáo dục và Đào tạo (mẫu)": real feeds, with the habits of real servers.

News and notices come as NukeViet writes them, documents and invitations as ASP.NET servers do.
"""

from congtruong.demo.upstream.server import Upstream, start
from congtruong.demo.upstream.store import FEED_PATHS, NAME, add_item, correct_item, set_down

__all__ = ["FEED_PATHS", "NAME", "Upstream", "add_item", "correct_item", "set_down", "start"]
