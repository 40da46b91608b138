"""What is asked of the list of articles, and what the steps of one need."""

from typing import Any

from django import forms

from congtruong.core.text import squeeze
from congtruong.editorial.enums import State
from congtruong.publication.enums import Channel


class PostsForm(forms.Form):
    """What of the list is wanted; nonsense counts as nothing."""

    q = forms.CharField(required=False, max_length=200)
    muc = forms.ChoiceField(required=False, choices=Channel.choices)
    tt = forms.ChoiceField(required=False, choices=[*State.choices, ("dang-hien", "Đang hiện trên cổng")])
    nam = forms.IntegerField(required=False, min_value=1990, max_value=2200)
    toi = forms.BooleanField(required=False)
    trang = forms.IntegerField(required=False, min_value=1, max_value=99_999)

    def good(self) -> dict[str, Any]:
        """Values of the valid fields; the others as if left empty."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return found | {"q": squeeze(found["q"] or ""), "trang": found["trang"] or 1}


class ChannelForm(forms.Form):
    """Where a new article will stand."""

    channel = forms.ChoiceField(choices=Channel.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=2000, strip=True)


class GuardForm(forms.Form):
    guard_reason = forms.CharField(required=False, max_length=1000, strip=True)


class AddressForm(forms.Form):
    address = forms.CharField(required=False, max_length=100, strip=True)


class CategoryForm(forms.Form):
    channel = forms.ChoiceField(choices=Channel.choices)
    name = forms.CharField(required=False, max_length=200)


class CompareForm(forms.Form):
    """Two versions by their numbers, the older one first."""

    tu = forms.IntegerField(min_value=0)
    den = forms.IntegerField(min_value=0)
