"""What was found, and what to do about it. `{count}` is a number of places."""

CITIZEN_ID = (
    "Có {count} số căn cước hoặc chứng minh nhân dân. Hãy xóa, hoặc chỉ để lại ba chữ số cuối nếu cần đối chiếu."
)
PHONE = "Có {count} số điện thoại di động của cá nhân. Hãy thay bằng số điện thoại của đơn vị, hoặc xóa."
PHONE_NOTICE = (
    "Có {count} số điện thoại di động để liên hệ. Hãy chắc chắn người dùng số này đồng ý cho đăng, "
    "hoặc thay bằng số của đơn vị."
)
BIRTH_DATE = "Có {count} ngày sinh của cá nhân. Hãy xóa, hoặc chỉ để lại năm sinh nếu thật cần."
BIRTH_YEAR = "Có {count} năm sinh đi cùng họ tên. Hãy xóa nếu bạn đọc không cần biết."
BANK_ACCOUNT = "Có {count} số tài khoản ngân hàng của cá nhân. Hãy xóa, hoặc dùng tài khoản của đơn vị."
BANK_ACCOUNT_NOTICE = (
    "Có {count} số tài khoản ngân hàng. Hãy kiểm tra đúng là tài khoản của đơn vị và không sai chữ số nào."
)
ADDRESS = "Có {count} địa chỉ nhà của cá nhân. Hãy xóa."
EMAIL = "Có {count} thư điện tử của cá nhân. Hãy xóa, hoặc thay bằng thư điện tử của đơn vị."
INSURANCE = "Có {count} mã số bảo hiểm y tế hoặc bảo hiểm xã hội. Hãy xóa."
PUPIL_LIST = (
    "Có danh sách {count} học sinh. Họ tên, lớp và kết quả học tập của trẻ em chỉ được đăng khi cha mẹ đồng ý, và "
    "chính các em đồng ý nếu từ đủ 7 tuổi. Hãy gửi danh sách cho từng lớp, hoặc chỉ đăng số báo danh."
)
NAME_LIST = (
    "Có danh sách {count} họ tên. Nếu là học sinh hoặc phụ huynh, hãy bỏ danh sách; nếu là cán bộ được nêu tên trong "
    "văn bản, hãy ghi lý do rồi đăng."
)
STAFF_LIST = (
    "Có danh sách {count} cán bộ, giáo viên hoặc thành viên hội đồng. Được đăng nếu văn bản phải công khai; hãy bỏ các "
    "cột không cần thiết."
)
PUPIL_NAME = (
    "Có nêu tên {count} học sinh. Hãy chắc chắn cha mẹ và các em (từ đủ 7 tuổi) đã đồng ý, hoặc viết tắt họ tên."
)

LINE = "dòng {number}"
ROW = "hàng {number}"
