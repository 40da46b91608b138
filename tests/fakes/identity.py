"""A small OpenID Connect provider on 127.0.0.1: discovery, keys, tokens signed with RS256, userinfo."""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "cong-truong", "bi-mat-thu"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Provider:
    """Answers as told: `claims` are those of whoever signs in; the other fields make it misbehave."""

    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    token_claims: dict[str, Any] = field(default_factory=dict)
    signing_key: rsa.RSAPrivateKey = field(default_factory=_key)
    published_key: rsa.RSAPrivateKey | None = None
    filler: bytes = b""
    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> "Provider":
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(provider.read(self.path, self.headers.get("Authorization", "")))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._say(provider.exchange(self.path, body))

            def _say(self, answer: dict[str, Any] | None) -> None:
                body = json.dumps(answer or {}).encode() + provider.filler
                self.send_response(200 if answer is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def sign_in(self, address: str) -> tuple[str, str]:
        """What the person does at the provider: the address it sends him back to, as path with query, and its host."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?code={code}&state={asked['state']}", f"{back.scheme}://{back.netloc}"

    def read(self, path: str, authorization: str) -> dict[str, Any] | None:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            endpoints = {
                "authorization_endpoint": "/vao",
                "token_endpoint": "/the",
                "userinfo_endpoint": "/nguoi",
                "jwks_uri": "/khoa",
            }
            found = {"issuer": self.issuer} | {name: self.issuer + value for name, value in endpoints.items()}
            return found | {"token_endpoint_auth_methods_supported": ["client_secret_post"]} | self.discovery
        if path == "/khoa":
            public = (self.published_key or self.signing_key).public_key()
            return {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public)) | {"kid": "1", "alg": "RS256"}]}
        return self.claims if path == "/nguoi" and authorization == "Bearer the-vao" else None

    def exchange(self, path: str, body: str) -> dict[str, Any] | None:
        self.asked.append(path)
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        if (
            path != "/the"
            or asked is None
            or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET)
        ):
            return None
        verifier = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if verifier != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.claims["sub"], "iat": now, "exp": now + 60}
        token = jwt.encode(claims | self.token_claims, self.signing_key, "RS256", headers={"kid": "1"})
        return {"access_token": "the-vao", "token_type": "Bearer", "id_token": token}
