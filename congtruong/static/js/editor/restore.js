/* Offers what was written on this machine and never reached the server. */

import { contentOf, fill, same } from "./content.js";

const WORDS = {
  found: (time) => `Máy này còn nội dung chưa lưu, viết lúc ${time}.`,
  restore: "Khôi phục nội dung chưa lưu",
  drop: "Bỏ",
};

export async function offerLeftCopies(autosave) {
  const { copy, form, notice } = autosave;
  if (!copy) return;
  const worthwhile = [];
  for (const left of await copy.left()) {
    const arrived = left.sent && Number(autosave.version) > Number(left.version);
    const known = same(left.content, contentOf(form)) || worthwhile.some((other) => same(other.content, left.content));
    if (arrived || known) copy.remove(left.key);
    else worthwhile.push(left);
  }
  const offer = () => {
    const left = worthwhile.shift();
    if (!left) {
      notice.hide();
      return;
    }
    notice.show(WORDS.found(moment(left.at)), [
      {
        label: WORDS.restore,
        run: () => {
          // Until the server has it, the copy stays.
          autosave.copies.add(left.key);
          fill(form, left.content);
          notice.hide();
        },
      },
      {
        label: WORDS.drop,
        run: () => {
          copy.remove(left.key);
          offer();
        },
      },
    ]);
  };
  offer();
}

function moment(at) {
  const date = new Date(at);
  const time = date.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  return `${time} ngày ${date.toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" })}`;
}
