"""The `congtruong` command: Django's commands under names with dashes."""

import os
import sys

from django.core.management import execute_from_command_line

from congtruong.config.demo import set_environment


def main() -> None:
    """Run `congtruong NAME …`; `check-domain` is Django's command `check_domain`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congtruong.config.settings")
    argv = list(sys.argv)
    if len(argv) > 1 and not argv[1].startswith("-"):
        argv[1] = argv[1].replace("-", "_")
    if argv[1:2] == ["demo"]:
        set_environment(argv[2:])
    if argv[1:2] == ["feeds"]:
        # Reads documents, often thousands of them; loading the whole product would cost most of the time.
        from congtruong.feeds.management.commands.feeds import Command  # noqa: PLC0415

        Command().run_from_argv(argv)
        return
    execute_from_command_line(argv)


if __name__ == "__main__":
    main()
