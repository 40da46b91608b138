from typing import Any

from django import forms

from congtruong.console import phrases
from congtruong.console.queries import ward_authorities
from congtruong.core import clock
from congtruong.units.models import Unit
from congtruong.units.queries import unplaced_units


class PlaceForm(forms.Form):
    """Several units and the one ward that manages them."""

    unit = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        error_messages={"required": phrases.UNITS_NEEDED, "invalid_choice": phrases.ALREADY_PLACED},
    )
    authority = forms.ModelChoiceField(
        Unit.objects.none(),
        error_messages={"required": phrases.WARD_NEEDED, "invalid_choice": phrases.WARD_NEEDED},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"unit": unplaced_units(clock.today()), "authority": ward_authorities()}
        for name, units in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = units

    def problem(self) -> str:
        """The first sentence about what is missing."""
        return str(next(iter(self.errors.values()))[0])
