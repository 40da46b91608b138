"""Writes to what a portal arranges for itself, and the repair of what it shows."""

from congtruong.portal.services.entries import rebuild_entries
from congtruong.portal.services.links import (
    MOST_LINKS,
    MOST_QUICK,
    add_link,
    change_link,
    move_link,
    remove_link,
    set_quick_links,
)
from congtruong.portal.services.menu import (
    Word,
    add_menu_item,
    change_menu_item,
    move_menu_item,
    remove_menu_item,
    reset_menu,
    start_menu,
)
from congtruong.portal.services.redirects import add_redirect, add_redirects
from congtruong.portal.services.site import (
    Banner,
    arrange_home,
    end_crest,
    remove_banner,
    remove_crest,
    set_banner,
    set_crest,
)
from congtruong.portal.services.years import roll_over, start_year, unfinished_years

__all__ = [
    "MOST_LINKS",
    "MOST_QUICK",
    "Banner",
    "Word",
    "add_link",
    "add_menu_item",
    "add_redirect",
    "add_redirects",
    "arrange_home",
    "change_link",
    "change_menu_item",
    "end_crest",
    "move_link",
    "move_menu_item",
    "rebuild_entries",
    "remove_banner",
    "remove_crest",
    "remove_link",
    "remove_menu_item",
    "reset_menu",
    "roll_over",
    "set_banner",
    "set_crest",
    "set_quick_links",
    "start_menu",
    "start_year",
    "unfinished_years",
]
