"""Words of initial passwords: short, without diacritics, easy to read out and to type on a phone, offending nobody."""

_TEXT = """
anh ao bac ban bang banh bao ben bien bo bong bua cam canh cau cay che chieu cho chuoi chuong co com cong cua dao dat
dau dem den diem diep do doi don dong dua em gach gao ghe gia giay gio goi gom guong hai han hat heo hoa hoc hoi hong
huong kem keo khe khoai khoi khung kinh la lac lam lan lang lau len lich lien loa long lop lua luoi luong mai mam mat
may me men mia mit mo moc mong mot mua muong na nam nang nao nem ngan nghe ngo ngoc nha nhac nhan nhip nho non nui nuoc
oi ong phao phim pho phong phuong qua quan que quat quyt rang rau ren rong rung ruong sach san sang sao sau sen sim soi
son song sua suoi sy tam tao tau tet than thang thanh thap thi tho thom thong thu thuyen tien tim tinh toan tra trai
trang tranh trau tre trong truc trung tu tuoi tuong vai van vang vat ve ven vien voi vuon xa xanh xe xoai xoi xuan yen
"""
WORDS = tuple(_TEXT.split())
