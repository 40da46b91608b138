/* The picture dialog: from this machine or from the library, and never without words for who cannot see it. */

import { dialog } from "./dialog.js";
import { el, newId } from "./dom.js";
import { libraryOf } from "./library.js";
import { sendImage } from "./upload.js";

const WORDS = {
  title: "Chèn ảnh",
  upload: "Tải ảnh lên từ máy",
  uploading: "Đang tải ảnh lên…",
  sent: "Ảnh đã đến nơi, đang thu nhỏ…",
  children: "Ảnh có học sinh nhận ra được",
  childrenHint: "Ảnh chờ trong thư viện, chưa đăng được cho đến khi Thầy/Cô ghi giấy đồng ý.",
  childrenNext: "Ảnh có học sinh: ghi giấy đồng ý trong Thư viện trước khi gửi duyệt.",
  needed: "(bắt buộc)",
  altTitle: "Mô tả ảnh",
  alt: "Mô tả ảnh",
  altHint: "Ảnh cho thấy gì, dành cho người không nhìn được ảnh. Không ghi tên học sinh.",
  altMissing: "Cần mô tả ảnh bằng một câu ngắn, ví dụ “Học sinh đọc sách dưới gốc phượng”.",
  caption: "Chú thích",
  optional: "(hiện dưới ảnh, có thể để trống)",
  insert: "Chèn vào bài",
  save: "Lưu mô tả",
  other: "Chọn ảnh khác",
};

/** Resolves with {url, alt, caption}, or null. `files`: pictures that were dropped or pasted. */
export function choosePicture({ form, urls }, files = []) {
  return dialog(WORDS.title, (close, box) => {
    const body = el("div", { class: "editor-dialog-body" });
    const show = (...parts) => body.replaceChildren(...parts);
    const describe = (image, shown = false) => {
      show(
        ...(shown ? [el("p", { class: "hint" }, WORDS.childrenNext)] : []),
        ...description(image, {
          submit: WORDS.insert,
          done: ({ alt, caption }) => close({ url: image.url, alt, caption }),
          other: () => choose(),
        }),
      );
      body.querySelector("textarea").focus();
    };
    const upload = async (file, children = false) => {
      const bar = el("progress", { max: "1", value: "0", "aria-label": WORDS.uploading });
      const leave = new AbortController();
      box.addEventListener("close", () => leave.abort());
      const said = el("p", { role: "status" }, WORDS.uploading);
      show(said, bar);
      try {
        const onProgress = (part) => {
          bar.value = part;
          if (part < 1) return;
          // The server makes the sizes now and does not tell how far it is.
          bar.removeAttribute("value");
          said.textContent = WORDS.sent;
        };
        describe(await sendImage(file, { url: urls.upload, form, children, onProgress, signal: leave.signal }), children);
      } catch (problem) {
        choose(problem.message);
      }
    };
    const choose = (problem) => {
      const parts = [problem ? el("p", { class: "error", role: "alert" }, problem) : null];
      if (urls.upload) parts.push(fileField(upload));
      if (urls.picker) parts.push(libraryOf(urls.picker, (image) => describe(image)));
      show(...parts.filter(Boolean));
      (body.querySelector("[data-first]") ?? body.querySelector("input"))?.focus();
    };
    if (files.length && urls.upload) upload(files[0]);
    else choose();
    return [body];
  });
}

/** Resolves with the description, or null when the person left it as it was. */
export function describePicture(url, alt) {
  return dialog(WORDS.altTitle, (close) => {
    const done = (words) => close(words.alt);
    return [el("div", { class: "editor-dialog-body" }, ...description({ url, alt }, { submit: WORDS.save, done }))];
  });
}

function fileField(upload) {
  const input = el("input", { class: "pick-input", type: "file", accept: "image/*", "data-first": true });
  const children = el("input", { type: "checkbox" });
  input.addEventListener("change", () => input.files[0] && upload(input.files[0], children.checked));
  return el(
    "div",
    { class: "editor-upload" },
    el("label", { class: "choice" }, children, el("span", {}, WORDS.children, el("small", {}, WORDS.childrenHint))),
    el("label", { class: "btn pick" }, el("span", {}, WORDS.upload), input),
  );
}

function description(image, { submit, done, other }) {
  const [altId, hintId, errorId, captionId] = [newId(), newId(), newId(), newId()];
  const words = { class: "input", id: altId, rows: "2", maxlength: "300", "aria-describedby": `${hintId} ${errorId}` };
  const alt = el("textarea", words);
  alt.value = image.alt ?? "";
  const error = el("p", { class: "error", id: errorId, role: "alert", hidden: true });
  const caption = el("input", { class: "input", id: captionId, maxlength: "300" });
  const check = () => {
    const said = alt.value.trim();
    error.hidden = said !== "";
    error.textContent = said ? "" : WORDS.altMissing;
    alt.toggleAttribute("aria-invalid", !said);
    if (said) done({ alt: said.replace(/\s+/g, " "), caption: caption.value.trim() });
    else alt.focus();
  };
  caption.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    check();
  });
  const parts = [
    el("img", { class: "editor-preview", src: image.url, alt: "" }),
    el(
      "div",
      { class: "field" },
      el("label", { for: altId }, `${WORDS.alt} `, el("span", { class: "opt" }, WORDS.needed)),
      el("span", { class: "hint", id: hintId }, WORDS.altHint),
      error,
      alt,
    ),
  ];
  const optional = el("span", { class: "opt" }, WORDS.optional);
  if (other) parts.push(el("div", { class: "field" }, el("label", { for: captionId }, `${WORDS.caption} `, optional), caption));
  const leave = other ? el("button", { class: "btn btn-line", type: "button", onclick: other }, WORDS.other) : null;
  const enter = el("button", { class: "btn", type: "button", onclick: check }, submit);
  parts.push(el("div", { class: "actions" }, enter, leave));
  return parts;
}
