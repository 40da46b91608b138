from django.db import models


class UnsentMail(models.Model):
    """A letter that the mail server did not take; it is tried again until it is too old to be of use.

    Holds the secret of a link, so the row goes when the letter went or was given up.
    """

    to = models.EmailField("người nhận")
    subject = models.CharField("tiêu đề", max_length=200)
    body = models.TextField("nội dung")
    written_at = models.DateTimeField("viết lúc")
    tries = models.PositiveSmallIntegerField("số lần đã thử", default=1)
    next_try_at = models.DateTimeField("thử lại lúc", db_index=True)

    class Meta:
        verbose_name = "thư chưa gửi được"

    def __str__(self) -> str:
        return self.subject
