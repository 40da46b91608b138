TITLE_MISSING = "Bài chưa có tiêu đề. Hãy nhập tiêu đề rồi đăng lại."
ANOTHER_UNIT = "Tệp hoặc trang được chọn không thuộc đơn vị này. Hãy chọn lại trong thư viện của đơn vị."
REGISTER_MISSING = "Văn bản cần có loại, cơ quan ban hành và ngày ban hành. Hãy bổ sung rồi đăng lại."
NOT_YET = "Thời điểm đăng chưa đến. Hãy chọn thời điểm hiện tại hoặc đã qua."
SOURCE_ADDRESS_INVALID = (
    "Địa chỉ nguồn phải bắt đầu bằng http:// hoặc https://. Hãy sao chép lại địa chỉ từ trình duyệt."
)
SOURCE_MISSING = "Bài đăng lại phải ghi nguồn (Thông tư 37/2020/TT-BGDĐT, Điều 7). Hãy nhập tên nguồn."
