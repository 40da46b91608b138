"""Every write to what a unit writes: drafts, versions, the way to the public and back."""

from congtruong.editorial.services.addresses import change_address, remove_empty_drafts
from congtruong.editorial.services.categories import add_category, delete_category, move_category, rename_category
from congtruong.editorial.services.content import Content, RegisterContent
from congtruong.editorial.services.pages import move_page, place_page
from congtruong.editorial.services.previews import make_preview, revoke_preview
from congtruong.editorial.services.repair import show_again, show_users_again
from congtruong.editorial.services.workflow import (
    APPROVER,
    approve_post,
    archive_post,
    pin_post,
    recall_post,
    reopen_post,
    return_post,
    run_due,
    submit_post,
    withdraw_post,
)
from congtruong.editorial.services.writing import (
    Writing,
    Written,
    autosave,
    create_draft,
    discard_changes,
    release,
    restore,
    save_draft,
    take_over,
)

__all__ = [
    "APPROVER",
    "Content",
    "RegisterContent",
    "Writing",
    "Written",
    "add_category",
    "approve_post",
    "archive_post",
    "autosave",
    "change_address",
    "create_draft",
    "delete_category",
    "discard_changes",
    "make_preview",
    "move_category",
    "move_page",
    "pin_post",
    "place_page",
    "recall_post",
    "release",
    "remove_empty_drafts",
    "rename_category",
    "reopen_post",
    "restore",
    "return_post",
    "revoke_preview",
    "run_due",
    "save_draft",
    "show_again",
    "show_users_again",
    "submit_post",
    "take_over",
    "withdraw_post",
]
