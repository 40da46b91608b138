"""Duties about the portal itself: its contact record, and the turn of the school year."""

from datetime import date, timedelta

from congtruong.core import clock
from congtruong.portal.blocks.contact import CHECKED_FOR, contact_gaps, contact_is_old
from congtruong.portal.queries import year_of, year_papers
from congtruong.units.registry import Asked, Duty, duty_source
from congtruong.units.rules.duties import Act

# The duty appears before the first day of school, 5 September (khung kế hoạch thời gian năm học).
_YEAR_FROM, _YEAR_DUE = (8, 15), (9, 5)
_TIMETABLE_IN, _PLAN_IN = timedelta(days=14), timedelta(days=30)


@duty_source
def contact_duty(asked: Asked) -> list[Duty]:
    """Ask whoever keeps the contact record to complete it, or to confirm it twice a year. No query."""
    if Act.CONTACT not in asked.acts or asked.unit.closed_on is not None:
        return []
    gaps = contact_gaps(asked.unit)
    if not gaps and not contact_is_old(asked.unit, asked.now):
        return []
    checked_at = asked.unit.contact_checked_at
    missing = f"Còn thiếu: {', '.join(gaps)}." if gaps else "Đã hơn 6 tháng chưa có ai kiểm tra lại."
    return [
        Duty(
            title="Kiểm tra thông tin liên hệ",
            text=missing,
            button="Xem thông tin liên hệ",
            url_name="console:contact",
            why="Cổng thông tin phải có địa chỉ, điện thoại, thư điện tử và người chịu trách nhiệm đúng thực tế "
            "(Nghị định 42/2022/NĐ-CP).",
            due_at=checked_at + CHECKED_FOR if checked_at is not None and not gaps else None,
            minutes=3,
        )
    ]


@duty_source
def year_duty(asked: Asked) -> list[Duty]:
    """From 15 August: begin the school year; then what a new year needs. At most two queries."""
    day = clock.day_of(asked.now)
    year = clock.school_year(day)
    if asked.unit.is_authority or asked.unit.closed_on is not None or not {Act.YEAR, Act.WRITE} & asked.acts:
        return []
    begun = year_of(asked.unit, year)
    label = clock.school_year_label(year)
    if begun is None:
        return [_begin(label, year)] if Act.YEAR in asked.acts and day >= date(year, *_YEAR_FROM) else []
    if Act.WRITE not in asked.acts:
        return []
    has_timetable, has_plan = year_papers(asked.unit, year)
    duties = []
    if not has_timetable:
        duties.append(
            Duty(
                title=f"Đăng thời khóa biểu năm học {label}",
                text="Thời khóa biểu của năm học cũ đã được đưa vào lưu trữ.",
                button="Soạn thời khóa biểu",
                url_name="console:post-new",
                due_at=begun.started_at + _TIMETABLE_IN,
                minutes=10,
            )
        )
    if not has_plan:
        duties.append(
            Duty(
                title=f"Đăng kế hoạch năm học {label}",
                text="Kế hoạch giáo dục của nhà trường trong mục Văn bản, loại Kế hoạch.",
                button="Soạn văn bản",
                url_name="console:post-new",
                due_at=begun.started_at + _PLAN_IN,
                minutes=10,
            )
        )
    return duties


def _begin(label: str, year: int) -> Duty:
    return Duty(
        title=f"Bắt đầu năm học {label}",
        text="Lịch và thời khóa biểu cũ được đưa vào lưu trữ, các việc đầu năm được mở lại.",
        button="Xem trước và bắt đầu",
        url_name="console:year",
        due_at=clock.end_of(date(year, *_YEAR_DUE)) - timedelta(minutes=1),
        minutes=5,
    )
