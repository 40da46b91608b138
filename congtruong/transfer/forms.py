from typing import Any

from django import forms

from congtruong.transfer.pipeline.channels import TARGETS

_LEFT_OUT = ("", "Không chuyển")


class SourceForm(forms.Form):
    """The file that holds a former site."""

    file = forms.FileField(
        label="Tệp của trang cũ",
        error_messages={"required": "Cần chọn tệp.", "empty": "Tệp trống (0 byte). Hãy xuất lại từ trang cũ."},
    )


class StartForm(forms.Form):
    """What to do with what was reviewed: publish or not, and where each heading goes."""

    publish = forms.BooleanField(label="Đăng ngay theo ngày cũ", required=False)

    def __init__(self, *args: Any, headings: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._headings = [heading["name"] for heading in headings]
        choices = [(channel.value, channel.label) for channel in TARGETS] + [_LEFT_OUT]
        for number, heading in enumerate(headings):
            self.fields[f"heading-{number}"] = forms.ChoiceField(
                label=heading["name"], choices=choices, required=False, initial=heading["channel"]
            )

    def channels(self) -> dict[str, str]:
        """What was chosen; of a heading that was not on the page nothing is known."""
        sent = {name: f"heading-{number}" for number, name in enumerate(self._headings)}
        return {name: self.cleaned_data[field] for name, field in sent.items() if field in self.data}
