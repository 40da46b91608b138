"""What the staff pages send about files."""

from django import forms

from congtruong.media import phrases
from congtruong.media.checks.limits import MOST_BYTES
from congtruong.media.enums import Consent
from congtruong.media.models import Asset


class DescriptionForm(forms.Form):
    """Words for an image: what it shows, and what stands below it."""

    alt = forms.CharField(required=False, max_length=300, error_messages={"max_length": phrases.ALT_TOO_LONG})
    caption = forms.CharField(required=False, max_length=300, error_messages={"max_length": phrases.CAPTION_TOO_LONG})
    is_decorative = forms.BooleanField(required=False)


class AltForm(forms.Form):
    """One image of the row that still lacks its description."""

    asset = forms.IntegerField()
    alt = forms.CharField(required=False, max_length=300, error_messages={"max_length": phrases.ALT_TOO_LONG})
    is_decorative = forms.BooleanField(required=False)

    def clean(self) -> None:
        if not self.cleaned_data.get("alt") and not self.cleaned_data.get("is_decorative") and not self.errors:
            self.add_error("alt", phrases.ALT_MISSING)


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(choices=Consent.choices, error_messages={"required": phrases.CONSENT_NEEDED})
    note = forms.CharField(required=False, max_length=300, error_messages={"max_length": phrases.NOTE_TOO_LONG})


class UploadForm(forms.Form):
    """What is said of the files that are sent with it."""

    children = forms.BooleanField(required=False)

    def shows_children(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["children"])


class PartForm(UploadForm):
    """One part of a file that is sent in parts."""

    upload = forms.CharField(max_length=64)
    offset = forms.IntegerField(min_value=0, max_value=MOST_BYTES)
    total = forms.IntegerField(min_value=0)
    name = forms.CharField(max_length=500)
    chunk = forms.FileField(max_length=500)


class LibraryForm(forms.Form):
    """What of the library is wanted; nonsense counts as nothing."""

    SHOWN = ("thieu-mo-ta", "cho-dong-y", "ngung-dang")

    q = forms.CharField(required=False, max_length=100)
    loc = forms.ChoiceField(required=False, choices=[(name, name) for name in SHOWN])
    loai = forms.ChoiceField(required=False, choices=Asset.Kind.choices)
    trang = forms.IntegerField(required=False, min_value=1, max_value=99_999)

    def wanted(self) -> tuple[str, str, str, int]:
        """Words, filter, kind and page number."""
        self.is_valid()
        found = self.cleaned_data
        return found.get("q", ""), found.get("loc", ""), found.get("loai", ""), found.get("trang") or 1
