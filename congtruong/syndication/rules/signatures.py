"""The signature of a delivery (WebSub, section 7.1); pure."""

import hashlib
import hmac


def sign(body: bytes, secret: str) -> str:
    """The value of X-Hub-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
