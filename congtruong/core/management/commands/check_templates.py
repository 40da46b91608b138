from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template import engines
from django.template.backends.django import DjangoTemplates

import congtruong
from congtruong.core.template_check import own_templates, problems_of


class Command(BaseCommand):
    help = "Tìm lỗi cú pháp, thư viện nạp thừa và mẫu không tồn tại trong các mẫu trang."

    def handle(self, *_args: Any, **_options: Any) -> None:
        backend = engines["django"]
        assert isinstance(backend, DjangoTemplates)  # noqa: S101 - narrows the type; the settings name no other
        package = Path(congtruong.__path__[0]).resolve()
        count, problems = 0, list[str]()
        for name, source in own_templates(backend.engine, package):
            count += 1
            problems += problems_of(name, source, backend.engine)
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems in {count} templates")
        self.stdout.write(f"{count} templates are in order")
