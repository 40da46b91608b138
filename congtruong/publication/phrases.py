NOT_FROM_ABOVE = "Nội dung này không còn trong mục Từ cấp trên của đơn vị. Thầy/Cô tải lại trang để xem danh sách mới."
HIDING_REASON_MISSING = "Cần ghi lý do ẩn. Cơ quan gửi nội dung này xem được lý do."
MUST_STAY = "Cơ quan gửi yêu cầu xác nhận nội dung này, nên chưa ẩn được. Thầy/Cô xác nhận, hoặc liên hệ nơi gửi."
TOO_MANY_PINS = "Mỗi chuyên mục ghim được nhiều nhất {most} nội dung từ cấp trên. Hãy bỏ ghim một nội dung cũ trước."
