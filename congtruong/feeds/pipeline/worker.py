"""What runs inside the child process: limits first, then one document from stdin to stdout.

stdin: one line of JSON (content_type, url, now, seconds, megabytes), then the body. stdout: one JSON object, either
{"document": …} or {"error": code}.
"""

import json
import resource
import sys
from datetime import datetime

from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.parse import parse

MOST_OUTPUT = 32 * 2**20


def main() -> None:
    order = json.loads(sys.stdin.buffer.readline())
    _limit(seconds=order["seconds"], megabytes=order["megabytes"])
    body = sys.stdin.buffer.read()
    try:
        decoded = decode(body, order["content_type"])
        document = parse(decoded, url=order["url"], now=datetime.fromisoformat(order["now"]))
        reply = json.dumps({"document": document.to_json()}, ensure_ascii=False)
        if len(reply) > MOST_OUTPUT:
            raise ParseError("too_large")
    except ParseError as error:
        reply = json.dumps({"error": error.code})
    # Halves of characters, should a parser make any, could be neither sent nor stored.
    sys.stdout.buffer.write(reply.encode("utf-8", "replace"))


def _limit(*, seconds: int, megabytes: int) -> None:
    """Memory and processor time; no files written, no core left behind."""
    space = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
