"""Outgoing HTTP, guarded: the only door through which the product reads other people's servers."""

from congtruong.core.http.client import Fetched, Limits, fetch
from congtruong.core.http.errors import FetchError, OtherAddress
from congtruong.core.http.sending import Posted, post

__all__ = ["FetchError", "Fetched", "Limits", "OtherAddress", "Posted", "fetch", "post"]
