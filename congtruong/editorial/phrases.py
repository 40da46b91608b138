TITLE_MISSING = "Bài chưa có tiêu đề. Hãy nhập tiêu đề."
ANOTHER_UNIT = "Tệp hoặc trang được chọn không thuộc đơn vị này. Hãy chọn lại trong thư viện của đơn vị."
TARGET_NOT_BELOW = "Có nơi nhận không thuộc cơ quan này. Hãy chọn lại nơi nhận trong danh sách đơn vị cấp dưới."
REGISTER_MISSING = "Văn bản cần có loại, cơ quan ban hành và ngày ban hành. Hãy bổ sung."
NOT_YET = "Thời điểm đăng chưa đến. Hãy chọn thời điểm hiện tại hoặc đã qua."
SOURCE_ADDRESS_INVALID = (
    "Địa chỉ nguồn phải bắt đầu bằng http:// hoặc https://. Hãy sao chép lại địa chỉ từ trình duyệt."
)
SOURCE_MISSING = "Bài đăng lại phải ghi nguồn (Thông tư 37/2020/TT-BGDĐT, Điều 7). Hãy nhập tên nguồn."
STEP_NOT_POSSIBLE = (
    "Bài đã chuyển sang trạng thái khác, nên chưa làm được việc này. Thầy/Cô xem lại trạng thái mới của bài."
)
NOT_OPEN = "Bài đang chờ duyệt hoặc đã duyệt nên chưa sửa được. Thầy/Cô rút bài về, hoặc nhờ người duyệt trả lại."
LOCK_HELD = (
    "{holder} đang sửa bài này. Thầy/Cô đợi, hoặc bấm “Tiếp quản” để sửa tiếp; nội dung của người kia vẫn được giữ."
)
OVERTAKEN = "Bài đã được sửa ở nơi khác. Nội dung vừa gửi được giữ thành bản {number} trong Lịch sử, không mất."
REASON_MISSING = "Cần ghi lý do để người viết biết phải sửa gì."
ALT_MISSING = "Còn {count} ảnh chưa có mô tả. Hãy thêm mô tả cho từng ảnh."
PERSONAL_DATA = "Bài có thông tin cá nhân. Hãy xóa thông tin đó, hoặc ghi rõ lý do vẫn đăng."
CONSENT_MISSING = "Có ảnh học sinh chưa được đồng ý. Hãy bổ sung sự đồng ý trong Thư viện, hoặc thay ảnh khác."
DATES_REVERSED = "Thời điểm hết hạn phải sau thời điểm đăng. Hãy chọn lại."
PARENT_INVALID = "Trang cha được chọn không phù hợp. Hãy chọn một trang khác của đơn vị."
ADDRESS_TAKEN = "Địa chỉ này đã có bài khác dùng. Hãy chọn địa chỉ khác."
# Before an article is handed on.
NO_TITLE = "Chưa có tiêu đề"
NO_SUMMARY = "Để trống tóm tắt: danh sách và trang chủ sẽ lấy một, hai câu đầu của bài"
TITLE_AND_SUMMARY = "Có tiêu đề và tóm tắt"
ALTS_MISSING = "{count} ảnh trong bài thiếu mô tả. Bấm vào ảnh rồi nhập mô tả"
COVER_ALT_MISSING = "Ảnh bìa thiếu mô tả"
ALBUM_ALTS_MISSING = "{count} ảnh của bộ ảnh thiếu mô tả"
ALTS_COMPLETE = "Đủ mô tả cho {count} ảnh"
CONSENT_BLOCKED = "Chưa có giấy đồng ý cho ảnh: {names}"
CONSENT_GIVEN = "Có giấy đồng ý cho {count} ảnh có học sinh"
CONSENT_UNKNOWN = "Bài ghi có hình học sinh, nhưng chưa ảnh nào được ghi nhận giấy đồng ý trong Thư viện"
NO_TIME = "Thư mời chưa có ngày, giờ"
FILES_UNREAD = "Tệp chưa được rà soát xong: {names}"
NO_PERSONAL_DATA = "Không thấy thông tin cá nhân trong bài và trong tệp đã rà soát"
# Headings of a channel and addresses.
CATEGORY_NEEDED = "Cần nhập tên mục."
CATEGORY_EXISTS = "Chuyên mục này đã có mục “{name}”. Hãy dùng mục đó hoặc chọn tên khác."
ADDRESS_INVALID = "Địa chỉ chỉ gồm chữ không dấu, số và dấu gạch nối, ví dụ: ngay-hoi-doc-sach."
FOUND_IN_TEXT = "Trong bài"
CHANGED_ELSEWHERE = "Bài đã được sửa ở nơi khác sau khi mở trang này. Thầy/Cô mở bản mới nhất để viết tiếp."
# Comparison of two versions; blocks by their kind.
COMPARE_SIGNS = {"added": "+", "removed": "−", "changed": "±"}
COMPARE_WORDS = {"added": "Thêm", "removed": "Bỏ", "changed": "Sửa"}
COMPARE_SPOKEN_ADDED = "[thêm] "
COMPARE_SPOKEN_REMOVED = "[bỏ] "
COMPARE_BLOCKS = {
    "paragraph": "Đoạn văn",
    "heading": "Đề mục",
    "item": "Mục liệt kê",
    "quote": "Đoạn trích",
    "row": "Hàng trong bảng",
    "caption": "Tên bảng",
    "image": "Hình ảnh",
    "video": "Video",
}
COMPARE_FOLDED = "… {count} đoạn không đổi …"
COMPARE_TURNED = "Đổi từ {old} thành {new}."
COMPARE_OTHER_IMAGE = "Đã thay bằng tệp hình khác."
COMPARE_IMAGE = "Mô tả ảnh: {alt}"
COMPARE_NO_ALT = "(chưa có)"
COMPARE_CAPTION = "Chú thích: {caption}"
COMPARE_VIDEO = "Video {address}"
COMPARE_LINK = "(liên kết: {address})"
WITHDRAWAL_REASON_MISSING = "Cần ghi lý do gỡ bài. Lý do được giữ trong nhật ký của đơn vị."
NOT_SCANNED = "Tệp đang được rà soát thông tin cá nhân, chưa xong. Thầy/Cô xem lại trang này sau ít phút."
