"""What staff ask and say about items of their sources."""

from typing import Any

from django import forms

from congtruong.core.text import squeeze
from congtruong.feeds.queries.items import STATES
from congtruong.publication.enums import FEED_CHANNELS

CHANNELS = [(channel.value, channel.label) for channel in FEED_CHANNELS]


class ItemsForm(forms.Form):
    """What of the list is wanted; nonsense counts as nothing."""

    q = forms.CharField(required=False, max_length=200)
    nguon = forms.IntegerField(required=False, min_value=1, max_value=2**60)
    muc = forms.ChoiceField(required=False, choices=CHANNELS)
    tt = forms.ChoiceField(required=False, choices=STATES)
    trang = forms.IntegerField(required=False, min_value=1, max_value=99_999)

    def good(self) -> dict[str, Any]:
        """Values of the valid fields; the others as if left empty."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return found | {"q": squeeze(found["q"] or ""), "trang": found["trang"] or 1}


class ItemReasonForm(forms.Form):
    """Why an item goes, or comes back."""

    reason = forms.CharField(required=False, max_length=500, strip=True)


class ItemChannelForm(forms.Form):
    """Where an item stands; nothing chosen leaves it to its feeds."""

    channel = forms.ChoiceField(required=False, choices=CHANNELS)
