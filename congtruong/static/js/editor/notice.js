/* One message at a time above the form, with what can be done about it. */

import { el } from "./dom.js";

export class Notice {
  constructor(form) {
    this.form = form;
    this.box = null;
  }

  /** `actions`: {label, run} for a button, {label, href} for a link that opens in a new tab. */
  show(text, actions = [], { role = "alert" } = {}) {
    if (this.box && this.text === text) return;
    this.hide();
    this.text = text;
    const controls = actions.map(({ label, run, href }) =>
      href
        ? el("a", { class: "btn btn-line btn-small", href, target: "_blank", rel: "noopener" }, label)
        : el("button", { class: "btn btn-line btn-small", type: "button", onclick: run }, label),
    );
    this.box = el("div", { class: "callout callout-warn editor-notice", "data-notice": true, role }, el("p", {}, text));
    if (controls.length) this.box.append(el("div", { class: "actions" }, ...controls));
    this.form.prepend(this.box);
  }

  hide() {
    this.box?.remove();
    this.box = null;
    this.text = "";
  }
}
