"""The demo's environment: settings of `congtruong demo`, set before Django reads them."""

import argparse
import os
import shutil
from pathlib import Path

from congtruong.core.serving import free_port

DEFAULT_PORT = 8000


def parser() -> argparse.ArgumentParser:
    """Options of `congtruong demo`; the command itself takes the same."""
    made = argparse.ArgumentParser(prog="congtruong demo", add_help=False)
    made.add_argument("--port", type=int, default=DEFAULT_PORT)
    made.add_argument("--fresh", action="store_true")
    made.add_argument("--smoke", action="store_true")
    return made


def set_environment(arguments: list[str]) -> None:
    """Choose ports and folders; what the caller has set already wins."""
    options, _ = parser().parse_known_args(arguments)
    folder = Path(os.environ.get("CONGTRUONG_DATA_DIR", Path.cwd() / ".dev" / ("smoke" if options.smoke else "demo")))
    if (options.fresh or options.smoke) and folder.name in {"demo", "smoke"}:
        shutil.rmtree(folder, ignore_errors=True)
    port, upstream = (free_port(), free_port()) if options.smoke else (options.port, options.port + 1)
    defaults = {
        "DATA_DIR": str(folder),
        "PUBLIC_SCHEME": "http",
        "PUBLIC_PORT": str(port),
        "PREVIEW_SUFFIX": ".localhost",
        "CENTRAL_HOST": "localhost",
        "FETCH_ALLOW": f"127.0.0.1:{upstream}",
        "FEED_TICK_SECONDS": "1",
        "EMAIL_URL": (folder.resolve() / "mail").as_uri(),
        "OPERATOR_MFA": "0",
    }
    for name, value in defaults.items():
        os.environ.setdefault(f"CONGTRUONG_{name}", value)
