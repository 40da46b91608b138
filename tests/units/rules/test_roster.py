import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.units.enums import Kind, Level, Ownership
from congtruong.units.rules.roster import Problem, RosterError, RosterRow, read_roster

pytestmark = pytest.mark.unit

DEMO = (Path(__file__).parents[2] / "data" / "roster" / "demo_schools.csv").read_text(encoding="utf-8")
HEADER = DEMO.split("\n", maxsplit=1)[0].strip()
SHORT = "name,level,moet_code,budget_code,tax_code,email,phone,host,ownership"


def reasons(*lines: str, header: str = SHORT) -> list[Problem]:
    return read_roster("\n".join([header, *lines]))[1]


def test_read_roster_reads_every_row_of_the_demo_list() -> None:
    rows, problems = read_roster(DEMO)

    assert problems == []
    assert [row.line for row in rows] == list(range(2, 56))
    assert rows[6] == RosterRow(
        line=8,
        name="Trường THCS Bình Trị Đông A",
        kind=Kind.LOWER_SECONDARY,
        levels=Level.LOWER_SECONDARY,
        district="Quận Bình Tân",
        old_ward="Bình Trị Đông A",
        ward_candidates=("Bình Tân", "Bình Trị Đông"),
        host="thcsbinhtridonga.hcm.edu.vn",
    )
    assert rows[14].moet_code == "79777403"


def test_read_roster_reads_multi_level_schools_with_commas_in_their_names() -> None:
    rows, _ = read_roster(DEMO)

    found = [(row.name, row.kind, row.levels, row.ownership, row.district, row.host) for row in rows[-4:]]
    low_high = Level.LOWER_SECONDARY | Level.UPPER_SECONDARY
    common = (Ownership.PRIVATE, "Quận Bình Tân")
    assert found == [
        (
            "Trường TH, THCS và THPT Trí Tuệ Việt",
            Kind.MULTI_LEVEL,
            Level.PRIMARY | low_high,
            *common,
            "ththcsthpttritueviet.hcm.edu.vn",
        ),
        (
            "Trường TH, THCS và THPT Chu Văn An",
            Kind.MULTI_LEVEL,
            Level.PRIMARY | low_high,
            *common,
            "ththcsthptchuvanan.hcm.edu.vn",
        ),
        ("Trường THCS và THPT Ngôi Sao", Kind.MULTI_LEVEL, low_high, *common, "thcsthptngoisao.hcm.edu.vn"),
        (
            "Trường THCS và THPT Phan Châu Trinh",
            Kind.MULTI_LEVEL,
            low_high,
            *common,
            "thcsthptphanchautrinh.hcm.edu.vn",
        ),
    ]


@pytest.mark.parametrize(
    "line",
    [
        ",Trường TH, THCS và THPT Trí Tuệ Việt,nhieu_cap,ngoai_cong_lap,Quận Bình Tân,,,,medium,seen,a.hcm.edu.vn",
        ',"Trường TH, THCS và THPT Trí Tuệ Việt",nhieu_cap,ngoai_cong_lap,Quận Bình Tân,medium,seen,a.hcm.edu.vn',
        ',"Trường TH, THCS và THPT Trí Tuệ Việt",nhieu_cap,ngoai_cong_lap,Quận Bình Tân,,,,medium,seen,a.hcm.edu.vn,,',
    ],
)
def test_row_with_shifted_cells_is_repaired_when_one_reading_is_possible(line: str) -> None:
    rows, problems = read_roster(f"{HEADER}\n{line}")

    assert problems == []
    assert rows == [
        RosterRow(
            line=2,
            name="Trường TH, THCS và THPT Trí Tuệ Việt",
            kind=Kind.MULTI_LEVEL,
            levels=Level.PRIMARY | Level.LOWER_SECONDARY | Level.UPPER_SECONDARY,
            ownership=Ownership.PRIVATE,
            district="Quận Bình Tân",
            host="a.hcm.edu.vn",
        )
    ]


def test_row_with_shifted_cells_is_reported_when_two_readings_are_possible() -> None:
    line = ",Trường Tiểu học Hoa Sen,TH,cong_lap,Quận Bình Tân,An Lạc,,high,seen,a.hcm.edu.vn"

    rows, problems = read_roster(f"{HEADER}\n{line}")

    assert rows == []
    assert problems == [
        Problem(
            2,
            "Dòng có 10 ô, tiêu đề có 11 cột. Hãy đặt ô có dấu phẩy trong ngoặc kép và giữ đủ các ô trống.",
        )
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",TH,,,,,,,", "Thiếu tên đơn vị. Hãy ghi tên đầy đủ của đơn vị."),
        ("Trường A,,,,,,,,", "Thiếu cấp học. Hãy ghi MN, TH, THCS, GDTX hoặc nhieu_cap."),
        ("Trường A,DH,,,,,,,", "Không có cấp học “DH”. Hãy ghi MN, TH, THCS, GDTX hoặc nhieu_cap."),
        (
            "Trường A,THPT,,,,,,,",
            "Trường chỉ có cấp THPT thuộc Sở, không nằm trong danh sách theo quận. Hãy bỏ dòng này.",
        ),
        (
            "Trường A,nhieu_cap,,,,,,,",
            "Không rõ trường có những cấp nào. Hãy ghi các cấp vào cột level, ví dụ TH+THCS.",
        ),
        (
            "Trường A,TH,7977X,,,,,,",
            "Mã trường “7977X” không đúng. Mã gồm 8 đến 12 chữ số, ví dụ 79777513.",
        ),
        (
            "Trường A,TH,,4123456,,,,,",
            "Mã đơn vị quan hệ ngân sách “4123456” không đúng. Mã có 7 chữ số, bắt đầu bằng 1, 2, 3, 7 hoặc 8.",
        ),
        ("Trường A,TH,,,123,,,,", "Mã số thuế “123” không đúng. Mã có 10, 13 hoặc 12 chữ số."),
        ("Trường A,TH,,,,khong-phai-thu,,,", "Thư điện tử “khong-phai-thu” không đúng. Hãy kiểm tra lại."),
        (f"Trường A,TH,,,,,{'1' * 31},,", "Số điện thoại dài 31 ký tự, tối đa 30. Hãy rút ngắn."),
        (
            "Trường A,TH,,,,,,th_a.hcm.edu.vn,",
            "Tên miền “th_a.hcm.edu.vn” không đúng. Hãy viết không dấu, ví dụ thcshovanlong.hcm.edu.vn.",
        ),
        ("Trường A,TH,,,,,,,tu_nhan", "Không có loại hình “tu_nhan”. Hãy ghi cong_lap hoặc ngoai_cong_lap."),
    ],
)
def test_wrong_row_is_reported_and_the_next_one_read(line: str, reason: str) -> None:
    rows, problems = read_roster(f"{SHORT}\n{line}\nTrường Tiểu học B,TH,,,,,,,")

    assert problems == [Problem(2, reason)]
    assert [(row.line, row.name) for row in rows] == [(3, "Trường Tiểu học B")]


