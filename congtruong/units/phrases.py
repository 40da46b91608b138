NOT_AN_AUTHORITY = "Đơn vị được chọn không phải cơ quan quản lý. Hãy chọn Sở, Phòng hoặc phường."
PLACED_TWICE = (
    "Đơn vị đã có cơ quan quản lý khác trong khoảng thời gian này. Hãy kết thúc quan hệ cũ trước khi thêm quan hệ mới."
)
PLACED_UNDER_ITSELF = "Cơ quan này đang ở dưới đơn vị được chọn. Hãy kiểm tra lại cây quản lý."
DATES_REVERSED = "Ngày kết thúc đứng trước ngày bắt đầu. Hãy sửa lại hai ngày rồi ghi lần nữa."
HOST_INVALID = "Tên miền chỉ gồm chữ không dấu, chữ số, dấu gạch ngang và dấu chấm, ví dụ thcsdangtantai.hcm.edu.vn."
HOST_TAKEN = "Tên miền này đã thuộc đơn vị khác. Hãy chọn tên miền khác."
OWN_ROLES = "Không ai tự thay đổi nhiệm vụ của mình. Thầy/Cô nhờ người khác có quyền giao việc."
ROLE_NOT_YOURS = "Nhiệm vụ này do người vận hành giao. Thầy/Cô liên hệ người vận hành hệ thống."
RANK_TOO_HIGH = "Người này giữ nhiệm vụ do người vận hành giao. Thầy/Cô liên hệ người vận hành hệ thống để thay đổi."
LAST_HEAD = "Đây là trưởng ban biên tập duy nhất. Hãy giao việc trưởng ban cho người khác trước."
NOT_A_MEMBER = "Người này không còn nhiệm vụ tại đơn vị."
ROLE_NEEDED = "Cần chọn ít nhất một nhiệm vụ."
PASSWORD_NOT_YOURS = "Mật khẩu của người này chỉ người vận hành mới cấp lại được."  # noqa: S105 - a sentence
INVITATION_OVER = "Lời mời không còn dùng được. Thầy/Cô xin người đã mời gửi lời mời mới."
LAST_HOST = "Không bỏ được tên miền chính. Hãy thêm tên miền khác làm tên miền chính trước."
FIELDS_INVALID = "Có mục chưa đúng. Thầy/Cô xem lại các mục được đánh dấu."
