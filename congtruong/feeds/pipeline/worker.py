"""What runs inside a child process: one document after another, from orders to answers.

An order names content_type, url, now and want ("document" or "record"). An answer is one JSON object, either
{"document": …}, {"record": …} or {"error": code}.
"""

import json
from datetime import datetime
from typing import Any

from congtruong.core.warm_child import serve
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.parse import parse

MOST_OUTPUT = 32 * 2**20


def main() -> None:
    serve(read)


def read(order: dict[str, Any], body: bytes) -> bytes:
    """The answer to one order."""
    try:
        answer = _written(_read(order, body))
    except ParseError as error:
        return _written({"error": error.code})
    return answer if len(answer) <= MOST_OUTPUT else _written({"error": "too_large"})


def _read(order: dict[str, Any], body: bytes) -> dict[str, Any]:
    now = datetime.fromisoformat(order["now"])
    if order["want"] == "record":
        # Loaded when somebody asks: a reader of feeds never does.
        from congtruong.feeds.pipeline.record import read_record  # noqa: PLC0415

        return {"record": read_record(body, content_type=order["content_type"], url=order["url"], now=now)}
    decoded = decode(body, order["content_type"])
    return {"document": parse(decoded, url=order["url"], now=now).to_json()}


def _written(reply: dict[str, Any]) -> bytes:
    # Halves of characters, should a parser make any, could be neither sent nor stored.
    return json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace")


if __name__ == "__main__":
    main()
