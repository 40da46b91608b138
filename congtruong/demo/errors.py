from congtruong.core.errors import DomainError


class NotADemoDatabase(DomainError):
    code = "demo.not_a_demo_database"
    message = (
        "Cơ sở dữ liệu này đã có đơn vị thật nên không nạp dữ liệu mẫu. "
        "Hãy bỏ biến CONGTRUONG_DATABASE_URL hoặc chọn cơ sở dữ liệu trống."
    )
