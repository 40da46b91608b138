import csv
import unicodedata
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.units.rules.domains import (
    OK,
    Label,
    Suffix,
    Verdict,
    check_domain,
    read_labels,
    read_suffixes,
    suggest_hosts,
)
from congtruong.units.rules.naming import level_code, places_in, type_codes, unit_bases

pytestmark = pytest.mark.unit

DATA = Path(__file__).parents[3] / "congtruong" / "units" / "data"
LABELS = read_labels((DATA / "city_labels.csv").read_text(encoding="utf-8"))
SUFFIXES = read_suffixes((DATA / "domain_suffixes.csv").read_text(encoding="utf-8"))
DIRECTIVE = date(2023, 10, 6)
TODAY = date(2026, 11, 23)
HO_VAN_LONG = "Trường THCS Hồ Văn Long"


def check(
    host: str, name: str = HO_VAN_LONG, level: str = "THCS", on: date = DIRECTIVE, taken: Collection[str] = ()
) -> Verdict:
    return check_domain(host, unit_name=name, level=level, on=on, labels=LABELS, suffixes=SUFFIXES, taken=taken)


@pytest.mark.parametrize(
    ("host", "name", "level"),
    [
        ("thcsdangtantai.hcm.edu.vn", "Trường THCS Đặng Tấn Tài", "THCS"),
        ("mnanhduongq3.hcm.edu.vn", "Trường Mầm non Ánh Dương", "MN"),
        ("thcstantaoa.hcm.edu.vn", "Trường THCS Tân Tạo A", "THCS"),
        ("thcsnguyenduq1.hcm.edu.vn", "Trường THCS Nguyễn Du", "THCS"),
        ("thcslamsonq6.hcm.edu.vn", "TRƯỜNG TRUNG HỌC CƠ SỞ LAM SƠN", "thcs"),
        ("thcstranquangkhaitanphu.hcm.edu.vn", "Trường THCS Trần Quang Khải", "THCS"),
        ("mn1tanbinh.hcm.edu.vn", "Trường Mầm non 1", "MN"),
        ("ttgdtxq11.hcm.edu.vn", "Trung tâm Giáo dục thường xuyên Quận 11", "GDTX"),
        ("gdnn-gdtxtanphu.hcm.edu.vn", "Trung tâm GDNN-GDTX quận Tân Phú", "trung_tam"),
        ("thcs-thptthanhan.hcm.edu.vn", "Trường THCS-THPT Thạnh An", "nhieu_cap"),
        ("thpttruongchinh.hcm.edu.vn", "Trường THPT Trường Chinh", "THPT"),
        ("thptnangkhieutdttbinhchanh.hcm.edu.vn", "Trường THPT Năng khiếu TDTT Huyện Bình Chánh", "THPT"),
        ("pgdquan6.hcm.edu.vn", "Phòng Giáo dục và Đào tạo Quận 6", "phong_gddt"),
        ("pgdbinhtan.hcm.edu.vn", "Phòng GD&ĐT quận Bình Tân", "PGD"),
        ("phuongbenthanh.hcm.edu.vn", "Ủy ban nhân dân phường Bến Thành", "ubnd_phuong"),
    ],
)
def test_check_domain_accepts_hosts_in_use(host: str, name: str, level: str) -> None:
    verdict = check(host, name, level)

    assert verdict == Verdict(OK, OK, OK)
    assert verdict.ok


def test_check_domain_accepts_every_host_of_the_demo_list() -> None:
    text = (Path(__file__).parents[2] / "data" / "roster" / "demo_schools.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    refused = [
        row["name"] for row in rows if not check(row["suggested_subdomain_generated"], row["name"], row["level"]).ok
    ]

    assert len(rows) == 54
    assert refused == []


