/* What the writer reads about saving. */

export const WORDS = {
  saving: "Đang lưu…",
  saved: (time) => `Đã lưu lúc ${time}`,
  offline: "Mất mạng – bài vẫn còn trên máy này, sẽ lưu lại khi có mạng",
  offlineUnkept: "Mất mạng – bài chưa lưu được, xin đừng đóng trang này",
  failed: "Máy chủ chưa lưu được – bài vẫn còn trên máy này, sẽ tự lưu lại",
  signedOut: "Phiên làm việc đã hết – đăng nhập lại ở thẻ mới rồi bấm Lưu lại",
  stopped: "Chưa lưu – có người khác đang sửa",
  refused: "Chưa lưu được",
  lost: "Bài đang được sửa ở nơi khác, nên trang này không lưu tiếp được. Nội dung vừa viết vẫn còn.",
};

/** For answers that do not tell when. */
export function now() {
  return new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
}
