from typing import Any

from django import forms

from congtruong.console import phrases
from congtruong.console.queries import ward_authorities
from congtruong.units.models import Unit


class SignInForm(forms.Form):
    login = forms.CharField(max_length=254, error_messages={"required": phrases.NEEDED.format(label="tên đăng nhập")})
    password = forms.CharField(
        max_length=128, strip=False, error_messages={"required": phrases.NEEDED.format(label="mật khẩu")}
    )


class PlaceForm(forms.Form):
    authority = forms.ModelChoiceField(
        Unit.objects.none(),
        error_messages={"required": phrases.WARD_NEEDED, "invalid_choice": phrases.WARD_NEEDED},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["authority"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in ward_authorities()])
