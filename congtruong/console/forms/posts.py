"""What staff write in an article, and how they look for one."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from congtruong.console import phrases
from congtruong.console.forms.delivery import deadline_field
from congtruong.console.forms.fields import (
    chosen_field,
    day_field,
    line_field,
    moment_field,
    number_field,
    select_field,
    text_field,
    tick_field,
)
from congtruong.core import clock
from congtruong.core.sanitize import MOST_CHARACTERS
from congtruong.core.text import squeeze
from congtruong.delivery.enums import Asks
from congtruong.editorial.enums import RelationKind, SigningAuthority, Urgency
from congtruong.editorial.errors import SourceAddressInvalid
from congtruong.editorial.models import DocumentType
from congtruong.editorial.pipeline.body import from_editor
from congtruong.editorial.queries import OwnDocument, documents_named
from congtruong.editorial.services import Content, RegisterContent
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.units.enums import LEVEL_NAMES, Level
from congtruong.units.models import Unit

_NAMED = re.compile(r"(.+?)\s*\((\d{2})/(\d{2})/(\d{4})\)")
_ID = re.compile(r"[0-9]{1,18}")
_PLACE = re.compile(r"[0-9]{1,4}")
_MOST_FILES = 50
_MOST_RELATIONS = 20
_MOST_TARGETS = 500
# Blank lines below the relations that are there, for a browser without scripts.
_SPARE_RELATIONS = 1


class PostForm(forms.Form):
    """The editor's page of one channel. Of a field with a problem, `content` takes what was stored before."""

    use_required_attribute = False

    title = text_field("Tiêu đề", 500, 2)
    summary = text_field("Tóm tắt", 2000, 2, hint="Một, hai câu; hiện trong danh sách và khi tìm kiếm.")
    body = text_field("Nội dung", MOST_CHARACTERS, 14)
    cover = chosen_field()
    cover_caption = line_field("Chú thích ảnh bìa", 300)
    category = chosen_field()
    school_year = chosen_field()
    author = line_field("Người viết", 200)
    source_name = line_field("Tên nguồn", 200)
    source_url = line_field("Địa chỉ bài gốc", 1000, inputmode="url", placeholder="https://")
    is_pinned = tick_field("Ghim lên đầu chuyên mục")
    shows_children = tick_field("Có hình học sinh", hint="Cần giấy đồng ý của phụ huynh và học sinh trước khi đăng.")
    when = forms.ChoiceField(required=False, choices=[("ngay", "Ngay khi được duyệt"), ("hen", "Hẹn giờ")])
    publish_at = moment_field("Giờ, ngày đăng")
    expires_at = moment_field("Tự gỡ xuống lúc")
    # Thư mời
    starts_at = moment_field("Diễn ra lúc", hint="Giờ, ngày/tháng/năm.")
    place = line_field("Địa điểm", 200, hint="Phòng, sân, hoặc địa chỉ.")
    # What an authority sends to the units below it
    asks = forms.ChoiceField(
        label="Đơn vị cần làm gì", required=False, error_messages={"invalid_choice": phrases.CHOOSE_AGAIN}
    )
    asks_due_at = deadline_field("Hạn", hint="Ngày/tháng/năm, hoặc giờ, ngày/tháng/năm. Để trống nếu không có hạn.")
    # Giới thiệu
    parent = chosen_field()
    order = number_field("Thứ tự trong danh sách trang", most=9999)
    # Văn bản (NĐ 30/2020, điều 8)
    type = chosen_field()
    number = number_field("Số", most=999_999)
    symbol = line_field("Số, ký hiệu", 80, placeholder="12/KH-THCS")
    second_reference = line_field("Số tham chiếu khác", 80)
    issuer = line_field("Cơ quan ban hành", 200)
    parent_issuer = line_field("Cơ quan chủ quản", 200)
    doc_place = line_field("Địa danh", 120)
    issued_on = day_field("Ngày ban hành")
    effective_on = day_field("Ngày có hiệu lực")
    expires_on = day_field("Ngày hết hiệu lực")
    signer = line_field("Người ký", 120)
    signer_title = line_field("Chức vụ người ký", 120)
    signing_authority = select_field("Quyền hạn ký", SigningAuthority.choices)
    urgency = select_field("Mức độ khẩn", Urgency.choices)
    field = line_field("Lĩnh vực", 120)
    recipients = text_field("Nơi nhận", 4000, 3, hint="Mỗi nơi một dòng.")
    pages = number_field("Số trang", most=99_999)
    is_signed_digitally = tick_field("Đã ký số")

    _OF_CHANNEL = {
        "starts_at": Channel.INVITATION,
        "place": Channel.INVITATION,
        "parent": Channel.PAGE,
        "order": Channel.PAGE,
    }
    _REGISTER = (
        "type",
        "number",
        "symbol",
        "second_reference",
        "issuer",
        "parent_issuer",
        "doc_place",
        "issued_on",
        "effective_on",
        "expires_on",
        "signer",
        "signer_title",
        "signing_authority",
        "urgency",
        "field",
        "recipients",
        "pages",
        "is_signed_digitally",
    )

    def __init__(
        self, data: MultiValueDict[str, str] | None = None, *, unit: Unit, channel: Channel, post_id: int, base: Content
    ) -> None:
        self.unit, self.channel, self.post_id, self.base = unit, channel, post_id, base
        super().__init__(data, auto_id="o_%s", initial=_initial(base))
        for name, only in self._OF_CHANNEL.items():
            if channel != only:
                del self.fields[name]
        if channel != Channel.DOCUMENT:
            for name in self._REGISTER:
                del self.fields[name]
        self.is_sent = unit.is_authority and channel in FEED_CHANNELS
        if self.is_sent:
            self.fields["asks"].choices = _asks(channel)  # type: ignore[attr-defined]
        else:
            del self.fields["asks"], self.fields["asks_due_at"]
        self._label(channel)

    def _label(self, channel: Channel) -> None:
        """A document and a question call things differently; only news open with their summary."""
        if channel == Channel.NEWS:
            self.fields["summary"].help_text = "Một, hai câu; hiện dưới tiêu đề, ở trang chủ và khi tìm kiếm."
        if channel == Channel.DOCUMENT:
            self.fields["title"].label = "Trích yếu"
            self.fields["body"].label = "Nội dung văn bản"
        if channel == Channel.QUESTION:
            self.fields["title"].label = "Câu hỏi"
            self.fields["body"].label = "Câu trả lời"

    @property
    def is_document(self) -> bool:
        return self.channel == Channel.DOCUMENT

    def clean_type(self) -> int | None:
        chosen: int | None = self.cleaned_data["type"]
        if chosen is not None and not DocumentType.objects.filter(pk=chosen).exists():
            raise forms.ValidationError(phrases.CHOOSE_AGAIN)
        return chosen

    def clean_source_url(self) -> str:
        address: str = self.cleaned_data["source_url"].strip()
        if address and not address.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(SourceAddressInvalid.message)
        return address

    def clean_school_year(self) -> int | None:
        chosen: int | None = self.cleaned_data["school_year"]
        if chosen is not None and chosen not in school_years(self.base.school_year):
            raise forms.ValidationError(phrases.CHOOSE_AGAIN)
        return chosen

    def clean(self) -> None:
        values = self.cleaned_data
        if values.get("when") == "hen" and values.get("publish_at") is None and "publish_at" not in self.errors:
            self.add_error("publish_at", phrases.MOMENT_NEEDED)
        effective, ended = values.get("effective_on"), values.get("expires_on")
        if effective is not None and ended is not None and ended < effective:
            self.add_error("expires_on", phrases.DAYS_REVERSED)
        try:
            self._files()
        except ValueError:
            self.add_error(None, phrases.CHOOSE_AGAIN)

    def content(self) -> Content:
        """What the person's page says, on top of what was stored."""
        own = {name: self._value(name, getattr(self.base, name)) for name in _SAME_NAME if name in self.fields}
        try:
            files = self._files()
        except ValueError:
            files = self.base.files
        return self.base.replaced(
            **own,
            body=from_editor(self._value("body", self.base.body)),
            cover_id=self._value("cover", self.base.cover_id),
            category_id=self._value("category", self.base.category_id),
            parent_id=self._value("parent", self.base.parent_id),
            order=self._value("order", self.base.order) or 0,
            school_year=self._value("school_year", self.base.school_year) or self.base.school_year,
            publish_at=self._publish_at(),
            levels=self._levels(),
            targets=self._targets(),
            files=files,
            register=self._register() if self.is_document else None,
        )

    def relation_rows(self, own: list[OwnDocument]) -> list[tuple[str, str]]:
        """Kind and document of each relation as the page shows it, and an empty line."""
        if self.is_bound:
            rows = [(kind, to) for kind, to in self._relations() if to]
        else:
            register = self.base.register or RegisterContent()
            shown = {document.post_id: document.shown for document in own}
            rows = [(row["kind"], shown.get(row.get("post") or 0) or row["symbol"]) for row in register.relations]
        return rows + [(RelationKind.REPLACES.value, "")] * _SPARE_RELATIONS

    def level_rows(self) -> list[tuple[int, str, bool]]:
        """Levels an authority's article may be meant for."""
        chosen = self._levels()
        return [(int(level), LEVEL_NAMES[level], bool(chosen & int(level))) for level in Level]

    @property
    def has_levels(self) -> bool:
        """Is it meant for some levels only?"""
        return bool(self._levels())

    def problems(self) -> list[tuple[str, str]]:
        """Field and what the page's summary calls it, in the order of the page.

        The sentence itself stands above its field; one that has no field of its own is said in full.
        """
        found = []
        for name, sentences in self.errors.items():
            field = self.fields.get(name)
            if field is not None and field.label:
                found.append((name, str(field.label)))
            else:
                found += [(name, str(sentence)) for sentence in sentences]
        return found

    def _value(self, name: str, before: Any) -> Any:
        """What was sent; what was sent wrongly or not at all stays as it was."""
        is_tick = isinstance(self.fields.get(name), forms.BooleanField)
        is_sent = name in self.data or (is_tick and "has_page" in self.data)
        return self.cleaned_data[name] if is_sent and name in self.cleaned_data else before

    def _list(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, MultiValueDict) else []

    def _levels(self) -> int:
        if not self.is_sent or "has_levels" not in self.data:
            return self.base.levels
        return sum(int(level) for level in Level if f"{int(level)}" in self._list("levels"))

    def _targets(self) -> tuple[int, ...]:
        """Units and offices that were chosen; which of them are below the authority the service decides."""
        if not self.is_sent or "has_targets" not in self.data:
            return self.base.targets
        chosen = [one for one in self._list("target") if _ID.fullmatch(one)]
        return tuple(dict.fromkeys(map(int, chosen[:_MOST_TARGETS])))

    def _publish_at(self) -> datetime | None:
        if self._value("when", "hen") != "hen":
            return None
        before: datetime | None = self.base.publish_at
        return self._value("publish_at", before) or before

    def _files(self) -> tuple[tuple[int, str], ...]:
        """Ids with the words to show, in the order of the places given; raises ValueError for what is no id."""
        if "has_files" not in self.data:
            return self.base.files
        ids, labels, places = (self._list(name) for name in ("file", "file_label", "file_place"))
        if len(ids) > _MOST_FILES or any(not _ID.fullmatch(one) for one in ids):
            raise ValueError("too many files or no id")
        if len(labels) != len(ids):
            labels = [""] * len(ids)
        if len(places) == len(ids):
            ranks = [int(place) if _PLACE.fullmatch(place.strip()) else n for n, place in enumerate(places, start=1)]
        else:
            ranks = list(range(len(ids)))
        rows = sorted(zip(ranks, range(len(ids)), strict=True))
        left_out = set(self._list("file_drop"))
        chosen = {int(ids[n]): squeeze(labels[n])[:200] for _, n in rows if ids[n] not in left_out}
        return tuple(chosen.items())

    def _register(self) -> RegisterContent:
        before = self.base.register or RegisterContent()
        same = {name: self._value(name, getattr(before, name)) for name in _SAME_REGISTER}
        recipients = self._value("recipients", "\n".join(before.recipients))
        return RegisterContent(
            **same,
            type_id=self._value("type", before.type_id),
            place=self._value("doc_place", before.place),
            recipients=tuple(line for line in map(squeeze, recipients.splitlines()) if line),
            relations=self._named_relations(),
        )

    def _relations(self) -> list[tuple[str, str]]:
        kinds, others = self._list("relation_kind"), self._list("relation_to")
        rows = [(kind, squeeze(to)[:120]) for kind, to in zip(kinds, others, strict=False)]
        return rows[:_MOST_RELATIONS]

    def _named_relations(self) -> tuple[dict[str, Any], ...]:
        """Documents of the unit are found by symbol and day; any other is kept as it was written."""
        if "relation_to" not in self.data:
            return self.base.register.relations if self.base.register is not None else ()
        rows = [(kind, to) for kind, to in self._relations() if to and kind in RelationKind.values]
        symbols = [_symbol_and_day(to)[0] for _, to in rows]
        own = documents_named(self.unit, symbols, but=self.post_id) if rows else []
        made = []
        for kind, to in rows:
            symbol, day = _symbol_and_day(to)
            found = next((one.post_id for one in own if one.symbol == symbol and day in {None, one.issued_on}), None)
            made.append({"kind": kind, "symbol": symbol if found else to, "post": found})
        return tuple(made)


