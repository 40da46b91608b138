from django.db import models


class Channel(models.TextChoices):
    """Where a published thing is listed. The first four are the channels of directive 2326/GDĐT-THCS.

    The value is the first word of the address.
    """

    NEWS = "tin-tuc", "Tin tức"
    NOTICE = "thong-bao", "Thông báo"
    DOCUMENT = "van-ban", "Văn bản"
    INVITATION = "thu-moi", "Thư mời"
    PAGE = "gioi-thieu", "Giới thiệu"
    ALBUM = "hinh-anh", "Hình ảnh và video"
    RESOURCE = "tai-nguyen", "Tài nguyên"
    QUESTION = "hoi-dap", "Câu hỏi thường gặp"
    WEEK = "lich-tuan", "Lịch công tác tuần"
    TIMETABLE = "tkb", "Thời khóa biểu"


FEED_CHANNELS = (Channel.NEWS, Channel.NOTICE, Channel.DOCUMENT, Channel.INVITATION)


class EntryKind(models.TextChoices):
    """Which table an entry was published from."""

    POST = "post", "Bài viết"
    ITEM = "item", "Tin từ nguồn ngoài"


class ChoiceAct(models.TextChoices):
    """What a unit does on its own portal with something an authority sent."""

    PIN = "pin", "Ghim lên đầu"
    HIDE = "hide", "Ẩn"
