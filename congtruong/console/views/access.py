"""What a page says whose form is too old to be believed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from congtruong.console.views.page import render_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """In place of Django's English page; the reason goes to nobody."""
    return render_page(request, "console/expired.html", {"address": reverse("account_login")}, status=403)
