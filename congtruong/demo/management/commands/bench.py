import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from congtruong.core.preparing import prepare
from congtruong.demo.services.measuring import measure, scratch_database
from congtruong.demo.services.poll_measuring import child_figures, poll_figures


class Command(BaseCommand):
    help = "Đo và in từng con số cạnh số tham chiếu trong cùng một lần chạy."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=2500, help="số đơn vị, mặc định %(default)s")
        parser.add_argument("--entries", type=int, default=100_000, help="số bài của một đơn vị, mặc định %(default)s")
        parser.add_argument("--rounds", type=int, default=15, help="số lượt đo, mặc định %(default)s")
        parser.add_argument("--feeds", type=int, default=2500, help="số kênh tin được đọc, mặc định %(default)s")
        parser.add_argument("--json", type=Path, help="ghi kết quả vào tệp JSON")

    def handle(self, *_args: Any, units: int, entries: int, rounds: int, feeds: int, **options: Any) -> None:
        prepare()
        with scratch_database():
            figures = measure(units=units, entries=entries, rounds=rounds)
        # It counts every item and every failing feed, so it begins with none.
        with scratch_database():
            figures += [*poll_figures(feeds=feeds), *child_figures()]
        width = max(len(figure.name) for figure in figures)
        for figure in figures:
            self.stdout.write(
                f"{figure.database:10}  {figure.name:{width}}  {figure.value:9.2f} {figure.unit}"
                f"  ÷ {figure.reference:8.2f} ({figure.compared_with})  = {figure.ratio:.2f}"
            )
        if options["json"]:
            options["json"].write_text(
                json.dumps([figure.to_json() for figure in figures], ensure_ascii=False, indent=2) + "\n"
            )
