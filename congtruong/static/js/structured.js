// Photos of an album and lines of a week on the editor's page. Without this script numbers say the order, empty lines
// wait to be filled, and files travel with the form.

import { dialog } from "./editor/dialog.js";
import { libraryOf } from "./editor/library.js";
import { sendImage } from "./editor/upload.js";
import "./pick.js";

const WORDS = {
  library: "Chọn ảnh trong thư viện",
  sending: (name, done, all) => `Đang tải lên ${name} (${done + 1}/${all})…`,
  added: (count) => `Đã thêm ${count} ảnh. Bấm lưu để giữ lại.`,
  same: "Các ảnh này đã có trong album.",
  full: (most) => `Một album có nhiều nhất ${most} ảnh.`,
  moved: (place) => `Ảnh đang ở vị trí ${place}.`,
};

function changed(form) {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

class Album {
  constructor(section) {
    this.form = section.closest("form");
    this.list = section.querySelector("[data-photos]");
    this.blank = section.querySelector("template[data-photo]");
    this.status = section.querySelector("[data-photos-status]");
    this.most = Number(section.dataset.most);
    for (const plain of section.querySelectorAll("[data-plain]")) plain.hidden = true;
    for (const item of this.list.children) this.equip(item);
    const files = section.querySelector("[name=album_upload]");
    const upload = section.querySelector("[data-photos-upload]");
    upload.hidden = !this.form.dataset.upload;
    upload.addEventListener("click", () => files.click());
    files.addEventListener("change", async () => {
      const chosen = [...files.files];
      // They are sent now, not once more with the form.
      files.value = "";
      await this.send(chosen);
    });
    const library = section.querySelector("[data-photos-library]");
    library.hidden = !this.form.dataset.picker;
    library.addEventListener("click", async () => {
      const image = await dialog(WORDS.library, (close) => [libraryOf(this.form.dataset.picker, close)]);
      if (image && this.add(image)) this.say(WORDS.added(1));
    });
    this.number();
  }

  async send(files) {
    let added = 0;
    for (const [number, file] of files.entries()) {
      this.say(WORDS.sending(file.name, number, files.length));
      try {
        const image = await sendImage(file, { url: this.form.dataset.upload, form: this.form });
        if (this.add(image)) added += 1;
      } catch (problem) {
        this.say(`${file.name}: ${problem.message}`);
        return;
      }
    }
    if (this.list.children.length < this.most || added) this.say(added ? WORDS.added(added) : WORDS.same);
  }

  add(image) {
    if (this.list.querySelector(`[name=album_image][value="${Number(image.id)}"]`)) return false;
    if (this.list.children.length >= this.most) {
      this.say(WORDS.full(this.most));
      return false;
    }
    const item = this.blank.content.firstElementChild.cloneNode(true);
    item.querySelector("[name=album_image]").setAttribute("value", Number(image.id));
    item.querySelector("[data-name]").textContent = image.name;
    const shown = item.querySelector("img");
    shown.src = image.thumb;
    shown.alt = image.alt;
    for (const plain of item.querySelectorAll("[data-plain]")) plain.hidden = true;
    this.list.append(item);
    this.equip(item);
    this.number();
    changed(this.form);
    return true;
  }

  equip(item) {
    const tools = {
      up: () => item.previousElementSibling?.before(item),
      down: () => item.nextElementSibling?.after(item),
      drop: () => item.remove(),
    };
    for (const [name, act] of Object.entries(tools)) {
      const button = item.querySelector(`[data-${name}]`);
      button.hidden = false;
      button.addEventListener("click", () => {
        const next = item.nextElementSibling ?? item.previousElementSibling;
        act();
        this.number();
        changed(this.form);
        if (item.isConnected) {
          button.focus();
          this.say(WORDS.moved([...this.list.children].indexOf(item) + 1));
        } else next?.querySelector("[data-drop]").focus();
      });
    }
  }

  number() {
    for (const [at, item] of [...this.list.children].entries()) item.querySelector("[name=album_place]").value = at + 1;
  }

  say(text) {
    this.status.textContent = text;
  }
}

class Week {
  constructor(section) {
    this.form = section.closest("form");
    this.list = section.querySelector("[data-rows]");
    for (const row of this.list.children) this.equip(row);
    const add = section.querySelector("[data-row-add]");
    add.hidden = false;
    add.addEventListener("click", () => {
      const last = this.list.lastElementChild;
      const row = last.cloneNode(true);
      for (const field of row.querySelectorAll("input, textarea")) field.value = "";
      row.querySelector("select").value = last.querySelector("select").value;
      this.list.append(row);
      this.equip(row);
      row.querySelector("select").focus();
    });
  }

  equip(row) {
    const drop = row.querySelector("[data-row-drop]");
    drop.hidden = false;
    drop.addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      if (!next) {
        for (const field of row.querySelectorAll("input, textarea")) field.value = "";
      } else row.remove();
      changed(this.form);
      (next ?? row).querySelector("select").focus();
    });
  }
}

for (const section of document.querySelectorAll("[data-album]")) new Album(section);
for (const section of document.querySelectorAll("[data-week]")) new Week(section);
