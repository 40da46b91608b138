"""People of the demo, all invented."""

from dataclasses import dataclass

from congtruong.units.enums import Honorific, Role

PASSWORD = "Hoa-phuong-2026"  # noqa: S105 - printed on the demo's screen, for invented people only
DEMO_APPROVER = "hieutruong.hoaphuong"
_SCHOOL = "Trường THCS Hoa Phượng (mẫu)"


@dataclass(frozen=True, slots=True)
class Account:
    """A person with one duty; without a unit the operator."""

    username: str
    full_name: str
    honorific: str = Honorific.NONE
    unit: str = ""
    role: Role | None = None

    @property
    def shown_name(self) -> str:
        return f"{Honorific(self.honorific).label} {self.full_name}" if self.honorific else self.full_name


ACCOUNTS = (
    Account("vanhanh", "Người vận hành (mẫu)"),
    Account("hieutruong.hoaphuong", "Nguyễn Văn A", Honorific.TEACHER, _SCHOOL, Role.HEAD),
    Account("phohieutruong.hoaphuong", "Trần Thị B", Honorific.MISS, _SCHOOL, Role.EDITOR),
    Account("vanthu.hoaphuong", "Lê Thị C", Honorific.MISS, _SCHOOL, Role.CONTRIBUTOR),
    Account("kythuat.hoaphuong", "Phạm Văn D", Honorific.TEACHER, _SCHOOL, Role.TECHNICIAN),
    Account("chuyenvien.so", "Hoàng Thị E", Honorific.NONE, "Sở Giáo dục và Đào tạo (mẫu)", Role.EDITOR),
    Account("chuyenvien.banglang", "Lê Văn C", Honorific.NONE, "Giáo dục phường Bằng Lăng (mẫu)", Role.SUPERVISOR),
)
