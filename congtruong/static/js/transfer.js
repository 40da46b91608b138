// Keeps the progress of a transfer up to date while its page is open. Without this script the page has a link for that.

import "./pick.js";

const PAUSE = 3_000;

/** The part of the page that tells the progress, as the server sees it now; null when it did not answer. */
async function current() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { part: page.querySelector("[data-transfer]") };
  } catch {
    return null;
  }
}

async function follow(shown) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const answer = document.hidden ? null : await current();
    if (answer === null) continue;
    if (!answer.part?.hasAttribute("data-at-work")) {
      // Another page stands at this address now: the review, or the result.
      location.reload();
      return;
    }
    // Only words and bar: a button that has the focus keeps it.
    for (const selector of ["[role=status]", "progress"]) {
      const [old, fresh] = [shown.querySelector(selector), answer.part.querySelector(selector)];
      if (!old || !fresh) continue;
      if (selector === "progress") old.value = fresh.value;
      else if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
    }
  }
}

const shown = document.querySelector("[data-transfer][data-at-work]");
if (shown) follow(shown);
