"""A person, an operator, and the steps they take."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import set_script_prefix

from congtruong.core.models import AuditEntry
from congtruong.units.models import User

HOST = {"host": "congtruong.test"}
PASSWORD = "mat-khau-thu-2026"
SIGN_IN = "/quan-tri/tai-khoan/dang-nhap/"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("vanthu", "vanthu@truong.edu.vn", PASSWORD, full_name="Lê Thị Cúc", honorific="cô")


@pytest.fixture
def operator() -> User:
    return User.objects.create_user("vanhanh", password=PASSWORD, is_staff=True)


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    """Through the sign-in page, as people come; the password was confirmed just now."""
    response = client.post(SIGN_IN, {"login": "vanthu", "password": PASSWORD}, headers=HOST)
    assert response.status_code == 302, response.content.decode()
    confirmed = client.post("/quan-tri/tai-khoan/xac-nhan/", {"password": PASSWORD}, headers=HOST)
    assert confirmed.status_code == 302, confirmed.content.decode()
    return client


@pytest.fixture
def acts() -> Callable[[], list[str]]:
    """What the trail tells of accounts, oldest first."""
    return lambda: list(
        AuditEntry.objects.filter(action__startswith="accounts.").order_by("pk").values_list("action", flat=True)
    )


@pytest.fixture(autouse=True)
def _prefix() -> Iterator[None]:
    """The server sets the prefix anew for each request; Django's test client leaves that of the last one."""
    set_script_prefix("/")
    yield
    set_script_prefix("/")
