// Sends files in parts of one megabyte, two files at a time. A lost connection costs one part: the server tells how much
// has arrived, and choosing the same file again goes on from there. Without this script the form sends whole files.

import "./pick.js";

const CHUNK = 1024 * 1024;
const AT_ONCE = 2;
const ATTEMPTS = 4;
const PATIENCE = 60_000;
const WORDS = {
  waiting: "Đang đợi…",
  sending: (percent) => `Đang tải lên ${percent}%`,
  checking: "Đang kiểm tra tệp…",
  again: "Mạng chập chờn, đang thử lại…",
  done: "Đã tải lên",
  lost: "Mất kết nối. Phần đã gửi vẫn còn; bấm Thử lại khi có mạng.",
  signedOut: "Phiên làm việc đã hết. Hãy đăng nhập lại ở một thẻ khác rồi bấm Thử lại.",
  broken: "Máy chủ chưa nhận được tệp. Hãy bấm Thử lại.",
  total: (done, failed, all) =>
    `Đã tải xong ${done}/${all} tệp${failed ? `, ${failed} tệp chưa được` : ""}${done + failed < all ? "…" : "."}`,
};

/** What the person must know; `again` tells whether trying again can help. */
export class UploadProblem extends Error {
  constructor(message, again) {
    super(message);
    this.again = again;
  }
}

/** The same file gets the same name after the page was closed, so that its upload goes on. */
export function nameOf(file) {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const char of `${file.name}\n${file.size}\n${file.lastModified}`) {
    const code = char.codePointAt(0);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  const hex = (number) => (number >>> 0).toString(16).padStart(8, "0");
  return `tep-${hex(high)}${hex(low)}`;
}

/** Sends one file; `onState` hears how far it is. Resolves with the finished file as the server describes it. */
export async function send(file, { url, token, said = {}, onState }) {
  let offset = 0;
  let failures = 0;
  let restarts = 0;
  onState({ state: "sending", percent: 0 });
  for (;;) {
    const answer = await attempt(file, offset, { url, token, said });
    if (answer === null) {
      failures += 1;
      if (failures >= ATTEMPTS) throw new UploadProblem(WORDS.lost, true);
      onState({ state: "again" });
      await pause(1000 * 2 ** (failures - 1));
      continue;
    }
    failures = 0;
    if (answer.key) return answer;
    if (answer.isMisplaced && answer.offset <= offset) {
      restarts += 1;
      if (restarts > ATTEMPTS) throw new UploadProblem(WORDS.broken, true);
    }
    offset = answer.offset < file.size ? answer.offset : 0;
    const percent = Math.floor((100 * offset) / file.size);
    onState(offset + CHUNK >= file.size ? { state: "checking", percent } : { state: "sending", percent });
  }
}

/** The server's answer to one part, or null when none came. */
async function attempt(file, offset, { url, token, said }) {
  const form = new FormData();
  form.set("upload", nameOf(file));
  form.set("offset", offset);
  form.set("total", file.size);
  form.set("name", file.name);
  for (const [name, value] of Object.entries(said)) form.set(name, value);
  form.set("chunk", file.slice(offset, offset + CHUNK), "phan");
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      body: form,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return null;
  }
  const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (!isJson) {
    if (response.redirected || response.status === 403) throw new UploadProblem(WORDS.signedOut, true);
    if (response.status >= 500) return null;
    throw new UploadProblem(WORDS.broken, true);
  }
  const answer = await response.json();
  if (response.status === 409) return { ...answer, isMisplaced: true };
  if (!response.ok) throw new UploadProblem(answer.message, false);
  return answer;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The upload page. */
