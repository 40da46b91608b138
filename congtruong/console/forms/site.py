"""Input of the screens by which a unit arranges its portal."""

from typing import Any

from django import forms

from congtruong.console import phrases
from congtruong.units.enums import Crest, Theme


class DeskForm(forms.Form):
    """A form of the console: product classes on every field, messages in our words, no bubbles of the browser."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = phrases.NEEDED.format(label=str(field.label).lower())
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "input")

    def take_errors(self, errors: dict[str, list[str]]) -> None:
        """Show what a service found beside the fields it concerns."""
        for name, sentences in errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class DayInput(forms.DateInput):
    """The browser's own day picker; values in its form, yyyy-mm-dd."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TrailForm(DeskForm):
    """Filter of the trail; a value nobody offers narrows nothing."""

    nguoi = forms.CharField(label="Người thực hiện", required=False, max_length=100)
    viec = forms.ChoiceField(label="Loại việc", required=False)
    tu = forms.DateField(label="Từ ngày", required=False, widget=DayInput())
    den = forms.DateField(label="Đến ngày", required=False, widget=DayInput())

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["viec"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "Tất cả"), *kinds]


class MenuForm(DeskForm):
    """One word of the menu. `where` is "" (only a heading), "p:" and a path, "t:" and a page, or "khac"."""

    label = forms.CharField(label="Tên hiển thị", max_length=30, help_text="Ngắn gọn, tối đa 30 ký tự.")
    where = forms.ChoiceField(label="Dẫn đến", required=False, error_messages={"invalid_choice": phrases.CHOOSE_AGAIN})
    address = forms.CharField(
        label="Địa chỉ khác",
        required=False,
        max_length=300,
        help_text="Chỉ ghi khi chọn “Địa chỉ khác”: đường dẫn trên cổng hoặc địa chỉ bắt đầu bằng https://.",
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    parent = forms.TypedChoiceField(
        label="Nằm dưới mục",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Menu có hai cấp.",
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )
    is_hidden = forms.BooleanField(label="Tạm ẩn mục này", required=False)

    def __init__(
        self,
        *args: Any,
        fixed: list[tuple[str, str]],
        pages: list[tuple[int, str]],
        parents: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        where, parent = self.fields["where"], self.fields["parent"]
        if isinstance(where, forms.ChoiceField) and isinstance(parent, forms.ChoiceField):
            where.choices = [
                ("Mục có sẵn", [(f"p:{path}", name) for name, path in fixed]),
                ("Trang của đơn vị", [(f"t:{pk}", title) for pk, title in pages]),
                ("Khác", [("khac", "Địa chỉ khác"), ("", "Không dẫn đến đâu, chỉ là nhóm")]),
            ]
            parent.choices = [("", "Không, đứng ở cấp một"), *parents]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("where") == "khac" and not given.get("address") and "address" not in self.errors:
            self.add_error("address", phrases.NEEDED.format(label="địa chỉ"))
        return given


class LinkForm(DeskForm):
    label = forms.CharField(label="Tên hiển thị", max_length=80)
    url = forms.CharField(
        label="Địa chỉ",
        max_length=300,
        help_text="Bắt đầu bằng https://.",
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    group = forms.CharField(
        label="Nhóm",
        required=False,
        max_length=60,
        help_text="Ví dụ: Cơ quan quản lý, Học liệu. Để trống nếu ít liên kết.",
    )


class BannerForm(DeskForm):
    asset = forms.TypedChoiceField(
        label="Ảnh",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )
    alt = forms.CharField(
        label="Mô tả ảnh", max_length=300, help_text="Ảnh có gì, để người dùng trình đọc màn hình biết."
    )
    title = forms.CharField(
        label="Tiêu đề", required=False, max_length=120, help_text="Chữ đứng cạnh ảnh, không nằm trên ảnh."
    )
    caption = forms.CharField(label="Lời dưới ảnh", required=False, max_length=300)
    target = forms.CharField(
        label="Bấm vào thì đến",
        required=False,
        max_length=300,
        help_text="Đường dẫn trên cổng hoặc địa chỉ bắt đầu bằng https://.",
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    from_on = forms.DateField(
        label="Từ ngày", required=False, widget=DayInput(), error_messages={"invalid": phrases.DAY_WRONG}
    )
    to_on = forms.DateField(
        label="Đến hết ngày", required=False, widget=DayInput(), error_messages={"invalid": phrases.DAY_WRONG}
    )
    is_hero = forms.BooleanField(label="Thay cho tin nổi bật", required=False)

    def __init__(self, *args: Any, images: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asset = self.fields["asset"]
        asset.error_messages["required"] = phrases.CHOICE_NEEDED.format(label="một ảnh")
        if isinstance(asset, forms.ChoiceField):
            asset.choices = images


class QuickForm(DeskForm):
    """One of six errands; an empty line is left out."""

    label = forms.CharField(label="Tên việc", required=False, max_length=40)
    path = forms.CharField(
        label="Đường dẫn trên cổng",
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
    icon = forms.ChoiceField(
        label="Biểu tượng", required=False, error_messages={"invalid_choice": phrases.CHOOSE_AGAIN}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        icon = self.fields["icon"]
        if isinstance(icon, forms.ChoiceField):
            icon.choices = list(QUICK_ICONS.items())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("label")) != bool(given.get("path")) and not self.errors:
            self.add_error("label" if given.get("path") else "path", phrases.QUICK_HALF)
        return given


QUICK_ICONS = {
    "note": "Đơn từ",
    "bowl": "Bữa ăn",
    "cal": "Lịch",
    "grad": "Tuyển sinh",
    "swap": "Chuyển trường",
    "chat": "Hỏi đáp",
    "file": "Văn bản",
    "mega": "Thông báo",
    "money": "Khoản thu",
    "users": "Con người",
    "phone": "Điện thoại",
    "pin": "Địa điểm",
    "image": "Hình ảnh",
    "shield": "An toàn",
    "link": "Liên kết",
}


class ContactForm(DeskForm):
    """The one contact record of a unit."""

    address = forms.CharField(label="Địa chỉ", max_length=200, help_text="Số nhà, tên đường.")
    phone = forms.CharField(label="Điện thoại cố định", max_length=30, widget=forms.TextInput({"inputmode": "tel"}))
    hotline = forms.CharField(
        label="Đường dây nóng", required=False, max_length=30, widget=forms.TextInput({"inputmode": "tel"})
    )
    email = forms.EmailField(label="Thư điện tử", error_messages={"invalid": phrases.EMAIL_WRONG})
    office_hours = forms.CharField(
        label="Giờ làm việc", max_length=120, help_text="Ví dụ: Thứ Hai đến thứ Sáu, 7:00 – 11:30 và 13:00 – 16:30."
    )
    responsible_name = forms.CharField(label="Người chịu trách nhiệm nội dung", max_length=120)
    responsible_title = forms.CharField(label="Chức vụ", max_length=120)
    directions = forms.CharField(
        label="Đường đến",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Mốc dễ nhận, tuyến xe buýt, chỗ gửi xe.",
    )


class SettingsForm(DeskForm):
    """How the unit calls and shows itself."""

    short_name = forms.CharField(
        label="Tên ngắn",
        required=False,
        max_length=120,
        help_text="Dùng nơi tên đầy đủ quá dài, ví dụ: THCS Hoa Phượng.",
    )
    tagline = forms.CharField(
        label="Lời giới thiệu ngắn",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text="Một hai câu về đơn vị, hiện ở trang chủ và khi chia sẻ.",
    )
    theme = forms.ChoiceField(label="Màu giao diện", choices=Theme.choices, widget=forms.RadioSelect)
    crest = forms.ChoiceField(label="Huy hiệu có sẵn", choices=Crest.choices, required=False, widget=forms.RadioSelect)


class CrestForm(DeskForm):
    file = forms.FileField(
        label="Ảnh huy hiệu của đơn vị",
        help_text="Ảnh PNG, JPG hoặc WebP, gần vuông, tối đa 5 MB.",
        widget=forms.ClearableFileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > 5 * 1024 * 1024:
            raise forms.ValidationError("Ảnh lớn hơn 5 MB. Thầy/Cô chọn ảnh nhỏ hơn.")
        return given


class HostForm(DeskForm):
    name = forms.CharField(
        label="Tên miền",
        max_length=253,
        help_text="Ví dụ: thcshoaphuong.hcm.edu.vn.",
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    is_canonical = forms.BooleanField(label="Dùng làm tên miền chính", required=False)


class ParentForm(DeskForm):
    parent = forms.TypedChoiceField(
        label="Nằm dưới trang",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": phrases.CHOOSE_AGAIN},
    )

    def __init__(self, *args: Any, pages: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        if isinstance(parent, forms.ChoiceField):
            parent.choices = [("", "Không, đứng ở cấp một"), *pages]


class YearForm(forms.Form):
    """The school year that the page named, so that an old page begins nothing else."""

    nam = forms.IntegerField(min_value=2000, max_value=2100)
