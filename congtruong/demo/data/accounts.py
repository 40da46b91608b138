"""People of the demo, all invented."""

from congtruong.units.enums import Role

PASSWORD = "Hoa-phuong-2026"  # noqa: S105 - printed on the demo's screen, for invented people only
# Operators and members of the editorial board, with the duty each shows.
ACCOUNTS: tuple[tuple[str, str, str | None, Role | None], ...] = (
    ("vanhanh", "Người vận hành (mẫu)", None, None),
    ("hieutruong.hoaphuong", "Thầy Nguyễn Văn A", "Trường THCS Hoa Phượng (mẫu)", Role.HEAD),
    ("vanthu.hoaphuong", "Cô Lê Thị C", "Trường THCS Hoa Phượng (mẫu)", Role.CONTRIBUTOR),
    ("chuyenvien.banglang", "Lê Văn C", "Giáo dục phường Bằng Lăng (mẫu)", Role.SUPERVISOR),
)
