"""Letters that the mail server does not take: none is lost while it can still be of use."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from congtruong.accounts.models import UnsentMail
from congtruong.accounts.services import LETTER_LASTS, deliver, deliver_again
from congtruong.core import clock

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Any:
    def refuse(self: EmailMessage, **_: Any) -> int:
        raise SMTPServerDisconnected("away")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    return monkeypatch


def send() -> None:
    deliver(to="a@truong.edu.vn", subject="Đặt lại mật khẩu", body="https://truong.edu.vn/KEY/")


def test_letter_that_goes_leaves_nothing_behind() -> None:
    send()

    assert [letter.to for letter in mail.outbox] == [["a@truong.edu.vn"]]
    assert not UnsentMail.objects.exists()


def test_letter_goes_once_the_server_is_back(away: pytest.MonkeyPatch) -> None:
    send()
    now = clock.now()
    waits = []
    for _ in range(3):
        now = UnsentMail.objects.get().next_try_at
        deliver_again(now=now)
        waits.append(UnsentMail.objects.get().next_try_at - now)
    away.undo()

    too_early = deliver_again(now=now)
    sent = deliver_again(now=now + waits[-1])

    assert (too_early, sent) == (0, 1)
    assert waits == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert [(one.subject, one.body) for one in mail.outbox] == [("Đặt lại mật khẩu", "https://truong.edu.vn/KEY/")]
    assert not UnsentMail.objects.exists()


@pytest.mark.usefixtures("away")
def test_letter_of_yesterday_is_given_up_and_its_secret_goes() -> None:
    send()

    deliver_again(now=clock.now() + LETTER_LASTS + timedelta(minutes=1))

    assert not UnsentMail.objects.exists()


@pytest.mark.usefixtures("away")
def test_one_of_two_schedulers_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    tries: list[str] = []
    now = clock.now() + timedelta(minutes=2)

    def meanwhile(self: EmailMessage, **_: Any) -> int:
        tries.append(str(self.subject))
        deliver_again(now=now)
        raise SMTPServerDisconnected("away")

    monkeypatch.setattr(EmailMessage, "send", meanwhile)
    deliver_again(now=now)

    assert tries == ["Đặt lại mật khẩu"]
