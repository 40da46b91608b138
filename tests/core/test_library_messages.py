"""Every message of the libraries that a person may meet is Vietnamese: docs/decisions/vietnamese-in-templates.md.

The messages are read from the installed libraries themselves, so a release that adds or rewords one fails here until
the catalogue has it. The failing test prints the entries to add; `pybabel compile` makes the .mo file.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.exceptions import ValidationError
from django.db import models
from django.template import Context, Template
from django.utils import translation
from django.utils.text import camel_case_to_spaces
from django.utils.timesince import timesince

from congtruong.core import clock
from congtruong.units.models import Unit
from tests.core.library_messages import (
    NEVER_SHOWN,
    NOT_INSTALLED,
    Message,
    all_messages,
    catalogue,
    compiled,
    messages_of_module,
    messages_of_template,
    shown,
    stub,
)

pytestmark = pytest.mark.unit

# Parts whose messages visitors meet as well: they address nobody as Thầy/Cô.
FOR_EVERYBODY = (
    "django/contrib/humanize/", "django/core/", "django/db/", "django/forms/", "django/template/", "django/utils/",
)  # fmt: skip
# The same in both languages: names of protocols and units of size.
SAME = {"IPv4", "IPv6", "%(size)d byte", "%s KB", "%s MB", "%s GB", "%s TB", "%s PB"}
# Words that are no Vietnamese syllables and are meant.
KEPT = {
    "byte", "cn", "example", "edu", "http", "https", "ip", "ipv", "javascript", "jpeg", "kb", "mb", "gb", "tb", "pb",
    "pin", "png", "qr", "thcsmau", "thg", "vn",
}  # fmt: skip
# Rows and columns that no form offers.
WRITTEN_BY_THE_PRODUCT = {
    *("core.AuditEntry", "delivery.Receipt", "delivery.Request", "publication.Change", "publication.Choice"),
    *("publication.Entry", "publication.Hiding", "publication.Target", "syndication.Topic", "units.Reach"),
}
NEVER_ENTERED = {"id", "search_name", "search_title", "etag", "last_modified", "body_sha256", "content_hash"}

_PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd%]|\{\w*\}")
_TAG = re.compile(r"<[^>]+>")
_ONSET = r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
# Marks taken off.
_SYLLABLE = re.compile(
    _ONSET + r"(?:a[iouy]?|e[ou]?|i[aeu]?|ieu|o[aei]?|oa[iy]|u[aeiyou]?|uo[iu]|uy[aeu]?|ye?|yeu)(?:ch?|m|ng?|nh|p|t)?"
)
# Written without any mark: a stop at the end would ask for one, and so would the sounds of iê, uô, ươ and yê.
_PLAIN_SYLLABLE = re.compile(_ONSET + r"(?:a[iouy]?|eo?|i[au]?|o[aei]?|oai|u[aiy]?|uya|y)(?:m|ng?|nh)?")
# "khoá", "thuỷ": the product writes "khóa", "thủy".
_NEW_SPELLING = re.compile(r"o[àáảãạèéẻẽẹ](?!\w)|(?<!q)u[ỳýỷỹỵ](?!\w)", re.IGNORECASE)


def in_effect(message: Message, number: int) -> str:
    if message.plural is None:
        return (
            translation.pgettext(message.context, message.text)
            if message.context
            else translation.gettext(message.text)
        )
    if message.context:
        return translation.npgettext(message.context, message.text, message.plural, number)
    return translation.ngettext(message.text, message.plural, number)


def placeholders(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)) - {"%%"})


def tags(text: str) -> list[str]:
    return sorted(_TAG.findall(text))


def edges(text: str) -> tuple[str, str]:
    """White space around the text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def end_of_sentence(text: str) -> str:
    last = text.rstrip()[-1:]
    return last if " " in text and last in ".:?" else ""


def words_of(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]+", _TAG.sub(" ", _PLACEHOLDER.sub(" ", text)))}


def strange_words(text: str) -> list[str]:
    """Words that are neither Vietnamese nor kept on purpose."""
    return sorted(word for word in words_of(text) - KEPT if len(word) > 1 and not _is_syllable(word))