@pytest.mark.parametrize(
    ("host", "name", "level", "area"),
    [
        ("thvothisau.bencat.edu.vn", "Trường Tiểu học Võ Thị Sáu", "TH", "Phường Bến Cát"),
        ("mnhoaphuong.phuongphuloi.edu.vn", "Trường Mầm non Hoa Phượng", "MN", "Phường Phú Lợi"),
    ],
)
def test_city_label_counts_only_from_its_first_day(host: str, name: str, level: str, area: str) -> None:
    label = host.split(".")[1]

    before = check(host, name, level, on=date(2025, 6, 30))

    assert check(host, name, level, on=date(2025, 7, 1)).ok
    assert before.parts == {
        "unit": OK,
        "city": f"Tên địa phương “{label}” ({area}) chỉ dùng từ ngày 01/07/2025, nên chưa đúng vào ngày 30/06/2025.",
        "suffix": OK,
    }
    assert before.suggestions == (host.replace(label, "hcm"),)


def test_city_label_counts_until_its_last_day() -> None:
    labels = [Label("cu", "Thành phố cũ", to_on=date(2024, 1, 31)), Label("moi", "Thành phố mới")]

    def on(day: date) -> Verdict:
        return check_domain(
            "thhoasen.cu.edu.vn", unit_name="Trường TH Hoa Sen", level="TH", on=day, labels=labels, suffixes=[]
        )

    assert on(date(2024, 1, 31)).ok
    assert on(date(2024, 2, 1)).city == (
        "Tên địa phương “cu” (Thành phố cũ) chỉ dùng đến ngày 31/01/2024, nên chưa đúng vào ngày 01/02/2024."
    )
    assert on(date(2024, 2, 1)).suggestions == ("thhoasen.moi.edu.vn",)


@pytest.mark.parametrize(
    ("host", "city"),
    [
        (
            "thcshovanlong.hanoi.edu.vn",
            "“hanoi” không phải tên thành phố hay địa phương được dùng. Hãy dùng “.hcm.edu.vn”.",
        ),
        ("thcshovanlong.edu.vn", "Thiếu tên thành phố trước “.edu.vn”. Hãy dùng “.hcm.edu.vn”."),
        ("thcshovanlonghcm.edu.vn", "Thiếu tên thành phố trước “.edu.vn”. Hãy dùng “.hcm.edu.vn”."),
        ("thcshovanlong.com", "Tên miền phải kết thúc bằng “.edu.vn”, ví dụ “.hcm.edu.vn”."),
        ("thcshovanlong.vn", "Tên miền phải kết thúc bằng “.edu.vn”, ví dụ “.hcm.edu.vn”."),
        ("thcshovanlong.hcm.gov.vn", "Tên miền phải kết thúc bằng “.edu.vn”, ví dụ “.hcm.edu.vn”."),
        ("thcshovanlong.hcm.edu.com", "Tên miền phải kết thúc bằng “.edu.vn”, ví dụ “.hcm.edu.vn”."),
    ],
)
def test_wrong_city_is_the_only_part_blamed(host: str, city: str) -> None:
    assert check(host) == Verdict(OK, city, OK, ("thcshovanlong.hcm.edu.vn",))


def test_wrong_city_keeps_the_suffix_in_suggestions() -> None:
    verdict = check("mnanhduongq3.hanoi.edu.vn", "Trường Mầm non Ánh Dương", "MN")

    assert (verdict.unit, verdict.suffix) == (OK, OK)
    assert verdict.suggestions == ("mnanhduongq3.hcm.edu.vn", "mnanhduong.hcm.edu.vn")


@pytest.mark.parametrize("label", ["thhovanlong", "thcshovanlon", "hovanlong", "thcs-hovanlong", "thcshvl", "thcsq1"])
def test_wrong_name_or_type_is_the_only_part_blamed(label: str) -> None:
    assert check(f"{label}.hcm.edu.vn") == Verdict(
        f"Phần tên đơn vị phải là “thcshovanlong” (loại trường và tên không dấu), đang là “{label}”.",
        OK,
        OK,
        ("thcshovanlong.hcm.edu.vn",),
    )


@pytest.mark.parametrize("rest", ["a", "q13", "abc", "01", "1", "100"])
def test_unknown_suffix_is_the_only_part_blamed(rest: str) -> None:
    assert check(f"thcshovanlong{rest}.hcm.edu.vn") == Verdict(
        OK,
        OK,
        f"Sau tên đơn vị thừa “{rest}”, không có trong danh mục hậu tố. Hãy bỏ đi hoặc dùng hậu tố trong danh mục.",
        ("thcshovanlong.hcm.edu.vn",),
    )


