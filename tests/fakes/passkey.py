"""A device with a passkey, as a browser would speak for it: ES256, user verified, resident."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData

_FLAG = AuthenticatorData.FLAG
_USED = _FLAG.UP | _FLAG.UV


@dataclass
class Device:
    """Keeps one key for one host; `origin` is where its browser stands."""

    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(16))
    user_handle: bytes = b""
    count: int = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` gives."""
        asked = options["publicKey"]
        self.user_handle = websafe_decode(asked["user"]["id"])
        public: Any = ES256
        key = public.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid(b"\0" * 16), self.credential_id, key)
        data = self._data(asked["rp"]["id"], _USED | _FLAG.AT, bytes(credential))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": attestation}, {"credProps": {"rk": True}})

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        asked = options["publicKey"]
        self.count += 1
        data = self._data(asked["rpId"], _USED, b"")
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": signature,
                "userHandle": self.user_handle,
            },
            {},
        )

    def _data(self, host: str, flags: Any, credential: bytes) -> bytes:
        digest = hashlib.sha256(host.encode()).digest()
        return bytes(AuthenticatorData.create(digest, flags, self.count, credential))

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes], extensions: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.credential_id),
            "rawId": websafe_encode(self.credential_id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": extensions,
            "response": {name: websafe_encode(value) for name, value in response.items()},
        }