def _is_syllable(word: str) -> bool:
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return bool((_PLAIN_SYLLABLE if plain == word else _SYLLABLE).fullmatch(plain))


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in _PLACEHOLDER.sub("", text))


def test_module_gives_its_messages_under_any_name() -> None:
    source = """
from django.utils import translation
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext as _, ngettext_lazy as many, pgettext
_("One" " sentence.") % x
translation.gettext("Another")
many("%d file", "%d files", "num")
pgettext("noun", "May")
_(name)
_(info["name"])
other("Not this")
"""

    assert set(messages_of_module(source)) == {
        Message(None, "One sentence."),
        Message(None, "Another"),
        Message(None, "%d file", "%d files"),
        Message("noun", "May"),
    }


def test_template_gives_its_messages() -> None:
    source = """{% load i18n %}
  {% translate "Sign In" %} {% trans "Open" context "verb" %} {% element badge title=_("It's new") %}{% endelement %}
  {% blocktranslate trimmed %}
    Two
    lines {{ name }}
  {% endblocktranslate %}
  {% blocktranslate count n=all|length %}{{ n }} key{% plural %}{{ n }} keys{% endblocktranslate %}
"""

    assert set(messages_of_template(source)) == {
        Message(None, "Sign In"),
        Message("verb", "Open"),
        Message(None, "It's new"),
        Message(None, "Two lines %(name)s"),
        Message(None, "%(n)s key", "%(n)s keys"),
    }


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Thầy/Cô kiểm tra lại khuôn mặt, nguyên văn, quyền, gỡ, hoặc ở đây.", []),
        ("Nhập một URL hợp lệ", ["url"]),
        ("Tên này is not hợp lệ", ["is", "not"]),
        ("Gửi email cho %(email)s", ["email"]),
        ('Bấm <a href="%(url)s">submit</a> để upload', ["submit", "upload"]),
        ("Địa chỉ https://", []),
    ],
)
def test_strange_words_are_seen(text: str, strange: list[str]) -> None:
    assert strange_words(text) == strange


def test_every_shown_message_is_in_the_catalogue() -> None:
    missing = [stub(message, paths) for message, paths in shown().items() if message not in catalogue()]

    assert "\n\n".join(missing) == ""


def test_catalogue_has_no_message_that_nobody_says() -> None:
    assert [message for message in catalogue() if message not in shown()] == []


def test_compiled_catalogue_is_the_written_one() -> None:
    assert compiled() == catalogue()


@pytest.mark.parametrize("number", [0, 1, 2, 21])
def test_catalogue_is_in_effect_before_those_of_the_libraries(number: int) -> None:
    with translation.override("vi"):
        different = {message for message, text in catalogue().items() if in_effect(message, number) != text}

    assert different == set()


def test_translations_are_translated() -> None:
    same = [
        message
        for message, text in catalogue().items()
        if not text.strip() or (text in message and has_letters(text) and text not in SAME)
    ]

    assert same == []


def test_translations_share_no_words_with_the_source() -> None:
    shared = {
        text: words_of(text) & words_of(f"{message.text} {message.plural}") for message, text in catalogue().items()
    }

    assert {text: sorted(words - KEPT) for text, words in shared.items() if words - KEPT} == {}


def test_translations_keep_placeholders_tags_and_edges() -> None:
    different = []
    for message, text in catalogue().items():
        source = message.plural or message.text
        changed = any(part(text) != part(source) for part in (placeholders, tags, edges))
        if changed or end_of_sentence(source) not in {"", end_of_sentence(text)}:
            different.append((source, text))

    assert different == []


def test_translations_are_vietnamese_in_the_product_s_spelling() -> None:
    texts = catalogue().values()

    assert [text for text in texts if not unicodedata.is_normalized("NFC", text)] == []
    assert [text for text in texts if _NEW_SPELLING.search(text)] == []
    assert {text: strange_words(text) for text in texts if strange_words(text)} == {}


def test_translations_address_people_as_the_product_does() -> None:
    texts = catalogue()
    for_everybody = [
        text for message, text in texts.items() if all(p.startswith(FOR_EVERYBODY) for p in shown()[message])
    ]

    assert [text for text in texts.values() if re.search(r"\b(bạn|quý vị|chúng tôi)\b", text, re.IGNORECASE)] == []
    assert [text for text in for_everybody if "Thầy/Cô" in text] == []


