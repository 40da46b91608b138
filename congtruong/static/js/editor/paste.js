/* The button "Dán từ Word": the clipboard as if pasted with the keyboard, where the browser lets us read it. */

import { ViewDataTransfer } from "../../vendor/ckeditor5/ckeditor.js";
import { dialog } from "./dialog.js";
import { el, escaped } from "./dom.js";

const WORDS = {
  title: "Dán từ Word, Excel, Google Docs",
  how: "Thầy/Cô bấm vào chỗ cần dán trong bài, rồi bấm Ctrl + V. Trên điện thoại: chạm giữ vào bài, chọn Dán.",
  kept: "Bảng, danh sách, chữ đậm được giữ; định dạng thừa được bỏ.",
  close: "Đã hiểu",
};

export async function pasteFromClipboard(editor) {
  const dataTransfer = await readClipboard();
  if (!dataTransfer) {
    await explain();
    editor.focus();
    return;
  }
  editor.focus();
  editor.editing.view.document.fire("clipboardInput", {
    dataTransfer: new ViewDataTransfer(dataTransfer),
    content: dataTransfer.getData("text/html") || paragraphs(dataTransfer.getData("text/plain")),
    method: "paste",
    targetRanges: null,
    preventDefault() {},
    stopPropagation() {},
  });
}

const paragraphs = (text) =>
  text
    .split(/\n\s*\n/)
    .map((block) => `<p>${escaped(block).replace(/\r?\n/g, "<br>")}</p>`)
    .join("");

async function readClipboard() {
  const made = new DataTransfer();
  try {
    for (const item of await navigator.clipboard.read()) {
      for (const type of ["text/html", "text/plain"]) {
        if (item.types.includes(type)) made.setData(type, await (await item.getType(type)).text());
      }
    }
  } catch {
    return null;
  }
  return made.types.length ? made : null;
}

function explain() {
  return dialog(WORDS.title, (close) => [
    el("p", {}, WORDS.how),
    el("p", { class: "hint" }, WORDS.kept),
    el("div", { class: "actions" }, el("button", { class: "btn", type: "button", onclick: () => close(null) }, WORDS.close)),
  ]);
}
