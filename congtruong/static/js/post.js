/* The editor's page beside its text: cover, files, time of publication, relations; the preview's address.

Without it the page has plain fields that do the same when the form is sent. */

import { dialog } from "./editor/dialog.js";
import { el, later, newId } from "./editor/dom.js";
import { libraryOf } from "./editor/library.js";
import { get } from "./editor/server.js";
import { sendImage } from "./editor/upload.js";
import "./pick.js";

const WORDS = {
  cover: "Chọn ảnh bìa",
  coverUpload: "Tải ảnh lên từ máy",
  files: "Thêm tệp",
  filesUpload: "Tải tệp lên từ máy (chọn được nhiều tệp)",
  search: "Hoặc chọn tệp trong thư viện",
  none: "Thư viện chưa có tệp nào khớp.",
  failed: "Chưa mở được thư viện. Thầy/Cô thử lại khi có mạng.",
  uploading: "Đang tải lên…",
  noAlt: "Ảnh này thiếu mô tả. Thêm mô tả trong Thư viện trước khi gửi duyệt.",
  label: "Tên hiển thị",
  up: "Lên",
  down: "Xuống",
  drop: "Bỏ tệp",
  copied: "Đã chép",
  publish: "Đăng ngay",
  plan: "Hẹn giờ đăng",
};

const form = document.querySelector("form.post-form");
if (form) {
  for (const part of form.querySelectorAll("[data-plain]")) part.hidden = true;
  if ("editor" in form.dataset) {
    coverOf(form);
    filesOf(form);
    relationsOf(form);
    releaseOf(form);
  }
  whenOf(form);
}
for (const box of document.querySelectorAll("[data-copy]")) copyOf(box);
document.querySelector("[data-focus]")?.focus();

