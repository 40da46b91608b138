"""Fields of the staff forms as people in Việt Nam fill them in, each with its sentence."""

from typing import Any

from django import forms

from congtruong.console import phrases

_MOMENTS = [
    "%H:%M, %d/%m/%Y",
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y, %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
]
_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


def line_field(label: str, most: int, *, hint: str = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=hint,
        widget=forms.TextInput({"class": "input", **attrs}),
        error_messages={"max_length": phrases.TOO_LONG.format(most=most)},
    )


def text_field(label: str, most: int, rows: int, *, hint: str = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=hint,
        widget=forms.Textarea({"class": "input", "rows": str(rows), **attrs}),
        error_messages={"max_length": phrases.TOO_LONG.format(most=f"{most:,}".replace(",", "."))},
    )


def number_field(label: str, *, most: int, **attrs: str) -> forms.IntegerField:
    wrong = dict.fromkeys(("invalid", "min_value", "max_value"), phrases.NUMBER_NEEDED)
    widget = forms.TextInput({"class": "input input-short", "inputmode": "numeric", **attrs})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, widget=widget, error_messages=wrong
    )


def chosen_field() -> forms.IntegerField:
    """The id of a row; whether it is one of the unit's the service decides."""
    return forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": phrases.CHOOSE_AGAIN}
    )


def moment_field(label: str, *, hint: str = "") -> forms.DateTimeField:
    # As text: the date picker of a browser in English would show the month first.
    attrs = {"class": "input", "placeholder": "06:30, 25/11/2026", "autocomplete": "off", "maxlength": "30"}
    widget = forms.DateTimeInput(attrs, format="%H:%M, %d/%m/%Y")
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=_MOMENTS,
        widget=widget,
        help_text=hint,
        error_messages={"invalid": phrases.MOMENT_WRONG},
    )


def day_field(label: str) -> forms.DateField:
    attrs = {"class": "input", "placeholder": "25/11/2026", "autocomplete": "off", "maxlength": "20"}
    widget = forms.DateInput(attrs, format="%d/%m/%Y")
    return forms.DateField(
        label=label, required=False, input_formats=_DAYS, widget=widget, error_messages={"invalid": phrases.DAY_WRONG}
    )


def tick_field(label: str, *, hint: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=hint)


def select_field(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.Select({"class": "input"}),
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )
