"""Every write to what the public sees, and to what units choose of it for their own portals."""

from congtruong.publication.services.choosing import as_sent, hide_here, pin_here
from congtruong.publication.services.publishing import (
    Published,
    Register,
    change_register_facts,
    forget_category,
    publish,
    unsaved,
    withdraw,
)

__all__ = [
    "Published",
    "Register",
    "as_sent",
    "change_register_facts",
    "forget_category",
    "hide_here",
    "pin_here",
    "publish",
    "unsaved",
    "withdraw",
]
