/* Choose one of the unit's own pages to link to. */

import { dialog } from "./dialog.js";
import { el, later, newId } from "./dom.js";
import { get } from "./server.js";

const WORDS = {
  title: "Liên kết tới bài của trường",
  search: "Tìm theo tiêu đề",
  none: "Không có bài nào khớp. Thầy/Cô thử từ khác.",
  failed: "Chưa tải được danh sách. Thầy/Cô thử lại khi có mạng.",
};

/** Resolves with {title, path}, or null. */
export function chooseLink(url) {
  return dialog(WORDS.title, (close) => {
    const id = newId();
    const input = el("input", { class: "input", id, type: "search", autocomplete: "off", autofocus: true });
    const list = el("ul", { class: "editor-links" });
    const state = el("p", { class: "hint", role: "status" });
    let asked = 0;
    const find = async () => {
      asked += 1;
      const turn = asked;
      try {
        const { items } = await get(`${url}?${new URLSearchParams({ q: input.value.trim() })}`);
        if (turn !== asked) return;
        list.replaceChildren(...items.map((page) => el("li", {}, choice(page, close))));
        state.textContent = items.length ? `${items.length} bài` : WORDS.none;
      } catch {
        if (turn === asked) state.textContent = WORDS.failed;
      }
    };
    input.addEventListener("input", later(find, 300));
    find();
    return [el("div", { class: "field" }, el("label", { for: id }, WORDS.search), input), state, list];
  });
}

function choice(page, close) {
  return el(
    "button",
    { type: "button", onclick: () => close(page) },
    el("span", {}, page.title),
    el("small", {}, page.channel ?? ""),
  );
}
