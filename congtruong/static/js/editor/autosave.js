/* Saves a form by itself and tells where it stands. What the server has not confirmed stays on this machine. */

import { bodyOf, contentOf, freeze, same } from "./content.js";
import { later } from "./dom.js";
import { LocalCopy } from "./local-copy.js";
import { Notice } from "./notice.js";
import { get, post } from "./server.js";
import { watch } from "./watch.js";
import { WORDS, now } from "./words.js";

const QUIET = 2_000;
const LONGEST_WAIT = 10_000;
const KEEP_AT = 300;
const SLOW = 400;
const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;
export class Autosave {
  constructor(form) {
    this.form = form;
    this.urls = form.dataset;
    this.status = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
    this.notice = new Notice(form);
    this.copy = form.dataset.draftKey ? new LocalCopy(form.dataset.draftKey) : null;
    this.saved = contentOf(form);
    this.copies = new Set();
    this.state = "open";
    this.retry = FIRST_RETRY;
    this.contact = Date.now();
    this.whenQuiet = later(() => this.save(), QUIET);
    this.keepSoon = later(() => this.keep(), KEEP_AT);
    watch(this);
  }

  get unsaved() {
    return !same(contentOf(this.form), this.saved);
  }

  changed() {
    if (this.state === "lost" || this.sent) return;
    this.keepSoon();
    if (!this.unsaved) return;
    this.firstChange ??= Date.now();
    if (this.state !== "open" && this.state !== "refused") return;
    if (Date.now() - this.firstChange >= LONGEST_WAIT) this.save();
    else this.whenQuiet();
  }

  /** Onto this machine at once. */
  keep() {
    this.keepSoon.cancel();
    // A frozen form does not tell all it holds; its copy was written before.
    if (!this.copy || this.state === "lost") return;
    if (this.unsaved) this.copy.write(contentOf(this.form), this.version);
    else this.forget();
  }

  forget() {
    for (const key of this.copies) this.copy.remove(key);
    this.copies.clear();
    this.copy?.remove();
  }

  get version() {
    return this.form.elements.version?.value ?? "";
  }

  async save({ closing = false } = {}) {
    this.whenQuiet.cancel();
    if (this.state === "lost" || this.sent) return;
    if (this.saving) {
      this.again = true;
      return;
    }
    const content = contentOf(this.form);
    if (same(content, this.saved)) return;
    this.saving = true;
    this.firstChange = undefined;
    const slow = setTimeout(() => this.say("saving", WORDS.saving), SLOW);
    const answer = await post(this.urls.autosave, bodyOf(this.form), this.token, { closing });
    clearTimeout(slow);
    this.saving = false;
    this.take(answer, content);
    if (this.again && this.state === "open") {
      this.again = false;
      this.changed();
    }
  }

  /** What an answer means for this page; `content` is what was sent, nothing for a heartbeat. */
  take(answer, content) {
    if (answer.kind !== "offline") this.contact = Date.now();
    if (answer.kind === "ok") this.#confirmed(answer, content);
    else if (answer.kind === "conflict") this.#lost(answer);
    else if (answer.kind === "signed-out") this.#signedOut();
    else if (answer.kind === "refused" && content) this.#refused(answer);
    else if (content || this.state === "waiting") this.#waiting(answer.kind);
  }

  say(mood, text) {
    if (!this.status) return;
    // A phone has a second place for it, beside the buttons; only one of the two is seen.
    for (const status of [this.status, this.form.querySelector("[data-saved-too]")]) {
      if (!status) continue;
      const words = status.querySelector("[data-saved-text], [data-saved-text-too]") ?? status;
      status.dataset.state = mood;
      if (words.textContent !== text) words.textContent = text;
    }
  }

  get token() {
    return this.form.elements.csrfmiddlewaretoken?.value ?? "";
  }

