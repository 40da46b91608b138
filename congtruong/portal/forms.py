"""Input of visitors: filters and searches. A wrong value is dropped with a sentence, never an error page."""

from typing import Any

from django import forms

from congtruong.core.text import squeeze
from congtruong.editorial.enums import Validity
from congtruong.portal.blocks.directory import LEVEL_CODES
from congtruong.publication.enums import Channel
from congtruong.units.enums import LEVEL_NAMES, Level, Ownership

_CHANNELS = Channel.choices


class QueryForm(forms.Form):
    """A GET form whose good fields count even when another one is wrong."""

    def good(self) -> dict[str, Any]:
        """Values of the valid fields; the others as if left empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class WordsField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(required=False, max_length=200)

    def clean(self, value: Any) -> str:
        return squeeze(str(super().clean(str(value or "").replace("\x00", "")[:200])))


class SearchForm(QueryForm):
    q = WordsField()
    muc = forms.ChoiceField(required=False, choices=_CHANNELS)
    trang = forms.IntegerField(required=False, min_value=1, max_value=50)


class ResourceForm(QueryForm):
    q = WordsField()
    muc = forms.SlugField(required=False, max_length=80)
    trang = forms.IntegerField(required=False, min_value=1, max_value=2000)


class RegisterForm(QueryForm):
    so = WordsField()
    loai = forms.CharField(required=False, max_length=60)
    nam = forms.IntegerField(required=False, min_value=1945, max_value=2200)
    cq = forms.CharField(required=False, max_length=200)
    hl = forms.ChoiceField(required=False, choices=Validity.choices)
    trang = forms.IntegerField(required=False, min_value=1, max_value=2000)


class DirectoryForm(QueryForm):
    q = WordsField()
    cap = forms.ChoiceField(required=False, choices=[(code, LEVEL_NAMES[level]) for code, level in LEVEL_CODES.items()])
    # A number of at most 18 digits fits the databases' integers.
    phuong = forms.CharField(required=False, max_length=18)
    loai = forms.ChoiceField(required=False, choices=Ownership.choices)
    trang = forms.IntegerField(required=False, min_value=1, max_value=2000)

    def level(self) -> Level | None:
        return LEVEL_CODES.get(self.good()["cap"] or "")
