/* What stands between the text and its publication, looked at anew with every saving. */

import { now } from "./words.js";

const WHEN = (time) => `Kiểm tra lúc ${time}, theo nội dung vừa lưu.`;

export function refreshChecks(form) {
  const list = form.querySelector("[data-checks]");
  if (!list) return;
  const part = (name) => form.querySelector(`[data-checks-${name}]`);
  form.addEventListener("editor:saved", ({ detail: { checks, saved_at: at } }) => {
    if (!checks) return;
    part("when").textContent = WHEN(at ?? now());
    replace(list, checks.html);
    // A typed reason stays, also while nothing asks for it.
    part("reason").hidden = !checks.found;
    part("optional").hidden = checks.must_explain;
    if (part("said").textContent !== checks.said) part("said").textContent = checks.said;
  });
}

/** Who stands on a link of the old list stands on the same one of the new, or on the list. */
function replace(list, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  // The same sentences again would only disturb who is reading them.
  if (fresh.innerHTML === list.innerHTML) return;
  const before = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(fresh.content);
  if (before === null) return;
  const link = [...list.querySelectorAll("a")].find((each) => each.getAttribute("href") === before);
  if (link) link.focus();
  else {
    list.tabIndex = -1;
    list.focus();
  }
}
