"""Duties that come from the library."""

from congtruong.media.queries import counts
from congtruong.units.registry import Asked, Duty, duty_source
from congtruong.units.rules.duties import Act

_MINUTES_MOST = 30


@duty_source
def library_duties(asked: Asked) -> list[Duty]:
    """Images without a description, photos whose papers are awaited; one query."""
    if Act.WRITE not in asked.acts:
        return []
    held = counts(asked.unit)
    duties = []
    if held.lack_alt:
        duties.append(
            Duty(
                title=f"{held.lack_alt} ảnh thiếu mô tả",
                text="Người khiếm thị nghe mô tả thay cho ảnh. Mỗi ảnh một hai câu là đủ.",
                button="Thêm mô tả",
                url_name="console:media-alts",
                minutes=min(held.lack_alt, _MINUTES_MOST),
                why="Trang thông tin phải bảo đảm người khuyết tật tiếp cận được (Thông tư 26/2020/TT-BTTTT).",
            )
        )
    if held.waiting:
        duties.append(
            Duty(
                title=f"{held.waiting} ảnh chờ giấy đồng ý",
                text="Ảnh có học sinh chỉ đăng được khi phụ huynh, và học sinh từ 7 tuổi, đã đồng ý.",
                button="Xem ảnh chờ",
                url_name="console:media-waiting",
                why="Nghị định 56/2017/NĐ-CP, Điều 33 và 36.",
            )
        )
    return duties
