"""Input about the people of a unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from congtruong.console import phrases
from congtruong.console.forms.site import DeskForm
from congtruong.units.enums import Honorific, Role

_MEANS = {
    Role.CONTRIBUTOR: "Soạn bài và gửi duyệt.",
    Role.EDITOR: "Soạn, sửa, duyệt và đăng bài; sắp xếp menu, trang chủ.",
    Role.HEAD: "Mọi việc của ban biên tập; giao nhiệm vụ; bắt đầu năm học mới.",
    Role.TECHNICIAN: "Giao diện, menu, nhập và xuất dữ liệu; không duyệt bài.",
    Role.SUPERVISOR: "Theo dõi các đơn vị trực thuộc.",
    Role.CONTRACT_OFFICER: "Theo dõi hợp đồng.",
}


@dataclass(frozen=True, slots=True)
class RoleLabel:
    """A duty beside its box: its name, and what it allows."""

    name: str
    means: str

    def __str__(self) -> str:
        return self.name


def role_choices(roles: Iterable[Role]) -> list[tuple[str, RoleLabel]]:
    """Duties in their order."""
    wanted = set(roles)
    return [(role.value, RoleLabel(role.label, _MEANS[role])) for role in Role if role in wanted]


class RolesForm(DeskForm):
    """Which of the duties that the person at the desk may give."""

    roles = forms.MultipleChoiceField(
        label="Nhiệm vụ",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )

    def __init__(self, *args: Any, givable: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        field.error_messages["required"] = phrases.CHOICE_NEEDED.format(label="ít nhất một nhiệm vụ")
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = role_choices(givable)

    def wanted(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.cleaned_data["roles"])


class PersonForm(RolesForm):
    """A colleague without an account."""

    full_name = forms.CharField(
        label="Họ và tên",
        max_length=120,
        help_text="Viết đầy đủ, có dấu. Tên đăng nhập được đặt từ họ tên.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    honorific = forms.ChoiceField(label="Cách xưng hô", required=False, choices=Honorific.choices)
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        help_text="Để nhận thư khi quên mật khẩu.",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": phrases.EMAIL_WRONG},
    )

    field_order = ("full_name", "honorific", "email", "roles")

    def clean_full_name(self) -> str:
        name = " ".join(str(self.cleaned_data["full_name"]).split())
        if not any(char.isalpha() for char in name):
            raise forms.ValidationError(phrases.NEEDED.format(label="họ và tên"))
        return name


class InviteForm(DeskForm):
    """A colleague who has an account already."""

    name = forms.CharField(label="Mời ai", max_length=120, help_text="Để nhận ra lời mời trong danh sách và nhật ký.")
    role = forms.ChoiceField(
        label="Nhiệm vụ", widget=forms.RadioSelect, error_messages={"invalid_choice": phrases.CHOOSE_AGAIN}
    )

    def __init__(self, *args: Any, givable: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        field.error_messages["required"] = phrases.CHOICE_NEEDED.format(label="một nhiệm vụ")
        if isinstance(field, forms.ChoiceField):
            field.choices = role_choices(givable)