def test_parts_that_are_never_shown_exist_and_are_not_installed() -> None:
    said_by = {path for paths in all_messages().values() for path in paths}
    installed = {config.name.replace(".", "/") + "/" for config in apps.get_app_configs()}

    assert [part for part in NEVER_SHOWN if not any(path.startswith(part) for path in said_by)] == []
    assert [app for app in installed if app.startswith(tuple(NOT_INSTALLED))] == []
    assert [app for app in installed if app.startswith("allauth/socialaccount/providers/")] in (
        [],
        ["allauth/socialaccount/providers/openid_connect/"],
    )
    assert settings.CSRF_FAILURE_VIEW.startswith("congtruong.")


def _refusal(field: forms.Field, value: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (forms.CharField(), "", "Cần điền mục này."),
        (forms.CharField(max_length=3), "abcd", "Chỉ được nhập tối đa 3 ký tự; hiện có 4. Hãy rút ngắn lại."),
        (
            forms.DateField(),
            "31/06/2026",
            "Cần nhập một ngày có trong lịch, theo dạng ngày/tháng/năm, ví dụ 05/09/2026.",
        ),
        (forms.EmailField(), "co@", "Cần nhập địa chỉ thư điện tử có dạng ten@example.edu.vn."),
        (forms.IntegerField(min_value=1), "0", "Cần nhập giá trị từ 1 trở lên."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Không có lựa chọn b. Hãy chọn trong danh sách."),
    ],
)
def test_forms_refuse_in_vietnamese(field: forms.Field, value: str, said: str) -> None:
    assert _refusal(field, value) == [said]


def test_models_refuse_in_vietnamese() -> None:
    with pytest.raises(ValidationError) as refused:
        models.IntegerField(choices=[(1, "Một")]).clean(2, None)

    assert refused.value.messages == ["Không có lựa chọn 2. Hãy chọn trong danh sách."]


def test_repeated_codes_are_refused_in_vietnamese() -> None:
    refused = Unit().unique_error_message(Unit, ("moet_code",))

    assert refused.messages == ["Đơn vị với “Mã trường (Bộ GD&ĐT)” này đã có. Hãy nhập nội dung khác."]


def test_models_that_a_form_may_show_have_vietnamese_names() -> None:
    """The libraries put these names into their sentences."""
    unnamed = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("congtruong.") and model._meta.label not in WRITTEN_BY_THE_PRODUCT
        for field in model._meta.fields
        if str(field.verbose_name) == field.name.replace("_", " ") and field.name not in NEVER_ENTERED
    ]
    named_by_class = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("congtruong.") and model._meta.label not in WRITTEN_BY_THE_PRODUCT
        if str(model._meta.verbose_name) == camel_case_to_spaces(model.__name__)
    ]

    assert unnamed == []
    assert named_by_class == []


def test_passwords_are_refused_in_vietnamese() -> None:
    with pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(10).validate("ngan")

    assert refused.value.messages == ["Mật khẩu quá ngắn. Mật khẩu cần ít nhất 10 ký tự."]


def test_sign_in_is_refused_in_vietnamese() -> None:
    assert (
        str(DefaultAccountAdapter.error_messages["incorrect_code"])
        == "Mã chưa đúng. Thầy/Cô nhập mã mới nhất rồi thử lại."
    )


def test_times_are_told_in_vietnamese() -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=clock.VIETNAM)

    assert timesince(now - timedelta(days=2, hours=3), now) == "2\N{NO-BREAK SPACE}ngày, 3\N{NO-BREAK SPACE}giờ"
    assert naturaltime(clock.now() - timedelta(hours=1, minutes=1)) == "1 giờ trước"
    assert naturaltime(clock.now() + timedelta(days=3, minutes=1)) == "3\N{NO-BREAK SPACE}ngày nữa"


def test_names_of_days_and_months_are_written_as_inside_a_sentence() -> None:
    source = "{{ day|date:'l' }}|{{ day|date:'D' }}|{{ day|date:'F' }}|{{ day|date:'b' }}|{{ day|date:'N' }}"

    written = Template(source).render(Context({"day": date(2026, 11, 23)}))

    assert written == "thứ Hai|T2|tháng 11|thg 11|thg 11"
