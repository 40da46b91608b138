"""The trail of a unit in words: who did what to what, and what was there before."""

from dataclasses import dataclass
from datetime import datetime

from congtruong.core.models import AuditEntry

# Kind of work → its name and the beginnings of the actions that belong to it.
KINDS = {
    "bai-viet": ("Bài viết, trang", ("editorial.",)),
    "tep": ("Thư viện ảnh, tệp", ("media.",)),
    "giao-dien": ("Trình bày cổng, năm học", ("portal.", "units.settings.", "units.host.")),
    "lien-he": ("Thông tin đơn vị", ("units.contact.", "units.unit.")),
    "nguoi": ("Người dùng, nhiệm vụ", ("units.membership.", "units.invitation.", "accounts.", "console.")),
    "nguon": ("Tin từ cấp trên", ("feeds.", "delivery.", "publication.")),
    "chuyen": ("Nhập, xuất dữ liệu", ("transfer.",)),
}

SENTENCES = {
    "accounts.account.created": "tạo tài khoản",
    "accounts.email.changed": "đổi thư điện tử của",
    "accounts.factor.added": "thêm cách bảo vệ đăng nhập cho",
    "accounts.factor.refused": "xác nhận đăng nhập không được",
    "accounts.factor.removed": "bỏ cách bảo vệ đăng nhập của",
    "accounts.factor.renewed": "tạo lại mã dự phòng của",
    "accounts.factors.removed": "bỏ mọi cách bảo vệ đăng nhập của",
    "accounts.initial_password.issued": "cấp mật khẩu ban đầu cho",
    "accounts.link.added": "nối tài khoản bên ngoài với",
    "accounts.link.removed": "bỏ nối tài khoản bên ngoài với",
    "accounts.operator.made": "tạo người vận hành",
    "accounts.password.changed": "đổi mật khẩu",
    "accounts.recovery_code.used": "dùng mã dự phòng để đăng nhập",
    "accounts.reset_mail.sent": "gửi thư đặt lại mật khẩu cho",
    "accounts.session.ended": "đăng xuất một thiết bị của",
    "accounts.sign_in.failed": "đăng nhập không được",
    "accounts.sign_in.succeeded": "đăng nhập",
    "console.member.password_renewed": "cấp lại mật khẩu cho",
    "console.member.taken_on": "tạo tài khoản cho",
    "delivery.receipt.answered": "trả lời thư mời",
    "delivery.receipt.confirmed": "xác nhận đã đọc",
    "delivery.request.changed": "đổi yêu cầu xác nhận của",
    "delivery.request.ended": "thôi yêu cầu xác nhận",
    "delivery.request.made": "yêu cầu các đơn vị xác nhận",
    "delivery.request.repeated": "yêu cầu các đơn vị xác nhận lại",
    "editorial.category.added": "thêm mục bài viết",
    "editorial.category.deleted": "xóa mục bài viết",
    "editorial.category.moved": "đổi thứ tự mục bài viết",
    "editorial.category.renamed": "đổi tên mục bài viết",
    "editorial.page.moved": "đổi chỗ trang",
    "editorial.post.approved": "duyệt bài",
    "editorial.post.archived": "đưa vào lưu trữ bài",
    "editorial.post.created": "bắt đầu soạn",
    "editorial.post.discarded": "bỏ bản sửa của bài",
    "editorial.post.expired": "ngừng hiển thị, do hết hạn, bài",
    "editorial.post.moved": "đổi địa chỉ bài",
    "editorial.post.pinned": "ghim bài",
    "editorial.post.published": "đăng bài",
    "editorial.post.recalled": "rút lại để sửa bài",
    "editorial.post.reopened": "lấy từ lưu trữ ra bài",
    "editorial.post.restored": "khôi phục bản cũ của bài",
    "editorial.post.returned": "trả lại bài",
    "editorial.post.saved": "lưu bài",
    "editorial.post.scheduled": "duyệt và hẹn giờ đăng bài",
    "editorial.post.submitted": "gửi duyệt bài",
    "editorial.post.taken_over": "tiếp quản việc sửa bài",
    "editorial.post.unpinned": "bỏ ghim bài",
    "editorial.post.withdrawn": "gỡ bài",
    "editorial.preview.made": "tạo địa chỉ xem thử của",
    "editorial.preview.revoked": "thu hồi địa chỉ xem thử của",
    "feeds.feed.added": "thêm kênh tin",
    "feeds.feed.asked": "cho đọc ngay kênh tin",
    "feeds.feed.changed": "sửa kênh tin",
    "feeds.feed.kept": "giữ địa chỉ cũ của kênh tin",
    "feeds.feed.moved": "đổi theo địa chỉ mới của kênh tin",
    "feeds.feed.paused": "tạm dừng kênh tin",
    "feeds.feed.removed": "bỏ kênh tin",
    "feeds.feed.resumed": "cho đọc tiếp kênh tin",
    "feeds.routes.changed": "xếp lại thể loại của nguồn tin",
    "feeds.source.added": "thêm nguồn tin",
    "feeds.source.changed": "sửa nguồn tin",
    "feeds.source.removed": "bỏ nguồn tin",
    "feeds.item.withdrawn": "gỡ tin từ nguồn",
    "feeds.item.restored": "đăng lại tin từ nguồn",
    "feeds.item.moved": "đổi chuyên mục của tin từ nguồn",
    "feeds.item.grouped": "nhận ra văn bản là bản sao của cơ quan cấp trên",
    "media.asset.added": "tải lên tệp",
    "media.asset.consent_set": "ghi nhận sự đồng ý cho ảnh",
    "media.asset.deleted": "xóa tệp",
    "media.asset.described": "sửa mô tả của tệp",
    "portal.banner.changed": "đổi ảnh bìa của",
    "portal.banner.removed": "bỏ ảnh bìa của",
    "portal.crest.changed": "đổi huy hiệu của",
    "portal.crest.removed": "bỏ huy hiệu riêng của",
    "portal.home.arranged": "sắp xếp trang chủ của",
    "portal.link.added": "thêm liên kết",
    "portal.link.changed": "sửa liên kết",
    "portal.link.moved": "đổi chỗ liên kết",
    "portal.link.removed": "bỏ liên kết",
    "portal.menu.added": "thêm mục menu",
    "portal.menu.changed": "sửa mục menu",
    "portal.menu.moved": "đổi chỗ mục menu",
    "portal.menu.removed": "bỏ mục menu",
    "portal.menu.reset": "trở về menu mặc định của",
    "portal.menu.started": "bắt đầu tự sắp xếp menu của",
    "portal.quick_links.changed": "sửa các việc thường tìm của",
    "portal.redirect.added": "chuyển hướng địa chỉ cũ",
    "portal.year.closed": "hoàn tất chuyển năm học của",
    "portal.year.started": "bắt đầu năm học mới của",
    "publication.entry.hidden": "ẩn khỏi cổng của đơn vị",
    "publication.entry.pinned": "ghim lên đầu trang của đơn vị",
    "publication.entry.shown_as_sent": "hiện lại như cơ quan cấp trên gửi",
    "transfer.export.started": "bắt đầu xuất dữ liệu",
    "transfer.import.started": "bắt đầu nhập dữ liệu",
    "transfer.import.uploaded": "tải lên dữ liệu để nhập",
    "transfer.job.cancelled": "dừng việc chuyển dữ liệu",
    "transfer.job.resumed": "chạy tiếp việc chuyển dữ liệu",
    "transfer.site.imported": "nhập nội dung từ trang cũ",
    "transfer.unit.exported": "xuất toàn bộ dữ liệu",
    "transfer.unit.restored": "nhập lại toàn bộ dữ liệu",
    "units.contact.changed": "sửa thông tin liên hệ của",
    "units.contact.checked": "xác nhận thông tin liên hệ của",
    "units.host.added": "thêm tên miền",
    "units.host.changed": "đổi tên miền chính",
    "units.host.removed": "bỏ tên miền",
    "units.invitation.accepted": "nhận lời mời, người nhận:",
    "units.invitation.made": "gửi lời mời cho",
    "units.invitation.revoked": "hủy lời mời đã gửi cho",
    "units.membership.ended": "thôi giao nhiệm vụ cho",
    "units.membership.granted": "giao nhiệm vụ cho",
    "units.reference.loaded": "nạp",
    "units.roster.loaded": "nạp danh sách",
    "units.settings.changed": "đổi tên gọi, giao diện của",
    "units.unit.added": "thêm đơn vị",
    "units.unit.changed": "sửa hồ sơ đơn vị",
    "units.unit.placed": "ghi cơ quan quản lý:",
    "units.unit.released": "kết thúc quan hệ quản lý:",
}
_OTHER = "thao tác khác với"

