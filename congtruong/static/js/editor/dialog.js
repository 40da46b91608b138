/* A modal window; resolves with what it was closed with, null when the person left it.

It opens on the first control of its content: by itself it would open on the button that closes it. */

import { el, newId } from "./dom.js";

export function dialog(title, content) {
  return new Promise((resolve) => {
    let result = null;
    const close = (value) => {
      result = value;
      box.close();
    };
    const id = newId();
    const box = el(
      "dialog",
      { class: "editor-dialog", "aria-labelledby": id },
      el(
        "div",
        { class: "editor-dialog-head" },
        el("h2", { id }, title),
        el("button", { class: "btn btn-plain btn-small", type: "button", onclick: () => close(null) }, "Đóng"),
      ),
    );
    box.append(...content(close, box));
    box.addEventListener("close", () => {
      box.remove();
      resolve(result);
    });
    document.body.append(box);
    box.showModal();
    const controls = box.querySelectorAll("input, textarea, select, button");
    const first = [...controls].find((control) => !control.closest(".editor-dialog-head"));
    (box.querySelector("[data-first]") ?? first)?.focus();
  });
}