_SAME_NAME = (
    "title",
    "summary",
    "cover_caption",
    "author",
    "source_name",
    "source_url",
    "is_pinned",
    "shows_children",
    "expires_at",
    "starts_at",
    "place",
    "asks",
    "asks_due_at",
)
_SAME_REGISTER = (
    "number",
    "symbol",
    "second_reference",
    "issuer",
    "parent_issuer",
    "issued_on",
    "effective_on",
    "expires_on",
    "signer",
    "signer_title",
    "signing_authority",
    "urgency",
    "field",
    "pages",
    "is_signed_digitally",
)


def school_years(chosen: int) -> list[int]:
    """The years an article may belong to: the coming one, the present and five before, and the one it has."""
    present = clock.school_year(clock.today())
    return sorted({*range(present - 5, present + 2), *([chosen] if chosen else [])}, reverse=True)


def _asks(channel: Channel) -> list[tuple[str, str]]:
    """Whether units come is asked of invitations only."""
    reply = [(Asks.REPLY.value, "Trả lời có mặt hay không dự được")] if channel == Channel.INVITATION else []
    return [("", "Không phải làm gì"), (Asks.READING.value, "Xác nhận đã đọc"), *reply]


def _initial(content: Content) -> dict[str, Any]:
    made = {name: getattr(content, name) for name in _SAME_NAME}
    made |= {
        "body": content.body,
        "cover": content.cover_id,
        "category": content.category_id,
        "parent": content.parent_id,
        "order": content.order or "",
        "school_year": content.school_year,
        "when": "hen" if content.publish_at is not None else "ngay",
        "publish_at": content.publish_at,
    }
    register = content.register or RegisterContent()
    made |= {name: getattr(register, name) for name in _SAME_REGISTER}
    return made | {
        "type": register.type_id,
        "doc_place": register.place,
        "recipients": "\n".join(register.recipients),
    }


def _symbol_and_day(written: str) -> tuple[str, date | None]:
    """`12/KH-THCS (07/09/2026)` as the list of own documents offers it."""
    found = _NAMED.fullmatch(written)
    if found is None:
        return written, None
    try:
        return found[1], date(int(found[4]), int(found[3]), int(found[2]))
    except ValueError:
        return written, None