class UploadPage {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.section = document.querySelector("[data-upload-section]");
    this.list = this.section.querySelector("[data-upload-list]");
    this.status = this.section.querySelector("[data-upload-status]");
    this.describe = this.section.querySelector("[data-upload-alts]");
    this.row = document.querySelector("[data-upload-row]");
    this.jobs = [];
    this.running = 0;
    this.listen();
  }

  listen() {
    const { form, input } = this;
    form.querySelector("[data-plain]").hidden = true;
    form.querySelector("[data-drop-hint]").hidden = !window.matchMedia("(pointer: fine)").matches;
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("change", () => {
      this.add(input.files);
      input.value = "";
    });
    const drop = form.querySelector("[data-drop]");
    for (const name of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("upload-over", name === "dragover");
        if (name === "drop") this.add(event.dataTransfer.files);
      });
    }
    window.addEventListener("beforeunload", (event) => {
      if (this.jobs.some((job) => job.state === "waiting" || job.state === "sending")) event.preventDefault();
    });
  }

  add(files) {
    for (const file of files) {
      const row = this.row.content.firstElementChild.cloneNode(true);
      row.querySelector("[data-name]").textContent = file.name;
      row.querySelector("[data-retry-name]").textContent = ` ${file.name}`;
      const said = this.form.elements.children.checked ? { children: "on" } : {};
      const job = { file, row, said, state: "waiting" };
      row.querySelector("[data-retry]").addEventListener("click", () => this.again(job));
      this.jobs.push(job);
      this.list.append(row);
      const problem = this.problemOf(file);
      if (problem) this.fail(job, new UploadProblem(problem, false));
      else this.show(job, WORDS.waiting);
    }
    this.section.hidden = this.jobs.length === 0;
    this.work();
  }

  /** What can be told without sending anything. */
  problemOf(file) {
    const said = this.form.dataset;
    if (file.size === 0) return said.empty;
    if (file.size > Number(said.most)) return said.tooLarge;
    if (/\.hei[cf]$/i.test(file.name) || file.type === "image/heic") return said.heic;
    if (/^(video|audio)\//.test(file.type)) return said.video;
    return "";
  }

  work() {
    for (const job of this.jobs) {
      if (this.running >= AT_ONCE) break;
      if (job.state === "waiting") this.run(job);
    }
    this.summarise();
  }

  async run(job) {
    job.state = "sending";
    this.running += 1;
    try {
      const made = await send(job.file, {
        url: this.form.dataset.chunkUrl,
        token: () => this.token(),
        said: job.said,
        onState: (state) => this.progress(job, state),
      });
      this.done(job, made);
    } catch (problem) {
      this.fail(job, problem instanceof UploadProblem ? problem : new UploadProblem(WORDS.broken, true));
    }
    this.running -= 1;
    this.work();
  }

  /** After signing in again in another tab the cookie is newer than the form. */
  token() {
    const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : this.form.elements.csrfmiddlewaretoken.value;
  }

  again(job) {
    job.state = "waiting";
    this.show(job, WORDS.waiting);
    this.work();
  }

  progress(job, { state, percent }) {
    if (percent !== undefined) job.row.querySelector("progress").value = percent;
    this.show(job, state === "sending" ? WORDS.sending(percent) : WORDS[state]);
  }

  done(job, made) {
    job.state = "done";
    if (made.thumb) {
      const image = new Image();
      image.src = made.thumb;
      image.alt = "";
      job.row.querySelector(".upload-thumb").replaceChildren(image);
      if (!made.alt) this.describe.hidden = false;
    }
    this.show(job, WORDS.done);
  }

  fail(job, problem) {
    job.state = "failed";
    job.again = problem.again;
    this.show(job, problem.message);
  }

  show(job, text) {
    const retry = job.row.querySelector("[data-retry]");
    const hadFocus = document.activeElement === retry;
    job.row.dataset.is = job.state;
    job.row.querySelector("[data-state]").textContent = text;
    retry.hidden = !(job.state === "failed" && job.again);
    if (hadFocus && retry.hidden) this.input.focus();
  }

  summarise() {
    const count = (state) => this.jobs.filter((job) => job.state === state).length;
    this.status.textContent = WORDS.total(count("done"), count("failed"), this.jobs.length);
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) new UploadPage(form);
