WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng. Thầy/Cô kiểm tra lại rồi thử lần nữa."
TOO_MANY = "Đã thử sai quá nhiều lần. Thầy/Cô đợi 15 phút rồi thử lại, hoặc nhờ người phụ trách cấp lại mật khẩu."
EXPIRED = "Mật khẩu ban đầu đã quá 14 ngày. Thầy/Cô nhờ người phụ trách cấp lại mật khẩu."
USERNAME_TAKEN = "Tên đăng nhập này không dùng được. Hãy chọn tên khác."
WRONG_CODE = "Mã chưa đúng hoặc đã dùng rồi. Thầy/Cô nhập mã mới nhất đang hiện trên ứng dụng."
WRONG_PASSWORD = "Mật khẩu chưa đúng."  # noqa: S105 - a sentence
CLOSED = "Tài khoản này đã ngừng sử dụng."
SAME_EMAIL = "Đây là địa chỉ thư đang dùng."
EMAIL_TAKEN = "Địa chỉ thư này không dùng được. Hãy nhập địa chỉ khác."
LINK_OVER = "Liên kết đặt lại mật khẩu đã dùng rồi hoặc đã quá hạn."
SLOW_DOWN = "Thao tác quá nhanh. Thầy/Cô đợi một phút rồi thử lại."
NEEDED = "Cần nhập {label}."
PASSWORDS_DIFFER = "Hai lần nhập chưa giống nhau."
SAME_AS_INITIAL = "Mật khẩu mới phải khác mật khẩu ban đầu."
EMAIL_NOT_READABLE = "Cần nhập địa chỉ thư như ten@truong.edu.vn."

LOGIN = "Tên đăng nhập hoặc thư điện tử"
PASSWORD = "Mật khẩu"  # noqa: S105 - a label
OLD_PASSWORD = "Mật khẩu đang dùng"  # noqa: S105 - a label
NEW_PASSWORD = "Mật khẩu mới"  # noqa: S105 - a label
NEW_PASSWORD_AGAIN = "Nhập lại mật khẩu mới"  # noqa: S105 - a label
PASSWORD_HINT = "Ít nhất 10 ký tự; ba, bốn từ ghép lại là dễ nhớ. Không dùng tên đăng nhập hay họ tên."  # noqa: S105
EMAIL = "Địa chỉ thư điện tử"
CODE = "Mã xác thực"
CODE_HINT = "6 chữ số trên ứng dụng xác thực, hoặc một mã khôi phục."
NEW_CODE_HINT = "6 chữ số đang hiện trên ứng dụng."
KEY_NAME = "Tên khóa"
KEY_NAME_HINT = "Để Thầy/Cô nhận ra khóa này về sau."
REMEMBER = "Ghi nhớ trên máy này"
REMEMBER_HINT = "Chỉ chọn khi đây là máy riêng của Thầy/Cô"
PASSWORDLESS = "Dùng để đăng nhập không cần mật khẩu"
PASSWORDLESS_HINT = "Thiết bị sẽ hỏi vân tay, khuôn mặt hoặc mã khóa màn hình. Bỏ chọn nếu là khóa bảo mật đời cũ."

WAY_PASSWORD = "Dùng mật khẩu"  # noqa: S105 - a label
WAY_CODE = "Dùng mã xác thực"
WAY_KEY = "Dùng khóa truy cập"

BROWSER_ON = "{browser} trên {system}"
SOME_BROWSER = "Trình duyệt"
SOME_DEVICE = "thiết bị khác"
KEY_AT = "{device} · {host}"

PASSWORD_CHOSEN = "Đã đổi mật khẩu. Từ nay Thầy/Cô đăng nhập bằng mật khẩu mới."  # noqa: S105 - a sentence
NO_UNIT = "Không có đơn vị nào dùng tên miền “{host}”."
NO_ROLE = "Không có vai trò “{role}”. Chọn một trong: {roles}."
NO_PERSON = "Không có tài khoản “{username}”."
PROVIDER_FAILED = "Chưa đăng nhập được bằng {name}. Thầy/Cô thử lại sau ít phút, hoặc dùng mật khẩu."
