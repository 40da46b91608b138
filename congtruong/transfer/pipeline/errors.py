"""Why an uploaded file cannot be read. Keys in the log, sentences on the page."""

MESSAGES = {
    "unknown": "Không nhận ra tệp này. Hãy chọn tệp xuất từ WordPress (.xml), kênh RSS đầy đủ nội dung (.xml), "
    "hoặc tệp ZIP chứa các trang web của trang cũ.",
    "empty": "Không tìm thấy bài viết nào trong tệp này. Hãy kiểm tra lại tệp đã chọn.",
    "broken": "Tệp bị hỏng hoặc chưa tải lên trọn vẹn. Hãy xuất lại từ trang cũ rồi chọn lại tệp.",
    "declares_entities": "Tệp XML có phần khai báo không an toàn nên không được nhận. Hãy xuất lại từ trang cũ.",
    "too_large": "Tệp lớn quá mức cho phép sau khi giải nén. Hãy chia thành nhiều tệp nhỏ hơn.",
    "bomb": "Tệp ZIP nén bất thường nên không được nhận. Hãy nén lại bằng chương trình thông thường.",
    "outside": "Tệp ZIP có tên tệp không hợp lệ nên không được nhận. Hãy nén lại thư mục của trang cũ.",
    "locked": "Tệp ZIP có mật khẩu. Hãy nén lại không đặt mật khẩu.",
    "not_ours": "Tệp này không phải gói dữ liệu của Cổng Trường. Hãy chọn tệp ZIP đã xuất từ Cổng Trường.",
    "newer": "Gói dữ liệu được tạo bởi phiên bản mới hơn. Hãy cập nhật hệ thống rồi nhập lại.",
    "damaged": "Nội dung gói dữ liệu không khớp với bảng kê. Gói có thể đã bị hỏng hoặc bị sửa; hãy xuất lại.",
}


class SourceError(Exception):
    """A source that cannot be read. `code` is a key of MESSAGES, `message` the sentence for the person."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.message = MESSAGES[code]
        super().__init__(f"{code}: {detail or self.message}")
