ABOVE = "Từ cơ quan quản lý"
SEARCH_TITLE = "Tìm kiếm"
NO_WORDS = "Gõ từ cần tìm, có dấu hoặc không dấu đều được."
