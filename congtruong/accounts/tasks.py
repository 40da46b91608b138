"""Letters of accounts. A job that got lost is asked for again by the person who waits for it."""

from congtruong.accounts import services
from congtruong.core import clock, jobs
from congtruong.core.schedule import every


@jobs.register("accounts.mail")
def mail(to: str, subject: str, body: str) -> None:
    services.deliver(to=to, subject=subject, body=body)


@jobs.register("accounts.reset_mail")
def reset_mail(email: str, url: str) -> None:
    services.send_reset_mail(email=email, url=url)


@every(seconds=30, name="accounts.letters")
def deliver_again() -> None:
    services.deliver_again(now=clock.now())
