from collections.abc import Mapping

# What is worth knowing of a record, by key; shown in the review and beside the result.
NOTES: Mapping[str, str] = {
    "no_date": "Không rõ ngày đăng nên giữ ở bản nháp.",
    "future": "Ngày đăng chưa đến nên giữ ở bản nháp.",
    "no_title": "Bài không có tiêu đề.",
    "shortcode": "Có phần do tiện ích của WordPress tạo ra; hãy xem lại cách trình bày.",
    "flattened": "Nội dung quá dài hoặc lồng quá sâu nên chỉ giữ phần chữ.",
    "documents": "Bài thuộc mục văn bản. Bài được đưa vào Thông báo vì chưa có số, ký hiệu và ngày ban hành.",
    "unknown_category": "Không nhận ra chuyên mục nên đưa vào Tin tức.",
    "personal": "Có thông tin cá nhân nên giữ ở bản nháp: {detail}.",
    "missing_image": "Thiếu ảnh: {detail}.",
    "missing_file": "Thiếu tệp đính kèm: {detail}.",
    "refused_file": "Tệp không dùng được: {detail}.",
    "no_alt": "Ảnh chưa có mô tả; tạm dùng tiêu đề bài làm mô tả.",
    "known": "Bài này đã được chuyển trước đây.",
    "not_published": "Chưa đăng được nên giữ ở bản nháp: {detail}",
    "failed": "Chưa chuyển được: {detail}",
}
# The same over a whole source, with the number of posts before it.
PROBLEMS: Mapping[str, str] = {
    "no_date": "bài không rõ ngày đăng; sẽ giữ ở bản nháp",
    "no_title": "bài không có tiêu đề; không chuyển được",
    "shortcode": "bài có phần do tiện ích của WordPress tạo ra; cần xem lại cách trình bày",
    "documents": "bài thuộc mục văn bản; sẽ đưa vào Thông báo vì chưa có số, ký hiệu, ngày ban hành",
    "unknown_category": "bài thuộc chuyên mục chưa nhận ra; Thầy/Cô chọn kênh ở bảng dưới",
    "personal": "bài có thông tin cá nhân; sẽ giữ ở bản nháp để Thầy/Cô xem lại",
    "missing_image": "bài thiếu ảnh: ảnh không có trong tệp đã tải lên",
    "missing_file": "bài thiếu tệp đính kèm: tệp không có trong tệp đã tải lên",
    "no_alt": "bài có ảnh chưa có mô tả; sẽ tạm dùng tiêu đề bài",
    "known": "bài đã được chuyển trước đây; sẽ bỏ qua",
}
# What a reader passed over, by key.
LEFT_OUT: Mapping[str, str] = {
    "other_kind": "mục không phải bài viết (sản phẩm, biểu mẫu, …)",
    "trash": "bài trong thùng rác",
    "password": "bài có mật khẩu",
    "no_text": "mục không có nội dung",
    "no_article": "trang danh mục, trang biểu mẫu hoặc trang không có bài viết",
}
FORMATS: Mapping[str, str] = {
    "wordpress": "tệp xuất từ WordPress",
    "rss": "kênh RSS đầy đủ nội dung",
    "thu-muc": "các trang web đã lưu",
}
SUMMARY = "Chuyển được: {published} bài đăng, {drafts} bản nháp; đã có từ trước: {known}; không chuyển: {skipped}"
BUSY = "Đơn vị đang có một lượt chuyển dữ liệu chưa xong. Hãy đợi lượt đó xong hoặc hủy trước khi bắt đầu lượt mới."
NOT_READY = "Lượt chuyển dữ liệu này không còn ở bước đó. Hãy tải lại trang để xem tình trạng mới nhất."
TOO_LARGE = (
    "Tệp lớn hơn {megabytes} MB nên không tải lên được ở đây. Hãy chia thành nhiều tệp nhỏ hơn, "
    "hoặc nhờ bộ phận kỹ thuật chuyển bằng lệnh trên máy chủ."
)
GONE = "Tệp đã tải lên không còn nữa. Hãy hủy lượt này và bắt đầu lại."
UNEXPECTED = "Hệ thống gặp lỗi khi chuyển dữ liệu. Phần đã chuyển vẫn còn nguyên; hãy bấm “Tiếp tục” để thử lại."
UNIT_NOT_EMPTY = (
    "Đơn vị đã có bài viết hoặc tệp. Gói dữ liệu chỉ nhập được vào đơn vị chưa có nội dung, để không ghi đè lên nhau."
)
