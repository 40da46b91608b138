"""What runs inside the child process: limits first, then one document from stdin to stdout.

stdin: one line of JSON (content_type, url, now and the limits), then the body. stdout: one JSON object, either
{"document": …} or {"error": code}.
"""

import json
import sys
from datetime import datetime
from typing import Any

from congtruong.core.limited_child import answer, begin
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.parse import parse

MOST_OUTPUT = 32 * 2**20


def main() -> None:
    order = begin()
    try:
        reply: dict[str, Any] = _read(order, sys.stdin.buffer.read())
    except ParseError as error:
        reply = {"error": error.code}
    answer(reply)


def _read(order: dict[str, Any], body: bytes) -> dict[str, Any]:
    decoded = decode(body, order["content_type"])
    document = parse(decoded, url=order["url"], now=datetime.fromisoformat(order["now"])).to_json()
    if len(json.dumps(document, ensure_ascii=False)) > MOST_OUTPUT:
        raise ParseError("too_large")
    return {"document": document}


if __name__ == "__main__":
    main()
