"""What is asked of the lists of things from above and sent below, and what a unit or an authority answers there."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from congtruong.console import phrases
from congtruong.console.forms.fields import moment_field, number_field, text_field
from congtruong.core import clock
from congtruong.core.text import squeeze
from congtruong.delivery.enums import Answer, Asks
from congtruong.publication.enums import FEED_CHANNELS

_DAYS = ("%d/%m/%Y", "%Y-%m-%d")


class _Asked(forms.Form):
    """What of a list is wanted; nonsense counts as nothing."""

    trang = forms.IntegerField(required=False, min_value=1, max_value=9999)

    def good(self) -> dict[str, Any]:
        """Values of the valid fields; the others as if left empty."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return found | {"trang": found["trang"] or 1}


class InboxForm(_Asked):
    loc = forms.ChoiceField(required=False, choices=[("can-xac-nhan", ""), ("chua-doc", "")])
    muc = forms.ChoiceField(required=False, choices=[(channel.value, channel.label) for channel in FEED_CHANNELS])


class OutboxForm(_Asked):
    """Which stretch of the list."""


class BoardForm(_Asked):
    loc = forms.ChoiceField(
        required=False,
        choices=[(name, "") for name in ("tat-ca", "chua-xac-nhan", "da-xac-nhan", "co", "khong", "chua-xem", "da-an")],
    )
    q = forms.CharField(required=False, max_length=100)
    phuong = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def good(self) -> dict[str, Any]:
        found = super().good()
        return found | {"q": squeeze(found["q"])}


class DeadlineField(forms.DateTimeField):
    """A moment, or a day, which is meant to its end."""

    def to_python(self, value: Any) -> datetime | None:
        day = _day(value) if isinstance(value, str) else None
        return clock.end_of(day) - timedelta(minutes=1) if day is not None else super().to_python(value)


def deadline_field(label: str, *, hint: str = "") -> DeadlineField:
    model = moment_field(label)
    attrs = {"class": "input", "placeholder": "27/11/2026", "autocomplete": "off", "maxlength": "30"}
    return DeadlineField(
        label=label,
        required=False,
        input_formats=model.input_formats,
        widget=forms.DateTimeInput(attrs, format="%H:%M, %d/%m/%Y"),
        help_text=hint,
        error_messages={"invalid": phrases.DEADLINE_WRONG},
    )


class ReplyForm(forms.Form):
    """Whether somebody of the unit comes to what it was invited to."""

    use_required_attribute = False

    answer = forms.ChoiceField(
        label="Trả lời",
        choices=[(Answer.YES.value, "Có mặt"), (Answer.NO.value, "Không dự được")],
        widget=forms.RadioSelect,
        error_messages={"required": phrases.ANSWER_NEEDED, "invalid_choice": phrases.ANSWER_NEEDED},
    )
    people = number_field("Số người dự", most=999)
    note = text_field("Ghi chú", 500, 2)

    def __init__(self, data: MultiValueDict[str, str] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="tl_%s", initial=initial)

    def clean(self) -> None:
        values = self.cleaned_data
        if values.get("answer") == Answer.YES and not values.get("people") and "people" not in self.errors:
            self.add_error("people", phrases.PEOPLE_NEEDED)

    @property
    def people_coming(self) -> int | None:
        """Nobody is counted of a unit that does not come."""
        found: int | None = self.cleaned_data["people"]
        return found if self.cleaned_data["answer"] == Answer.YES else None


class HideForm(forms.Form):
    reason = forms.CharField(required=False, max_length=500, strip=True)


class AskForm(forms.Form):
    """What an authority wants of the units, and by when."""

    use_required_attribute = False

    asks = forms.ChoiceField(
        choices=[(Asks.READING.value, "Xác nhận đã đọc"), (Asks.REPLY.value, "Trả lời có mặt hay không dự được")],
        error_messages={"required": phrases.CHOOSE_AGAIN, "invalid_choice": phrases.CHOOSE_AGAIN},
    )
    due_at = deadline_field("Hạn", hint="Ngày/tháng/năm, hoặc giờ, ngày/tháng/năm. Để trống nếu không có hạn.")
    again = forms.BooleanField(required=False)

    def __init__(self, data: MultiValueDict[str, str] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="yc_%s", initial=initial)


def _day(written: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(written.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