def test_suffix_of_another_city_is_refused() -> None:
    verdict = check("thvothisauq3.bencat.edu.vn", "Trường Tiểu học Võ Thị Sáu", "TH", on=TODAY)

    assert (verdict.unit, verdict.city) == (OK, OK)
    assert verdict.suffix == (
        "Sau tên đơn vị thừa “q3”, không có trong danh mục hậu tố. Hãy bỏ đi hoặc dùng hậu tố trong danh mục."
    )
    assert verdict.suggestions == ("thvothisau.bencat.edu.vn",)


def test_suffix_counts_only_from_its_first_day() -> None:
    assert check("thcshovanlonganlac.hcm.edu.vn", on=date(2025, 7, 1)).ok
    assert check("thcshovanlonganlac.hcm.edu.vn").suffix == (
        "Hậu tố “anlac” (Phường An Lạc) chỉ dùng từ ngày 01/07/2025, nên chưa đúng vào ngày 06/10/2023."
    )


def test_suffix_of_a_former_district_stays_valid_and_may_follow_a_hyphen() -> None:
    assert check("mnanhduongq3.hcm.edu.vn", "Trường Mầm non Ánh Dương", "MN", on=TODAY).ok
    assert check("mnanhduong-q3.hcm.edu.vn", "Trường Mầm non Ánh Dương", "MN", on=TODAY).ok


def test_name_ending_like_a_suffix_is_read_as_the_name() -> None:
    assert check("thcsbinhtan.hcm.edu.vn", "Trường THCS Bình Tân", "THCS").ok
    assert check("thcstantao.hcm.edu.vn", "Trường THCS Tân Tạo A", "THCS").suffix == OK
    assert check("thcstantao.hcm.edu.vn", "Trường THCS Tân Tạo A", "THCS").unit != OK


def test_number_is_a_suffix_only_beside_a_namesake() -> None:
    plain = "thcshovanlong.hcm.edu.vn"

    assert check("thcshovanlong2.hcm.edu.vn", taken=[plain]).ok
    assert check("thcshovanlong2.hcm.edu.vn").parts == {
        "unit": OK,
        "city": OK,
        "suffix": f"Số “2” chỉ thêm vào khi “{plain}” đã thuộc đơn vị khác. Hãy bỏ số này.",
    }


def test_taken_host_is_refused_with_area_suffix_first_then_others_then_a_number() -> None:
    name = "Trường THCS Nguyễn Trãi, quận Bình Tân"

    verdict = check(
        "thcsnguyentrai.hcm.edu.vn", name, taken=["thcsnguyentrai.hcm.edu.vn", "thcsnguyentraiq1.hcm.edu.vn"]
    )

    assert verdict == Verdict(
        OK,
        OK,
        "Tên miền này đã thuộc đơn vị khác. Hãy thêm hậu tố để phân biệt.",
        (
            "thcsnguyentraibinhtan.hcm.edu.vn",
            "thcsnguyentraiq2.hcm.edu.vn",
            "thcsnguyentraiq3.hcm.edu.vn",
            "thcsnguyentrai2.hcm.edu.vn",
        ),
    )


