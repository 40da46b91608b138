NOT_AN_AUTHORITY = "Đơn vị được chọn không phải cơ quan quản lý. Hãy chọn Sở, Phòng hoặc phường."
PLACED_TWICE = (
    "Đơn vị đã có cơ quan quản lý khác trong khoảng thời gian này. Hãy kết thúc quan hệ cũ trước khi thêm quan hệ mới."
)
PLACED_UNDER_ITSELF = "Cơ quan này đang ở dưới đơn vị được chọn. Hãy kiểm tra lại cây quản lý."
DATES_REVERSED = "Ngày kết thúc đứng trước ngày bắt đầu. Hãy sửa lại hai ngày rồi ghi lần nữa."
HOST_INVALID = "Tên miền chỉ gồm chữ không dấu, chữ số, dấu gạch ngang và dấu chấm, ví dụ thcsdangtantai.hcm.edu.vn."
HOST_TAKEN = "Tên miền này đã thuộc đơn vị khác. Hãy chọn tên miền khác."