def test_repeated_values_are_reported_with_the_first_line() -> None:
    found = reasons(
        "Trường Tiểu học A,TH,79777401,1000001,,,,tha.hcm.edu.vn,",
        "TRƯỜNG TIỂU HỌC A,TH,,,,,,,",
        "Trường Tiểu học B,TH,79777401,,,,,,",
        "Trường Tiểu học C,TH,,1000001,,,,,",
        "Trường Tiểu học D,TH,,,,,,THA.hcm.edu.vn.,",
        "Trường Tiểu học E,TH,,,,,,,",
    )

    advice = "Hãy bỏ bớt một dòng hoặc sửa lại cho khác nhau."
    assert found == [
        Problem(3, f"Trùng tên và phường cũ với dòng 2. {advice}"),
        Problem(4, f"Trùng mã trường với dòng 2. {advice}"),
        Problem(5, f"Trùng mã đơn vị quan hệ ngân sách với dòng 2. {advice}"),
        Problem(6, f"Trùng tên miền với dòng 2. {advice}"),
    ]


def test_namesakes_in_different_old_wards_are_two_units() -> None:
    rows, problems = read_roster(
        "name,level,district_pre_2025,ward_pre_2025\n"
        "Trường Tiểu học Kim Đồng,TH,Quận 1,Bến Nghé\n"
        "Trường Tiểu học Kim Đồng,TH,Quận 3,Bến Nghé\n"
    )

    assert (len(rows), problems) == (2, [])


def test_read_roster_accepts_byte_order_mark_semicolons_and_decomposed_text() -> None:
    text = "\ufeffName;LEVEL;ownership;short_name\r\n" + unicodedata.normalize(
        "NFD", "Trường Tiểu học  Hòa Bình;Tiểu học;Ngoài công lập;Hòa Bình\r\n"
    )

    assert read_roster(text) == (
        [
            RosterRow(
                line=2,
                name="Trường Tiểu học Hòa Bình",
                kind=Kind.PRIMARY,
                levels=Level.PRIMARY,
                ownership=Ownership.PRIVATE,
                short_name="Hòa Bình",
            )
        ],
        [],
    )


def test_levels_may_be_written_out_for_a_multi_level_school() -> None:
    rows, _ = read_roster("name,level\nTrường Việt Anh,TH+THCS\n")

    assert [(row.kind, row.levels) for row in rows] == [(Kind.MULTI_LEVEL, Level.PRIMARY | Level.LOWER_SECONDARY)]


def test_lines_are_counted_through_quoted_line_breaks_and_empty_lines() -> None:
    text = 'name,level,address\n"Trường\nTiểu học A",TH,"1 Đường A\n2"\n\nTrường B,DH,\n'

    rows, problems = read_roster(text)

    assert [(row.line, row.name, row.address) for row in rows] == [(2, "Trường Tiểu học A", "1 Đường A 2")]
    assert [problem.line for problem in problems] == [6]


@pytest.mark.parametrize("text", ["", "\n\n", "Trường Tiểu học A,TH\n", "ten;cap\nA;TH\n"])
def test_text_without_the_header_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(text)

    assert caught.value.message == "Tệp không có dòng tiêu đề. Dòng đầu phải có ít nhất các cột name, level."


@given(st.text(max_size=400))
def test_any_text_below_the_header_is_read_or_reported(body: str) -> None:
    rows, problems = read_roster(f"name,level,host\n{body}")

    assert all(problem.reason_vi for problem in problems)
    assert len({row.line for row in rows} | {problem.line for problem in problems}) == len(rows) + len(problems)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cc", "Cs"]), max_size=30)


@given(st.lists(st.tuples(CELL, CELL), max_size=8))
def test_names_survive_the_way_through_a_file(pairs: list[tuple[str, str]]) -> None:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(["name", "level", "address"])
    names = [f"Trường Tiểu học số {number} {name}" for number, (name, _) in enumerate(pairs)]
    writer.writerows((name, "TH", address) for name, (_, address) in zip(names, pairs, strict=True))

    rows, problems = read_roster(made.getvalue())

    assert problems == []
    assert [row.name for row in rows] == [" ".join(unicodedata.normalize("NFC", name).split()) for name in names]
