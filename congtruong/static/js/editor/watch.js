/* When a form is saved: changes, leaving, coming back, and a sign of life while it is open. */

const HEARTBEAT = 30_000;

export function watch(autosave) {
  const { form } = autosave;
  for (const kind of ["input", "change"]) {
    // Rich text tells of its changes through its field, not with every key.
    form.addEventListener(kind, (event) => event.target.isContentEditable || autosave.changed());
  }
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.submitter?.formTarget !== "_blank") autosave.submitted();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? autosave.hidden() : autosave.resume()));
  addEventListener("pagehide", () => autosave.closed());
  addEventListener("pageshow", (event) => {
    if (event.persisted) autosave.sent = false;
  });
  addEventListener("focus", () => autosave.resume());
  addEventListener("online", () => autosave.state === "waiting" && autosave.save());
  addEventListener("beforeunload", (event) => {
    if (autosave.sent || autosave.state === "lost" || !autosave.unsaved) return;
    event.preventDefault();
    event.returnValue = "";
  });
  setInterval(() => {
    if (Date.now() - autosave.contact >= HEARTBEAT - 1000) autosave.beat();
  }, HEARTBEAT);
}
