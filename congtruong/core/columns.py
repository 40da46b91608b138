"""Rows whose columns come from a file that anybody may have changed."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models


def fill(row: models.Model, facts: Mapping[str, Any], *, but: Collection[str]) -> None:
    """Set columns by their names, all `but` some, checked as a form would. Raises `ValidationError`."""
    columns = {column.name: column for column in row._meta.concrete_fields if column.name not in but}  # noqa: SLF001
    for name in columns.keys() & facts.keys():
        setattr(row, name, columns[name].to_python(facts[name]))
    # What may be empty is the database's business; what is there must be what the column holds.
    empty = {name for name, column in columns.items() if getattr(row, name) in column.empty_values}
    row.clean_fields(exclude={*but, *empty})
