"""What can be wrong with a reading beyond fetching and parsing: a code for the row, a sentence for people; pure."""

import re

_ASK_OWNER = "Nếu kéo dài, hãy báo đơn vị quản lý trang nguồn."
MESSAGES = {
    "unexpected": "Hệ thống gặp lỗi khi đọc kênh tin này và sẽ tự đọc lại. Nếu kéo dài, hãy báo bộ phận kỹ thuật.",
    "emptied": "Kênh tin trước đây có tin, nay không còn tin nào. Các tin đã nhận vẫn được giữ trên cổng. "
    "Hãy hỏi đơn vị quản lý trang nguồn.",
    "login_page": "Địa chỉ này trả về trang đăng nhập thay cho kênh tin. "
    "Hãy đề nghị đơn vị quản lý trang nguồn mở kênh RSS công khai, hoặc nhập địa chỉ khác.",
    "gone": "Trang nguồn báo kênh tin đã ngừng hẳn. Hệ thống chỉ còn hỏi lại mỗi ngày một lần. "
    "Hãy tìm địa chỉ RSS mới hoặc tạm dừng nguồn này.",
    "asked_to_wait": "Trang nguồn đang quá tải và đề nghị đọc thưa hơn. Hệ thống sẽ tự đọc lại sau. " + _ASK_OWNER,
    "own_network": "Đường truyền của hệ thống đang gián đoạn nên chưa đọc được nguồn. "
    "Đây không phải lỗi của nguồn; hệ thống sẽ tự đọc lại sau ít phút.",
}
_PASSWORD_FIELD = re.compile(rb"""type\s*=\s*["']?password""", re.IGNORECASE)


def is_login_page(body: bytes) -> bool:
    """Whether a web page asks for a password."""
    return bool(_PASSWORD_FIELD.search(body, 0, 512 * 1024))


def code_of_status(status: int | None) -> str:
    """The state a refusing status stands for."""
    if status == 410:
        return "gone"
    return "asked_to_wait" if status in {429, 503} else "http_status"