  #confirmed(answer, content) {
    this.#renew(answer);
    this.retry = FIRST_RETRY;
    if (this.state !== "open") this.notice.hide();
    this.state = "open";
    if (!content) {
      if (this.unsaved) this.changed();
      return;
    }
    this.saved = content;
    this.say("ok", WORDS.saved(answer.saved_at ?? now()));
    if (this.unsaved) this.changed();
    else this.forget();
    this.form.dispatchEvent(new CustomEvent("editor:saved", { detail: answer }));
  }

  #renew(answer) {
    for (const name of ["version", "lock"]) {
      if (answer[name] !== undefined && this.form.elements[name]) this.form.elements[name].value = answer[name];
    }
  }

  #waiting(kind) {
    this.state = "waiting";
    this.keep();
    const offline = this.copy?.works ? WORDS.offline : WORDS.offlineUnkept;
    this.say("warn", kind === "offline" ? offline : WORDS.failed);
    // Not all pages of a school at once when its line comes back.
    const wait = this.retry * (0.75 + Math.random() / 2);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.save(), wait);
  }

  #refused(answer) {
    this.state = "refused";
    this.keep();
    this.say("bad", WORDS.refused);
    this.notice.show(answer.message || WORDS.failed);
  }

  #signedOut() {
    this.state = "signed-out";
    this.keep();
    this.say("warn", WORDS.signedOut);
    this.notice.show(WORDS.signedOut, [
      ...(this.urls.signin ? [{ label: "Đăng nhập ở thẻ mới", href: this.urls.signin }] : []),
      { label: "Lưu lại", run: () => this.resume() },
    ]);
  }

  /** After signing in elsewhere the page goes on with the new token. */
  async resume() {
    if (this.state !== "signed-out" || !this.urls.session) return;
    try {
      const session = await get(this.urls.session);
      if (!session.signed_in) return;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = session.csrf;
    } catch {
      return;
    }
    this.notice.hide();
    this.state = "open";
    if (this.unsaved) this.save();
    else this.beat();
  }

  #lost(answer) {
    this.keep();
    this.state = "lost";
    this.say("bad", WORDS.stopped);
    freeze(this.form, true);
    const over = answer.take_over_url ?? this.urls.takeover;
    this.notice.show(answer.message || WORDS.lost, [
      ...(over ? [{ label: "Tiếp tục sửa (lấy lại quyền)", run: () => this.takeOver(over) }] : []),
      { label: "Xem bản mới nhất", run: () => this.leave(() => location.reload()) },
    ]);
  }

  async takeOver(url) {
    const before = this.version;
    const answer = await post(url, this.#proof(), this.token);
    if (answer.kind !== "ok") {
      this.notice.show(answer.message || WORDS.offline, [{ label: "Thử lại", run: () => this.takeOver(url) }]);
      return;
    }
    if (String(answer.version ?? before) !== before) {
      // Somebody wrote meanwhile: what this page holds is offered beside it.
      this.leave(() => (answer.url ? location.assign(answer.url) : location.reload()));
      return;
    }
    this.#renew(answer);
    freeze(this.form, false);
    this.notice.hide();
    this.state = "open";
    this.save();
  }

  leave(how) {
    this.sent = true;
    how();
  }

  /** Keeps the right to write while the page is open. */
  async beat() {
    if (this.state === "lost" || this.state === "signed-out" || this.saving || this.sent) return;
    const body = this.#proof();
    body.set("heartbeat", "1");
    this.take(await post(this.urls.autosave, body, this.token), null);
  }

  #proof() {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "version", "lock"]) {
      if (this.form.elements[name]) body.set(name, this.form.elements[name].value);
    }
    return body;
  }

  /** The page is being left or put aside. */
  hidden() {
    if (this.sent) return;
    this.keep();
    this.save({ closing: true });
  }

  /** The page is closed: when everything is saved, others need not wait for the right to write. */
  closed() {
    this.hidden();
    if (this.sent || this.saving || this.unsaved || this.state !== "open" || !this.urls.release) return;
    post(this.urls.release, this.#proof(), this.token, { closing: true });
  }

  /** The whole form is on its way; its copy only counts if nothing arrives. */
  submitted() {
    this.keep();
    this.copy?.markSent();
    this.sent = true;
  }
}