@pytest.mark.parametrize(
    ("host", "unit"),
    [
        ("www.thcshovanlong.hcm.edu.vn", "Tên miền đúng quy định không có “www.” ở đầu. Hãy bỏ “www.”."),
        (
            "https://thcshovanlong.hcm.edu.vn/homegd2",
            "Chỉ ghi tên miền, không ghi “http://”, cổng hay đường dẫn.",
        ),
        (
            "tin.thcshovanlong.hcm.edu.vn",
            "Tên miền thừa cấp: trước tên thành phố chỉ có “thcshovanlong”, đang là “tin.thcshovanlong”.",
        ),
        ("thcshồvănlong.hcm.edu.vn", "Tên miền phải viết không dấu. Hãy dùng “thcshovanlong”."),
        ("xn--thcshvnlong-abc.hcm.edu.vn", "Tên miền phải viết không dấu. Hãy dùng “thcshovanlong”."),
        (
            "thcs_hovanlong.hcm.edu.vn",
            (
                "Tên miền chỉ gồm chữ a–z, chữ số và dấu gạch nối ở giữa. "
                "Hãy dùng “thcshovanlong”, đang là “thcs_hovanlong”."
            ),
        ),
        (
            "thcshovanlong-.hcm.edu.vn",
            (
                "Tên miền chỉ gồm chữ a–z, chữ số và dấu gạch nối ở giữa. "
                "Hãy dùng “thcshovanlong”, đang là “thcshovanlong-”."
            ),
        ),
        (f"{'a' * 64}.hcm.edu.vn", "Phần tên đơn vị dài 64 ký tự, tối đa 63. Hãy dùng “thcshovanlong”."),
        ("hcm.edu.vn", "Thiếu tên đơn vị ở đầu tên miền. Phần này phải là “thcshovanlong”."),
    ],
)
def test_wrong_form_is_blamed_on_the_unit_part(host: str, unit: str) -> None:
    assert check(host) == Verdict(unit, OK, OK, ("thcshovanlong.hcm.edu.vn",))


@pytest.mark.parametrize("host", [" ThcsHoVanLong.HCM.Edu.VN ", "thcshovanlong.hcm.edu.vn."])
def test_letter_case_and_final_dot_do_not_count(host: str) -> None:
    assert check(host).ok


def test_unknown_level_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown level 'DH'"):
        check("thcshovanlong.hcm.edu.vn", level="DH")


def test_unit_without_a_name_cannot_be_judged() -> None:
    assert check("thcsx.hcm.edu.vn", name="Trường THCS") == Verdict(
        "Chưa biết tên đơn vị. Hãy ghi tên đầy đủ của đơn vị.", OK, OK
    )


@pytest.mark.parametrize(
    ("name", "level", "bases"),
    [
        ("Trường Mầm non 19/5", "MN", ["mn195"]),
        ("Trường Mầm non 19 - 5", "MN", ["mn195"]),
        ("Trường Tiểu học Bình Trị 1", "TH", ["thbinhtri1"]),
        ("Trường Tiểu học “Kim Đồng” (mẫu)", "TH", ["thkimdong"]),
        ("TRƯỜNG TRUNG HỌC CƠ SỞ VÀ TRUNG HỌC PHỔ THÔNG NGÔI SAO", "nhieu_cap", ["thcsthptngoisao"]),
        ("Trường TH, THCS và THPT Trí Tuệ Việt", "nhieu_cap", ["ththcsthpttritueviet"]),
        ("Trường TH&THCS Tây Úc", "nhiều cấp", ["ththcstayuc"]),
        ("Trường Mẫu giáo Sơn Ca", "mam_non", ["mnsonca"]),
        ("Trường MN tư thục Hoa Mai", "MN", ["mnhoamai", "mntuthuchoamai"]),
        ("Trường Mầm non Hoa Mai, phường 5, Q.3, TP.HCM", "MN", ["mnhoamai", "mnhoamaip5", "mnhoamaiphuong5"]),
        ("Trường Mầm non Phường 5", "MN", ["mnphuong5", "mnp5"]),
        ("Trường Mầm non Hoa Phượng", "MN", ["mnhoaphuong"]),
        ("Trường Chinh", "THPT", ["thpttruongchinh"]),
        ("Trường THCS Hồ Văn Long", "TH", ["thhovanlong"]),
        ("Trường TH, THCS và THPT Chu Văn An", "THCS", ["ththcsthptchuvanan"]),
        ("Trường THPT Thạnh Lộc Và Bạn", "THPT", ["thptthanhlocvaban"]),
    ],
)
def test_unit_bases_read_the_name_of_the_seal(name: str, level: str, bases: list[str]) -> None:
    assert [base.text for base in unit_bases(name, level)] == bases


