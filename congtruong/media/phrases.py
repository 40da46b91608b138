KIND_REFUSED = "Tệp này không thuộc loại được nhận. Hãy tải lên PDF, Word, Excel, PowerPoint, ZIP, JPEG, PNG hoặc WebP."
EMPTY = "Tệp trống (0 byte). Hãy kiểm tra lại tệp trên máy rồi tải lên lần nữa."
TOO_LARGE = "Tệp lớn hơn 50 MB. Hãy giảm dung lượng hoặc chia nhỏ tệp rồi tải lên."
IMAGE_BROKEN = "Không đọc được hình ảnh này. Hãy mở ảnh trên máy, lưu lại thành JPEG hoặc PNG rồi tải lên."
