"""Word lists of the guard: family names, and what begins like a name but is none."""

from congtruong.core.text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _folded_names(text: str) -> frozenset[str]:
    return frozenset(fold(name.strip()) for name in text.split(","))


SURNAMES = _words(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương lâm mai đinh
    phùng tô hà tạ cao châu chu lương thái triệu quách la lưu tăng diệp kiều vi thân thạch lục lữ lã mạc mạch nghiêm
    nhan ninh nông phó phí quản tôn tống từ tiêu tiết ứng uông âu bạch bành cù cung chung doãn đàm đồng giang giáp hàn
    hứa hình khổng khương khưu liễu lò lù ma mã mẫn nhâm nhữ sử tất trà trầm trình thiều tường tưởng vòng giàng thào
    sùng hầu hạng điểu điền đậu bế bàng biện cái cam cấn chế chử đái đới kha ưng
    """
)
# Family names that begin other phrases just as often; a middle name must follow.
WEAK_SURNAMES = _words("danh kim sơn long trang quan công văn ông thi đường viên an bình")
MIDDLE_NAMES = _words(
    "thị văn hữu đức minh ngọc thanh hoàng quốc gia bảo đình xuân thu kim anh tuấn mỹ thùy thúy phương khánh"
)
PLAIN_SURNAMES = frozenset(map(fold, SURNAMES)) - _words("ma la vi tu ha")
# Phrases, not people, although they begin like names.
PHRASES = _words(
    """
    hồ_sơ lý_do lý_lịch lý_thuyết lương_thực cao_đẳng cao_học chu_kỳ đào_tạo vi_phạm vũ_trụ vũ_đạo thái_độ từ_ngày
    từ_vựng từ_điển tôn_trọng tôn_vinh tống_kết giang_sơn lưu_trữ lưu_ý lưu_hành lâm_nghiệp dương_lịch trình_bày
    trình_độ trình_tự chung_kết chung_cư đoàn_thể đoàn_viên đoàn_đội đoàn_trường đoàn_kết đoàn_tncs đoàn_kiểm đoàn_công
    đoàn_thanh_niên vương_quốc hà_nội hà_nam hà_giang hà_tĩnh hà_lan hà_tây cao_bằng lâm_đồng thái_nguyên thái_bình
    thái_lan ninh_bình ninh_thuận la_mã mã_số mã_định mã_hồ mã_qr mã_trường mã_lớp quản_lý quản_trị đồng_nai đồng_tháp
    đồng_phục đồng_chí mai_vàng tất_cả ma_trận cung_cấp cung_ứng chế_độ hình_thức hình_ảnh cam_kết cam_đoan điền_kinh
    ứng_dụng từ_khóa từ_xa sử_dụng lê_minh_xuân an_toàn an_ninh an_lạc an_giang công_văn công_khai bình_tân bình_chánh
    văn_phòng văn_bản văn_hóa thi_đua đường_dây viên_chức danh_sách trang_phục trang_chủ kim_loại long_an
    """
)
# People of history whose names stand on schools, streets and lessons.
HISTORIC = _folded_names(
    """
    Nguyễn Trãi, Nguyễn Du, Nguyễn Huệ, Nguyễn Tất Thành, Nguyễn Ái Quốc, Nguyễn Văn Trỗi, Nguyễn Đình Chiểu,
    Nguyễn Thị Minh Khai, Nguyễn Bỉnh Khiêm, Nguyễn Khuyến, Nguyễn Công Trứ, Nguyễn Thái Bình, Nguyễn Viết Xuân,
    Nguyễn Hữu Huân, Nguyễn Trung Trực, Nguyễn Hữu Thọ, Nguyễn Chí Thanh, Nguyễn Văn Cừ, Nguyễn Văn Linh,
    Nguyễn Thượng Hiền, Nguyễn An Ninh, Nguyễn Thị Định, Nguyễn Bính, Nguyễn Tuân, Nguyễn Minh Châu, Nguyễn Nhật Ánh,
    Nguyễn Quang Sáng, Nguyễn Khoa Điềm, Trần Hưng Đạo, Trần Quốc Tuấn, Trần Quốc Toản, Trần Phú, Trần Đại Nghĩa,
    Trần Nhân Tông, Trần Quang Khải, Trần Đăng Khoa, Trần Văn Ơn, Trần Bình Trọng, Lê Lợi, Lê Lai, Lê Thánh Tông,
    Lê Quý Đôn, Lê Hồng Phong, Lê Duẩn, Lê Văn Tám, Lê Thị Riêng, Lê Đại Hành, Lê Hoàn, Lê Anh Xuân, Lê Thị Hồng Gấm,
    Lê Trọng Tấn, Lê Văn Khương, Phạm Ngũ Lão, Phạm Hồng Thái, Phạm Văn Đồng, Phạm Ngọc Thạch, Phạm Hùng,
    Phan Bội Châu, Phan Châu Trinh, Phan Chu Trinh, Phan Đình Phùng, Phan Đình Giót, Phan Đăng Lưu, Võ Thị Sáu,
    Võ Văn Kiệt, Võ Văn Tần, Võ Nguyên Giáp, Võ Trường Toản, Hoàng Hoa Thám, Hoàng Diệu, Hoàng Văn Thụ, Hoàng Quốc Việt,
    Huỳnh Thúc Kháng, Huỳnh Tấn Phát, Ngô Quyền, Ngô Gia Tự, Ngô Sĩ Liên, Ngô Tất Tố, Lý Thường Kiệt, Lý Tự Trọng,
    Lý Thái Tổ, Lý Công Uẩn, Lý Chiêu Hoàng, Đinh Tiên Hoàng, Đinh Bộ Lĩnh, Đoàn Thị Điểm, Bùi Thị Xuân, Hồ Chí Minh,
    Hồ Xuân Hương, Hồ Học Lãm, Hồ Ngọc Lãm, Chu Văn An, Lương Thế Vinh, Lương Định Của, Trương Định, Trương Vĩnh Ký,
    Đặng Thùy Trâm, Đặng Thai Mai, Tôn Đức Thắng, Tôn Thất Tùng, Tôn Thất Thuyết, Cao Bá Quát, Cao Thắng, Mạc Đĩnh Chi,
    Kim Đồng, Tô Hiến Thành, Tô Hoài, Vừ A Dính, Bế Văn Đàn, Kinh Dương Vương, An Dương Vương, Hùng Vương,
    Lạc Long Quân, Trường Chinh, Văn Cao, Dương Quảng Hàm, Phùng Khắc Khoan, Phùng Hưng, Mai Thúc Loan,
    Triệu Thị Trinh, Lê Đức Thọ
    """
)
# Words before a name that make it the name of a place or an institution.
PLACES = _words(
    """
    trường thcs thpt th mn tiểu học mầm non đường phố hẻm ngõ ngách cầu chợ quận phường xã huyện tỉnh ấp thôn công viên
    nhà hát tuyến quỹ giải thưởng cúp tượng bệnh viện đại cao đẳng mẫu giáo khu đội chi ql đ tl hương lộ bảo tàng rạp
    tập đoàn công ty sông hồ cụm
    """
)
