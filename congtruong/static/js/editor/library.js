/* Pictures of the unit's library to choose from, sheet by sheet. */

import { el, later, newId } from "./dom.js";
import { get } from "./server.js";

const WORDS = {
  search: "Hoặc chọn ảnh trong thư viện",
  none: "Thư viện chưa có ảnh nào khớp.",
  failed: "Chưa mở được thư viện. Thầy/Cô thử lại khi có mạng.",
  more: "Xem thêm ảnh",
  unnamed: "Ảnh chưa có mô tả",
};

/** A search field and a grid; `chosen` is called with one picture as the server describes it. */
export function libraryOf(url, chosen) {
  const id = newId();
  const input = el("input", { class: "input", id, type: "search", autocomplete: "off", placeholder: "Tìm theo tên, mô tả" });
  const grid = el("ul", { class: "editor-grid" });
  const state = el("p", { class: "hint", role: "status" });
  const more = el("button", { class: "btn btn-line btn-small", type: "button", hidden: true }, WORDS.more);
  let turn = 0;
  let next = null;
  const load = async (page) => {
    turn += 1;
    const mine = turn;
    try {
      const query = new URLSearchParams({ q: input.value.trim(), page, kind: "anh" });
      const answer = await get(`${url}?${query}`);
      if (mine !== turn) return;
      const items = answer.items.filter((item) => item.kind === "anh").map((item) => el("li", {}, tile(item, chosen)));
      if (page === 1) grid.replaceChildren(...items);
      else grid.append(...items);
      if (page > 1) items[0]?.querySelector("button").focus();
      next = answer.next;
      more.hidden = !next;
      state.textContent = grid.children.length ? "" : WORDS.none;
    } catch {
      if (mine === turn) state.textContent = WORDS.failed;
    }
  };
  more.addEventListener("click", () => load(next));
  input.addEventListener("input", later(() => load(1), 300));
  load(1);
  return el("div", { class: "field" }, el("label", { for: id }, WORDS.search), input, state, grid, more);
}

function tile(item, chosen) {
  const name = item.alt || `${WORDS.unnamed}: ${item.name}`;
  return el(
    "button",
    { type: "button", onclick: () => chosen(item) },
    el("img", { src: item.thumb, alt: name, loading: "lazy", width: "160", height: "120" }),
  );
}
