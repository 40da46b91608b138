"""Commands that answer wrong usage with one Vietnamese sentence and exit code 2."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser


class SentenceCommand(BaseCommand):
    """`usage` is shown when the arguments cannot be read at all."""

    usage = ""
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # The parser then raises instead of printing its English usage.
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except CommandError:
            self.refuse(self.usage)

    def refuse(self, sentence: str) -> NoReturn:
        """Say what is wrong on standard error and end with code 2."""
        self.stderr.write(sentence)
        raise SystemExit(2)
