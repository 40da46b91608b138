from django.db import models


class HomeBlock(models.TextChoices):
    """A part of a home page that a unit may put in another place."""

    HERO = "noi-bat", "Tin nổi bật"
    FIND = "tim-truong", "Tìm trang của một trường"
    QUICK = "viec", "Việc thường tìm"
    NOTICES = "thong-bao", "Thông báo"
    UPCOMING = "sap-toi", "Lịch sắp tới"
    NEWS = "tin", "Tin của đơn vị"
    BELOW = "tin-don-vi", "Tin từ các đơn vị trực thuộc"
    ALBUMS = "hinh-anh", "Hình ảnh và video"
    ABOVE = "cap-tren", "Từ cơ quan quản lý"
    QUESTIONS = "hoi-dap", "Câu hỏi thường gặp"
    LINKS = "lien-ket", "Liên kết"
    CONTACT = "lien-he", "Liên hệ và tìm kiếm"
    DIRECTORY = "don-vi", "Các đơn vị trực thuộc"


# Directive 2326/GDĐT-THCS: the channels of the authorities stand on every home page.
ALWAYS_SHOWN = frozenset({HomeBlock.ABOVE})
OF_AUTHORITIES = frozenset({HomeBlock.FIND, HomeBlock.BELOW, HomeBlock.DIRECTORY})