# Details worth reading, in this order; ids and counters of the program are left out.
_LABELS = {
    "role": "Nhiệm vụ",
    "invited_by": "Người mời",
    "reason": "Lý do",
    "guard_reason": "Lý do vẫn đăng khi có thông tin cá nhân",
    "note": "Ghi chú",
    "held_by": "Người đang sửa trước đó",
    "number": "Bản số",
    "before": "Trước",
    "after": "Sau",
    "label": "Tên",
    "target": "Dẫn đến",
    "hidden_in": "Số nơi không còn hiển thị",
    "count": "Số lượng",
    "is_canonical": "Là tên miền chính",
    "year": "Năm học",
    "from_on": "Từ ngày",
    "to_on": "Đến ngày",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; `details` are (what, value) and (what, before, after) turned into sentences."""

    entry: AuditEntry
    sentence: str
    details: list[tuple[str, str]]

    @property
    def at(self) -> datetime:
        return self.entry.at


def lines(entries: list[AuditEntry]) -> list[Line]:
    return [Line(entry, SENTENCES.get(entry.action, _OTHER), _details(entry.detail)) for entry in entries]


def _details(detail: dict[str, object]) -> list[tuple[str, str]]:
    changes = detail.get("changes")
    changed = changes if isinstance(changes, dict) else {}
    found = [(str(name).capitalize(), _change(pair)) for name, pair in changed.items()]
    return found + [(label, _value(detail[name])) for name, label in _LABELS.items() if not _is_empty(detail.get(name))]


def _change(pair: object) -> str:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else ("", pair)
    return f"{_quoted(before)} → {_quoted(after)}"


def _quoted(value: object) -> str:
    return "(để trống)" if _is_empty(value) else f"“{value}”"


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return str(value)
