"""The other side of WebSub on 127.0.0.1: a subscriber's callback, or a hub. A real server, real bytes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Heard:
    """One request. `asked` are its parameters: of the address for a GET, of the form for a POST that has one."""

    method: str
    path: str
    asked: dict[str, str]
    headers: dict[str, str]
    body: bytes


Reply = tuple[int, dict[str, str], bytes]
Behaviour = Callable[[Heard], Reply]


def agree(heard: Heard) -> Reply:
    """Confirm every challenge, take every delivery."""
    return 200, {}, heard.asked.get("hub.challenge", "").encode()


@dataclass
class Peer:
    base: str = ""
    heard: list[Heard] = field(default_factory=list)
    behaviour: dict[str, Behaviour] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """`host:port`, as the setting that allows private addresses names it."""
        return self.base.removeprefix("http://")

    def requests(self, method: str) -> list[Heard]:
        return [one for one in self.heard if one.method == method]


@contextmanager
def peer() -> Iterator[Peer]:
    """A server that agrees to everything unless told otherwise for a path."""
    here = Peer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_form = "form-urlencoded" in self.headers.get("Content-Type", "")
            words = body.decode() if is_form else parts.query
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard = Heard(self.command, parts.path, dict(parse_qsl(words)), headers, body)
            here.heard.append(heard)
            status, more, said = here.behaviour.get(parts.path, agree)(heard)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = _answer  # noqa: N815 - the base class names them so

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
