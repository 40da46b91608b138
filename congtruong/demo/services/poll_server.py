"""Feeds of many schools on loopback addresses, for measuring: a process of its own, run by `poll_measuring`.

Each address stands for one server that several schools share. Standard input switches to the second day, on which some
feeds have a new item. Hostile ones misbehave in one of four ways.
"""

import asyncio
import json
import re
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

ITEMS = 20
_REQUEST = re.compile(rb"GET /(rss|xau|vong)/(\d+)")
_MATCH = re.compile(rb"(?i)\r\nif-none-match: *([^\r]+)")
_MEBIBYTE = b"0" * 2**20


def etag(number: int, version: int) -> str:
    return f'"{number}-{version}"'


def titles(number: int, version: int) -> list[str]:
    """What a feed shows, newest first."""
    return [f"Trường {number}: tin {n}" for n in range(ITEMS + version - 2, version - 2, -1)]


def document(number: int, version: int, base: str) -> bytes:
    """An RSS feed of twenty items with a paragraph each."""
    items = "".join(
        f"<item><title>{title}</title><link>{base}/tin/{number}-{title.rsplit(' ', 1)[1]}.html</link>"
        f'<guid isPermaLink="false">news_{title.rsplit(" ", 1)[1]}</guid>'
        f"<description><![CDATA[<p>{'Nhà trường thông báo tới phụ huynh và học sinh. ' * 12}</p>]]></description>"
        "<pubDate>Fri, 20 Nov 2026 08:05:00 +0700</pubDate></item>"
        for title in titles(number, version)
    )
    head = f"<title>Trường {number}</title><link>{base}/</link><description>Tin</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class _Site:
    def __init__(self, every: int) -> None:
        self.every = every
        self.day = 1

    def version(self, number: int) -> int:
        return 2 if self.day == 2 and number % self.every == 0 else 1

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            request = await reader.readuntil(b"\r\n\r\n")
            found = _REQUEST.match(request)
            if found:
                number = int(found[2])
                await (self._good if found[1] == b"rss" else self._hostile)(number, request, writer)
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _good(self, number: int, request: bytes, writer: asyncio.StreamWriter) -> None:
        version = self.version(number)
        tag = etag(number, version)
        asked = _MATCH.search(request)
        if asked and asked[1].decode() == tag:
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n".encode())
            return
        base = "http://" + re.search(rb"(?i)\r\nhost: *([^\r]+)", request)[1].decode()  # type: ignore[index]
        body = document(number, version, base)
        head = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n"
        writer.write((head + "Connection: close\r\n\r\n").encode() + body)

    async def _hostile(self, number: int, _request: bytes, writer: asyncio.StreamWriter) -> None:
        ways: list[Callable[[asyncio.StreamWriter], object]] = [_drip, _garbage, _endless]
        if number % 4 == 3:
            place = f"/vong/{number}?{number}"
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nConnection: close\r\n\r\n".encode())
            return
        await ways[number % 4](writer)  # type: ignore[misc]


async def _drip(writer: asyncio.StreamWriter) -> None:
    """Slow for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.5)


async def _garbage(writer: asyncio.StreamWriter) -> None:
    body = bytes(range(256)) * 400
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n" + body)


async def _endless(writer: asyncio.StreamWriter) -> None:
    """Ten gigabytes, unannounced."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<rss>")
    for _ in range(10_000):
        writer.write(_MEBIBYTE)
        await writer.drain()


def _listening(addresses: list[str]) -> list[socket.socket]:
    """One port for all addresses."""
    first = socket.create_server((addresses[0], 0), backlog=256)
    port = first.getsockname()[1]
    return [first, *(socket.create_server((address, port), backlog=256) for address in addresses[1:])]


async def _main(addresses: list[str], every: int) -> None:
    site = _Site(every)
    sockets = _listening(addresses)
    servers = [await asyncio.start_server(site.answer, sock=sock) for sock in sockets]
    sys.stdout.write(json.dumps({"port": sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    # Each line is the next day; the end of the input ends the server.
    while await asyncio.to_thread(sys.stdin.readline):
        site.day += 1
        sys.stdout.write(json.dumps({"day": site.day}) + "\n")
        sys.stdout.flush()
    for server in servers:
        server.close()


if __name__ == "__main__":
    asyncio.run(_main(json.loads(sys.argv[1]), int(sys.argv[2])))
