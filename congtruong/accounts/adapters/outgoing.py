"""HTTP to the identity provider and to nobody else."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

from congtruong.accounts.rules.addresses import origin

SECONDS = (5, 10)
MOST_BYTES = 1024 * 1024


class ElsewhereRefused(requests.RequestException):
    """The provider, or somebody in its name, sends us to another host or sends too much."""


class IssuerSession(requests.Session):
    """Asks the host of the issuer only, follows no redirect, waits and reads within limits."""

    def __init__(self, issuer: str) -> None:
        super().__init__()
        self._allowed = origin(issuer)
        # Neither a proxy nor a .netrc of the machine decides where the secret goes.
        self.trust_env = False
        self.mount("https://", _Bounded())
        self.mount("http://", _Bounded())

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        if origin(str(url)) != self._allowed:
            raise ElsewhereRefused(f"refused to ask {origin(str(url))}")
        response = super().request(method, url, *args, **{**kwargs, "timeout": SECONDS, "allow_redirects": False})
        if response.is_redirect:
            raise ElsewhereRefused("refused to follow a redirect")
        return response


class _Bounded(HTTPAdapter):
    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **{**kwargs, "stream": True})
        body = response.raw.read(MOST_BYTES + 1, decode_content=True)
        response.close()
        if len(body) > MOST_BYTES:
            raise ElsewhereRefused("the answer is too long")
        response._content = body  # noqa: SLF001 - read here, so that the limit holds
        return response
