/* One image to the library, with its progress. */

const WORDS = {
  offline: "Mất mạng nên chưa tải ảnh lên được. Thầy/Cô thử lại khi có mạng.",
  signedOut: "Phiên làm việc đã hết. Thầy/Cô đăng nhập lại ở thẻ mới rồi tải ảnh lên lần nữa.",
  failed: "Chưa tải ảnh lên được. Thầy/Cô thử lại.",
};

/** Resolves with what the library knows of the image. Rejects with a sentence for the writer as its message. */
export function sendImage(file, { url, form, children, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what has been sent.
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken?.value ?? "");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onerror = () => reject(new Error(WORDS.offline));
    request.onabort = () => reject(new Error(WORDS.failed));
    request.onload = () => {
      const answer = request.response;
      if (request.status >= 200 && request.status < 300 && answer?.url) resolve(answer);
      else if (request.status === 401 || request.status === 403) reject(new Error(WORDS.signedOut));
      else reject(new Error(answer?.message || WORDS.failed));
    };
    signal?.addEventListener("abort", () => request.abort());
    const body = new FormData();
    body.append("file", file, file.name || "anh.png");
    if (children) body.append("children", "on");
    request.send(body);
  });
}
