"""Input about the sources of a portal."""

from typing import Any

from django import forms

from congtruong.console import phrases
from congtruong.console.blocks.sources import LEAVE_OUT
from congtruong.console.forms.site import DeskForm
from congtruong.publication.enums import FEED_CHANNELS
from congtruong.units.enums import LEVEL_NAMES
from congtruong.units.models import Unit

NEW = "moi"
_MOST_CATEGORIES = 50
_CHANNELS = [(channel.value, channel.label) for channel in FEED_CHANNELS]
_ADDRESS = {"inputmode": "url", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class TryForm(DeskForm):
    """An address to read once."""

    url = forms.CharField(
        label="Địa chỉ",
        max_length=1000,
        help_text="Địa chỉ kênh RSS, hoặc địa chỉ trang web của nguồn: hệ thống tự tìm kênh RSS trên trang đó.",
        widget=forms.TextInput(_ADDRESS),
    )


class FeedForm(DeskForm):
    """What is decided about one feed; only an authority speaks to some levels and not to others."""

    url = forms.CharField(label="Địa chỉ kênh RSS", max_length=1000, widget=forms.TextInput(_ADDRESS))
    channel = forms.ChoiceField(
        label="Tin của kênh này vào chuyên mục",
        choices=_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )
    levels = forms.TypedMultipleChoiceField(
        label="Dành cho cấp học",
        required=False,
        coerce=int,
        choices=[(int(level), name) for level, name in LEVEL_NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="Không đánh dấu ô nào: dành cho mọi trường.",
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].error_messages["required"] = phrases.CHOICE_NEEDED.format(label="chuyên mục")
        if not unit.is_authority:
            del self.fields["levels"]

    @property
    def wanted_levels(self) -> int:
        return sum(self.cleaned_data.get("levels", []))


class SourceForm(DeskForm):
    name = forms.CharField(label="Tên nguồn", max_length=200, help_text="Hiện dưới mỗi tin, ví dụ: Sở GD&ĐT.")
    homepage = forms.CharField(label="Trang chủ của nguồn", max_length=500, widget=forms.TextInput(_ADDRESS))


class UseForm(FeedForm):
    """Taking an address that was read into use: in a source the unit has, or in a new one."""

    source = forms.ChoiceField(
        label="Thuộc nguồn", widget=forms.RadioSelect, error_messages={"invalid_choice": phrases.CHOOSE_AGAIN}
    )
    name = forms.CharField(
        label="Tên nguồn mới", required=False, max_length=200, help_text="Hiện dưới mỗi tin, ví dụ: Sở GD&ĐT."
    )
    homepage = forms.CharField(
        label="Trang chủ của nguồn mới", required=False, max_length=500, widget=forms.TextInput(_ADDRESS)
    )

    def __init__(self, *args: Any, sources: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].widget = forms.HiddenInput()
        source = self.fields["source"]
        if isinstance(source, forms.ChoiceField):
            source.choices = [*((str(pk), name) for pk, name in sources), (NEW, "Nguồn mới")]
        self.has_sources = bool(sources)
        for name in ("name", "homepage"):
            self.fields[name].required = not sources
        if sources:
            self.fields["name"].help_text = "Chỉ ghi khi chọn “Nguồn mới”. Tên này hiện dưới mỗi tin."

    @property
    def source_id(self) -> int | None:
        """The source chosen; None for a new one."""
        chosen = self.cleaned_data["source"]
        return None if chosen == NEW else int(chosen)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("source") == NEW:
            for name in ("name", "homepage"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, phrases.NEEDED.format(label=str(self.fields[name].label).lower()))
        return given


class RemoveForm(DeskForm):
    """What becomes of the items; nothing is chosen beforehand."""

    KEEP, TAKE_DOWN = "giu", "go"

    items = forms.ChoiceField(
        label="Các tin đã nhận",
        choices=[(KEEP, "Giữ lại trên cổng"), (TAKE_DOWN, "Gỡ khỏi cổng")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Cần chọn giữ lại hay gỡ các tin đã nhận.",
            "invalid_choice": phrases.CHOOSE_AGAIN,
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].error_messages["required"] = "Cần chọn giữ lại hay gỡ các tin đã nhận."

    @property
    def keeps_items(self) -> bool:
        return bool(self.cleaned_data["items"] == self.KEEP)


def routes_in(data: Any) -> dict[str, str | None]:
    """Categories and where they go, as lists of the same length; what nobody offers narrows nothing."""
    wanted: dict[str, str | None] = {}
    channels = {value for value, _ in _CHANNELS}
    categories, choices = data.getlist("the_loai")[:_MOST_CATEGORIES], data.getlist("kenh")[:_MOST_CATEGORIES]
    for category, choice in zip(categories, choices, strict=False):
        name = category.strip()[:200]
        if name and (choice in channels or choice in {"", LEAVE_OUT}):
            wanted[name] = "" if choice == LEAVE_OUT else choice or None
    return wanted