function told(field) {
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A file field and progress, then the library; `take` gets what the server knows of each chosen file. */
function uploadField(label, take, { accept, multiple }) {
  const state = el("p", { class: "hint", role: "status" });
  const input = el("input", { class: "pick-input", type: "file", accept, multiple, "data-first": true });
  input.addEventListener("change", async () => {
    for (const file of input.files) {
      state.textContent = `${WORDS.uploading} ${file.name}`;
      try {
        take(await sendImage(file, { url: form.dataset.upload, form }));
      } catch (problem) {
        state.textContent = `${file.name}: ${problem.message}`;
        return;
      }
    }
    state.textContent = "";
  });
  return el("div", { class: "field" }, el("label", { class: "btn pick" }, el("span", {}, label), input), state);
}

function coverOf(page) {
  const box = page.querySelector("[data-cover]");
  const field = box.querySelector("[name=cover]");
  const figure = box.querySelector("[data-cover-figure]");
  const image = box.querySelector("[data-cover-image]");
  const choose = box.querySelector("[data-cover-choose]");
  const drop = box.querySelector("[data-cover-drop]");
  const show = (item) => {
    field.value = item ? item.id : "";
    figure.hidden = !item;
    drop.hidden = !item;
    if (item) {
      image.src = item.url;
      image.alt = item.alt;
      figure.querySelector("figcaption").textContent = item.alt ? "" : WORDS.noAlt;
    }
    told(field);
  };
  choose.hidden = false;
  drop.hidden = !field.value;
  drop.addEventListener("click", () => {
    show(null);
    choose.focus();
  });
  choose.addEventListener("click", async () => {
    const item = await dialog(WORDS.cover, (close) => [
      el(
        "div",
        { class: "editor-dialog-body" },
        uploadField(WORDS.coverUpload, close, { accept: "image/*" }),
        libraryOf(page.dataset.picker, close),
      ),
    ]);
    if (item) show(item);
    choose.focus();
  });
}

function filesOf(page) {
  const box = page.querySelector("[data-attach]");
  const list = box.querySelector("[data-attach-list]");
  const choose = box.querySelector("[data-attach-choose]");
  const renumber = () => {
    [...list.children].forEach((row, place) => {
      row.querySelector("[name=file_place]").value = place + 1;
    });
    told(box.querySelector("[name=has_files]"));
  };
  const tools = (row) => {
    row.querySelector(".attached-place").hidden = true;
    const name = row.querySelector(".attached-name a").textContent;
    const button = (word, run) =>
      el("button", { class: "btn btn-plain btn-small", type: "button", onclick: run }, word, el("span", { class: "sr" }, ` ${name}`));
    row.append(
      el(
        "div",
        { class: "actions attached-tools" },
        button(WORDS.up, (event) => {
          row.previousElementSibling?.before(row);
          renumber();
          event.currentTarget.focus();
        }),
        button(WORDS.down, (event) => {
          row.nextElementSibling?.after(row);
          renumber();
          event.currentTarget.focus();
        }),
        button(WORDS.drop, () => {
          row.remove();
          renumber();
          choose.focus();
        }),
      ),
    );
  };
  const add = (item) => {
    if ([...list.querySelectorAll("[name=file]")].some((field) => field.value === String(item.id))) return;
    const label = el("input", { class: "input", name: "file_label", maxlength: "200", placeholder: WORDS.label });
    const row = el(
      "li",
      {},
      el("input", { type: "hidden", name: "file", value: item.id }),
      el("p", { class: "attached-name" }, el("a", { href: item.url, target: "_blank", rel: "noopener" }, item.name)),
      el("label", { class: "attached-label" }, el("span", { class: "sr" }, `${WORDS.label}: ${item.name}`), label),
      el("label", { class: "attached-place" }, el("input", { class: "input", name: "file_place", value: "0" })),
    );
    list.append(row);
    tools(row);
    renumber();
  };
  for (const row of list.children) tools(row);
  choose.hidden = false;
  choose.addEventListener("click", async () => {
    const item = await dialog(WORDS.files, (close) => [
      el(
        "div",
        { class: "editor-dialog-body" },
        uploadField(WORDS.filesUpload, add, { multiple: true }),
        fileList(page.dataset.picker, close),
      ),
    ]);
    if (item) add(item);
    choose.focus();
  });
}

/** Documents of the library by their names. */
function fileList(url, chosen) {
  const id = newId();
  const input = el("input", { class: "input", id, type: "search", autocomplete: "off" });
  const list = el("ul", { class: "editor-links" });
  const state = el("p", { class: "hint", role: "status" });
  let turn = 0;
  const load = async () => {
    turn += 1;
    const mine = turn;
    try {
      const { items } = await get(`${url}?${new URLSearchParams({ q: input.value.trim(), kind: "tep" })}`);
      if (mine !== turn) return;
      list.replaceChildren(
        ...items.map((item) => el("li", {}, el("button", { type: "button", onclick: () => chosen(item) }, item.name))),
      );
      state.textContent = items.length ? "" : WORDS.none;
    } catch {
      if (mine === turn) state.textContent = WORDS.failed;
    }
  };
  input.addEventListener("input", later(load, 300));
  load();
  return el("div", { class: "field" }, el("label", { for: id }, WORDS.search), input, state, list);
}

function relationsOf(page) {
  const box = page.querySelector("[data-relations]");
  const more = box?.querySelector("[data-relation-add]");
  if (!more) return;
  more.hidden = false;
  more.addEventListener("click", () => {
    const rows = box.querySelectorAll(".relation");
    const copy = rows[rows.length - 1].cloneNode(true);
    copy.querySelector("input").value = "";
    more.before(copy);
    copy.querySelector("input").focus();
  });
}

/** The date is asked only where it counts, and the button says what will happen. */
function whenOf(page) {
  const box = page.querySelector("[data-when]");
  const at = box.querySelector("[data-when-at]");
  const word = page.querySelector("[data-publish-word]");
  const now = word?.textContent.trim();
  const show = () => {
    const isPlanned = box.querySelector("[name=when][value=hen]").checked;
    at.hidden = !isPlanned;
    if (word) word.textContent = isPlanned ? WORDS.plan : now === WORDS.plan ? WORDS.publish : now;
  };
  box.addEventListener("change", show);
  show();
}

/** A page that is closed lets others write. */
function releaseOf(page) {
  addEventListener("pagehide", () => {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "lock"]) body.set(name, page.elements[name].value);
    if (page.elements.lock.value) navigator.sendBeacon(page.dataset.release, body);
  });
}

function copyOf(box) {
  const button = box.querySelector("button");
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("input").value);
    button.querySelector("span").textContent = WORDS.copied;
  });
}
