/* Finds units by name while typing. Without it a button sends the page and the units that were found come back in it. */

import { el, later } from "./editor/dom.js";
import { get } from "./editor/server.js";

const WAIT = 300;
const WORDS = {
  none: "Không có đơn vị nào khớp.",
  more: "Còn nhiều đơn vị khác. Gõ thêm chữ để tìm đúng hơn.",
  found: (count) => `Tìm thấy ${count} đơn vị. Chọn đơn vị cần gửi.`,
  failed: "Chưa tìm được. Thầy/Cô thử lại khi có mạng.",
  added: (name) => `Đã thêm ${name}.`,
  add: "Thêm",
};

for (const box of document.querySelectorAll("[data-recipients]")) {
  dueOf(box);
  if (box.querySelector("[data-recipients-said]")) searchOf(box);
}

function searchOf(box) {
  const input = box.querySelector("[type=search]");
  const list = box.querySelector("[data-recipients-list]");
  const found = box.querySelector("[data-recipients-found]");
  const said = box.querySelector("[data-recipients-said]");
  // What is looked for is no part of the article.
  input.removeAttribute("name");
  box.querySelector(".search button").hidden = true;
  let turn = 0;

  const add = ({ id, name, more }) => {
    const tick = el("input", { type: "checkbox", name: "target", value: id });
    tick.checked = true;
    list.append(el("label", { class: "choice" }, tick, " ", el("span", {}, name, more ? el("small", {}, more) : null)));
    tick.dispatchEvent(new Event("change", { bubbles: true }));
    found.replaceChildren();
    input.value = "";
    said.textContent = WORDS.added(name);
    input.focus();
  };

  const isThere = (id) => [...list.querySelectorAll("[name=target]")].some((tick) => tick.value === String(id));

  const load = async () => {
    turn += 1;
    const mine = turn;
    const words = input.value.trim();
    if (!words) {
      found.replaceChildren();
      said.textContent = "";
      return;
    }
    try {
      const answer = await get(`${box.dataset.recipients}?${new URLSearchParams({ q: words })}`);
      if (mine !== turn) return;
      const items = answer.items.filter((item) => !isThere(item.id));
      found.replaceChildren(
        ...items.map((item) =>
          el(
            "li",
            {},
            el(
              "button",
              { class: "btn btn-line btn-small", type: "button", onclick: () => add(item) },
              el("span", { class: "sr" }, `${WORDS.add} `),
              el("span", {}, item.name, item.more ? el("small", {}, item.more) : null),
            ),
          ),
        ),
      );
      said.textContent = answer.has_more ? WORDS.more : items.length ? WORDS.found(items.length) : WORDS.none;
    } catch {
      if (mine === turn) said.textContent = WORDS.failed;
    }
  };

  const soon = later(load, WAIT);
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    soon();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // The form is not sent from here.
    event.preventDefault();
    soon.cancel();
    load();
  });
}

/** The deadline is asked only where something is demanded. */
function dueOf(box) {
  const due = box.querySelector("[data-recipients-due]");
  const show = () => {
    due.hidden = !box.querySelector("[name=asks]:checked")?.value;
  };
  box.addEventListener("change", show);
  box.addEventListener("editor:filled", show, true);
  show();
}
