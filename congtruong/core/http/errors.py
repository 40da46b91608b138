"""Why a fetch failed, in a code for the log and a sentence for the officer who looks after the source."""

ASK_OWNER = "Nếu lỗi kéo dài, hãy báo đơn vị quản lý trang nguồn."

MESSAGES = {
    "bad_url": "Địa chỉ không hợp lệ. Hãy nhập địa chỉ công khai bắt đầu bằng http:// hoặc https://.",
    "user_info": "Địa chỉ chứa tên đăng nhập hoặc mật khẩu. Hãy dùng địa chỉ công khai, không cần đăng nhập.",
    "port": "Địa chỉ dùng cổng {port}; hệ thống chỉ đọc cổng 80 và 443. Hãy dùng địa chỉ công khai của trang nguồn.",
    "dns": "Không tìm thấy máy chủ {host}. Hãy kiểm tra lại địa chỉ. " + ASK_OWNER,
    "refused_address": "Máy chủ {host} trỏ về địa chỉ mạng nội bộ nên hệ thống không đọc. Hãy dùng địa chỉ công khai.",
    "timeout": "Máy chủ {host} không trả lời kịp. Hệ thống sẽ tự đọc lại. " + ASK_OWNER,
    "too_large": "Nội dung ở {host} vượt quá {megabytes} MB nên hệ thống không đọc. "
    "Hãy đề nghị đơn vị quản lý trang nguồn giảm số tin trong kênh RSS.",
    "tls": "Không lập được kết nối bảo mật HTTPS với {host}. Hãy báo đơn vị quản lý trang nguồn kiểm tra chứng thư.",
    "tls_expired": "Chứng thư bảo mật HTTPS của {host} đã hết hạn. "
    "Hãy báo đơn vị quản lý trang nguồn gia hạn chứng thư.",
    "tls_name": "Chứng thư bảo mật HTTPS của {host} được cấp cho tên miền khác nên hệ thống không đọc. "
    "Hãy kiểm tra lại địa chỉ và báo đơn vị quản lý trang nguồn.",
    "tls_issuer": "Chứng thư bảo mật HTTPS của {host} do nơi không được tin cậy cấp nên hệ thống không đọc. "
    "Hãy báo đơn vị quản lý trang nguồn cài chứng thư hợp lệ.",
    "encoding": "Máy chủ {host} gửi nội dung nén sai. Hệ thống sẽ tự đọc lại. " + ASK_OWNER,
    "redirect_circle": "Địa chỉ chuyển hướng vòng quanh. "
    "Hãy mở địa chỉ bằng trình duyệt và nhập lại địa chỉ cuối cùng.",
    "network": "Kết nối tới {host} bị ngắt. Hệ thống sẽ tự đọc lại. " + ASK_OWNER,
}

_STATUS = {
    401: "Trang nguồn yêu cầu đăng nhập. Hãy dùng địa chỉ công khai của kênh tin.",
    403: "Trang nguồn từ chối cho hệ thống đọc. Hãy đề nghị đơn vị quản lý trang nguồn cho phép.",
    404: "Không có kênh tin tại địa chỉ này. Hãy tìm địa chỉ RSS mới trên trang nguồn.",
    410: "Trang nguồn báo kênh tin đã ngừng. Hãy tìm địa chỉ RSS mới hoặc tạm dừng nguồn này.",
    429: "Trang nguồn đề nghị đọc thưa hơn. Hệ thống sẽ tự đọc lại sau.",
}
# Asking again later is what these three say themselves (RFC 9110, RFC 8470, RFC 6585).
_PASSING_STATUS = frozenset({408, 425, 429})


class FetchError(Exception):
    """A fetch that brought nothing.

    `code` is one of bad_url, dns, refused_address, timeout, too_large, tls, tls_expired, tls_name, tls_issuer,
    encoding, http_status, redirect_circle, network. `permanent` says that asking again soon will not help. `status` is
    set for http_status only; `retry_after` is in seconds, when the server named a delay.
    """

    def __init__(
        self, code: str, *, permanent: bool, message: str, retry_after: int | None = None, status: int | None = None
    ) -> None:
        self.code = code
        self.permanent = permanent
        self.message = message
        self.retry_after = retry_after
        self.status = status
        super().__init__(f"{code}{f' {status}' if status else ''}: {message}")


class OtherAddress(Exception):
    """The name leads to another machine than the caller reserved; nothing was sent. `ip` is the one it leads to."""

    def __init__(self, ip: str) -> None:
        self.ip = ip
        super().__init__(ip)


def bad_url(reason: str = "bad_url", *, port: int = 0) -> FetchError:
    return FetchError("bad_url", permanent=True, message=MESSAGES[reason].format(port=port))


def failed(code: str, *, host: str, permanent: bool = False, megabytes: int = 0) -> FetchError:
    return FetchError(code, permanent=permanent, message=MESSAGES[code].format(host=host, megabytes=megabytes))


def refused_status(status: int, *, host: str, retry_after: int | None) -> FetchError:
    """A reply of 400 and more, or one that is neither content nor a usable redirect."""
    message = _STATUS.get(status, f"Máy chủ {host} trả về lỗi {status}. Hệ thống sẽ tự đọc lại. {ASK_OWNER}")
    permanent = 400 <= status < 500 and status not in _PASSING_STATUS
    return FetchError("http_status", permanent=permanent, message=message, retry_after=retry_after, status=status)
