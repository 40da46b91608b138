KIND_REFUSED = (
    "Tệp này không thuộc loại được nhận. Hãy tải lên PDF, Word, Excel, PowerPoint, ZIP, hoặc ảnh JPEG, PNG, WebP, GIF."
)
EMPTY = "Tệp trống (0 byte). Hãy kiểm tra lại tệp trên máy rồi tải lên lần nữa."
TOO_LARGE = "Tệp lớn hơn 50 MB. Hãy giảm dung lượng hoặc chia nhỏ tệp rồi tải lên."
IMAGE_BROKEN = "Không đọc được hình ảnh này. Hãy mở ảnh trên máy, lưu lại thành JPEG hoặc PNG rồi tải lên."
IMAGE_TOO_LARGE = (
    "Ảnh quá lớn: hơn 60 triệu điểm ảnh. Hãy mở ảnh trên máy, thu nhỏ chiều rộng còn khoảng 4.000 điểm rồi tải lên."
)
HEIC_REFUSED = (
    "Ảnh HEIC của iPhone chưa dùng được trên trang. Trên iPhone, vào Cài đặt → Camera → Định dạng, chọn "
    "“Tương thích nhất” rồi chụp lại, hoặc gửi ảnh qua Zalo, lưu về máy rồi tải ảnh đó lên."
)
VIDEO_REFUSED = (
    "Tệp này là video hoặc âm thanh. Hãy đăng video lên kênh YouTube của đơn vị rồi dán địa chỉ video vào bài viết."
)
SVG_REFUSED = "Ảnh SVG có thể chứa mã độc nên không được nhận. Hãy mở ảnh trên máy, xuất ra PNG rồi tải ảnh PNG lên."
HTML_REFUSED = (
    "Đây là tệp trang web (HTML), có thể chứa mã độc nên không được nhận. Hãy chép nội dung vào bài viết, "
    "hoặc in trang ra PDF rồi tải tệp PDF lên."
)
FILE_LOCKED = "Tệp được khóa bằng mật khẩu nên người xem không mở được. Hãy bỏ mật khẩu, lưu lại rồi tải lên."
ARCHIVE_TOO_LARGE = (
    "Tệp nén này khi mở ra sẽ lớn bất thường (hơn 400 MB hoặc quá nhiều tệp con), nên không được nhận. "
    "Hãy chia thành nhiều tệp nhỏ rồi tải lên."
)
ARCHIVE_BROKEN = "Tệp bị hỏng hoặc nén theo kiểu lạ. Hãy mở tệp trên máy, lưu lại hoặc nén lại thành ZIP rồi tải lên."
QUOTA_FULL = (
    "Kho tệp của đơn vị đã đầy ({used} trong {quota}). Hãy xóa bớt tệp không còn dùng trong Thư viện rồi tải lại."
)
CONSENT_MISSING = (
    "Chưa đăng được ảnh “{names}” vì chưa có giấy đồng ý của phụ huynh và học sinh. "
    "Hãy ghi nhận giấy đồng ý trong Thư viện, hoặc bỏ ảnh này khỏi bài."
)
CONSENT_STOPPED = (
    "Không đăng được ảnh “{names}” vì phụ huynh hoặc học sinh đã yêu cầu ngừng đăng. Hãy bỏ ảnh này khỏi bài."
)
CONSENT_NOTE_MISSING = (
    "Cần ghi giấy đồng ý nào, của ai, ngày nào; ví dụ: “Giấy đồng ý của 14 em lớp 6/2, ngày 05/09/2026”."
)
ANOTHER_UNIT = "Có tệp không thuộc đơn vị này. Hãy chọn lại tệp trong Thư viện của đơn vị."
IN_USE = "Chưa xóa được “{name}” vì đang dùng ở: {places}. Hãy bỏ tệp này ra khỏi những nơi đó trước."
IN_USE_SOMEWHERE = "một nội dung đã lưu của đơn vị"
PART_MISPLACED = "Phần tệp vừa gửi không nối đúng chỗ. Tệp sẽ được gửi tiếp từ phần còn thiếu."
PART_REFUSED = "Không nhận được phần tệp này. Hãy chọn lại tệp và tải lên từ đầu."
TOO_MANY_PARTS = "Thầy/Cô đang có quá nhiều tệp tải dở. Hãy đợi các tệp đó xong, hoặc thử lại vào ngày mai."
ALT_MISSING = "Cần viết mô tả ảnh, hoặc đánh dấu “Ảnh chỉ để trang trí”."
ALT_TOO_LONG = "Mô tả ảnh dài quá 300 ký tự. Hãy viết ngắn lại, một hai câu là đủ."
CAPTION_TOO_LONG = "Chú thích dài quá 300 ký tự. Hãy viết ngắn lại."
NOTE_TOO_LONG = "Ghi chú dài quá 300 ký tự. Hãy viết ngắn lại."
CONSENT_NEEDED = "Cần chọn một tình trạng đồng ý."
NO_FILE = "Thầy/Cô chưa chọn tệp nào. Hãy chọn ảnh hoặc tệp rồi tải lên."
ADDED_ONE = "Đã tải lên “{name}”."
ADDED_MANY = "Đã tải lên {count} tệp."
REFUSED = "“{name}”: {problem}"
DESCRIBED = "Đã lưu mô tả của “{name}”."
CONSENT_SET = "Đã ghi nhận cho “{name}”: {consent}."
CONSENT_HIDDEN = "Đã ghi nhận cho “{name}”: {consent}. Ảnh không còn hiển thị trên cổng."
DELETED = "Đã xóa “{name}”."
# Why a file was not searched for personal data, or only in part; keys are kept with the file.
_LOOK_YOURSELF = "Thầy/Cô hãy tự xem lại trước khi đăng."
SCANS = {
    "old_format": "Tệp Word, Excel hoặc PowerPoint kiểu cũ nên không rà soát được. "
    "Hãy lưu lại thành DOCX, XLSX hoặc PDF rồi tải lên, hoặc tự xem lại trước khi đăng.",
    "archive": "Tệp nén nên không rà soát được các tệp bên trong. " + _LOOK_YOURSELF,
    "no_text": "Tệp chỉ có hình, không có chữ nên không rà soát được. " + _LOOK_YOURSELF,
    "encrypted": "Tệp có mật khẩu nên không rà soát được, người xem cũng không mở được. "
    "Hãy bỏ mật khẩu rồi tải lên lại.",
    "damaged": "Tệp bị hỏng một phần nên chưa rà soát được hết. Hãy mở tệp trên máy, lưu lại rồi tải lên.",
    "too_costly": "Tệp quá phức tạp nên không rà soát được. " + _LOOK_YOURSELF,
    "too_long": "Tệp quá dài, chỉ rà soát được phần đầu. Thầy/Cô hãy tự xem lại phần sau trước khi đăng.",
    "pages_without_text": "Có trang chỉ có hình, không có chữ nên không rà soát được. " + _LOOK_YOURSELF,
    "missing": "Không tìm thấy tệp trong kho. Hãy tải tệp lên lại.",
}
