"""Why a document could not be read as a feed."""

_TRY_AGAIN = "Hệ thống sẽ tự đọc lại. Nếu lỗi kéo dài, hãy báo đơn vị quản lý trang nguồn."

MESSAGES = {
    "empty": "Kênh tin không có nội dung. " + _TRY_AGAIN,
    "html_page": "Địa chỉ này là một trang web, không phải kênh RSS. "
    "Hãy tìm liên kết RSS trên trang nguồn và nhập địa chỉ đó.",
    "not_feed": "Nội dung tại địa chỉ này không phải RSS, Atom hoặc JSON Feed. Hãy kiểm tra lại địa chỉ kênh tin.",
    "too_large": "Kênh tin quá lớn nên không đọc được. "
    "Hãy đề nghị đơn vị quản lý trang nguồn giảm số tin trong kênh RSS.",
    "timeout": "Kênh tin quá phức tạp, không đọc xong trong thời gian cho phép. "
    "Hãy đề nghị đơn vị quản lý trang nguồn kiểm tra kênh RSS.",
    "crashed": "Kênh tin có nội dung bất thường nên không đọc được. "
    "Hãy đề nghị đơn vị quản lý trang nguồn kiểm tra kênh RSS.",
}


class ParseError(Exception):
    """A body that is no feed. `code` is a key of MESSAGES, `message` the sentence for the officer."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = MESSAGES[code]
        super().__init__(f"{code}: {self.message}")