def test_unit_bases_offer_every_mix_when_the_name_tells_no_level() -> None:
    assert [base.text for base in unit_bases("Trường Việt Anh", "nhieu_cap")][:3] == [
        "ththcsthptvietanh",
        "ththcsvietanh",
        "thcsthptvietanh",
    ]


def test_unit_bases_cut_a_long_name_at_a_word() -> None:
    name = "Trường Tiểu học " + "Nghiêm Trường " * 8

    assert [base.text for base in unit_bases(name, "TH")] == ["th" + "nghiemtruong" * 5]


def test_type_codes_and_places_are_read_from_the_name() -> None:
    assert type_codes("Trường TH, THCS và THPT Trí Tuệ Việt") == ("th", "thcs", "thpt")
    assert places_in("Trường Mầm non 1, phường 5, Q.3, TP.HCM") == ["phường 5", "quận 3"]
    assert places_in("Trường Mầm non Hoa Phượng") == []


@pytest.mark.parametrize(
    ("given_level", "code"),
    [("MN", "mn"), ("tieu_hoc", "th"), ("Nhiều cấp", "nhieu_cap"), ("NHIEU-CAP", "nhieu_cap"), ("DH", None)],
)
def test_level_code_accepts_the_usual_spellings(given_level: str, code: str | None) -> None:
    assert level_code(given_level) == code


def test_suggest_hosts_uses_the_label_of_the_units_area() -> None:
    hosts = suggest_hosts(
        unit_name="Trường Tiểu học Võ Thị Sáu",
        level="TH",
        on=TODAY,
        labels=LABELS,
        suffixes=SUFFIXES,
        areas=["Phường Bến Cát"],
    )

    assert hosts == ("thvothisau.bencat.edu.vn",)


def test_suggest_hosts_ends_with_numbers_when_no_suffix_is_listed() -> None:
    hosts = suggest_hosts(
        unit_name="Trường Tiểu học Kim Đồng",
        level="TH",
        on=DIRECTIVE,
        labels=[Label("hcm", "Thành phố Hồ Chí Minh")],
        suffixes=[Suffix("q1", "Quận 1", "khac")],
        taken=["thkimdong.hcm.edu.vn", "thkimdong2.hcm.edu.vn"],
        most=2,
    )

    assert hosts == ("thkimdong3.hcm.edu.vn", "thkimdong4.hcm.edu.vn")


NAME_WORDS = ["Nguyễn", "Trường", "Đặng", "Hoa", "Phượng", "Bình", "Tân", "Tạo", "A", "1", "19/5", "(mẫu)", "Ý", "–"]
PLACE_AND_TYPE_WORDS = ["Phường", "và", "Quận", "Mầm", "non", "Tư", "thục", "THCS", "Q.3", "TP.HCM"]
WORDS = st.lists(st.sampled_from([*NAME_WORDS, *PLACE_AND_TYPE_WORDS]), min_size=1, max_size=9).map(" ".join)
LEVELS = st.sampled_from(["MN", "TH", "THCS", "THPT", "GDTX", "nhieu_cap", "pgd"])


@given(name=WORDS, level=LEVELS, host=st.text(max_size=80), taken=st.booleans(), day=st.dates())
def test_every_suggestion_passes_the_check(name: str, level: str, host: str, taken: bool, day: date) -> None:
    others = {f"{base.text}.hcm.edu.vn" for base in unit_bases(name, level)} if taken else set()

    verdict = check(host, name, level, on=day, taken=others)

    assert [s for s in verdict.suggestions if not check(s, name, level, on=day, taken=others).ok] == []
    assert len(verdict.suggestions) <= 4


@given(name=WORDS, level=LEVELS)
def test_unicode_form_of_the_name_does_not_count(name: str, level: str) -> None:
    assert unit_bases(unicodedata.normalize("NFD", name), level) == unit_bases(name, level)


@given(host=st.text(max_size=300), name=st.text(max_size=80), level=LEVELS)
def test_any_text_gets_a_verdict(host: str, name: str, level: str) -> None:
    verdict = check(host, name, level)

    assert verdict.ok == (set(verdict.parts.values()) == {OK})
