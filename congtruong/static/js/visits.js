// Tells the portal that a page was read: its path and nothing else, once, when somebody really sees it.
// Nothing is stored in the browser, and who asked not to be followed is not counted.

const ADDRESS = "/luot-xem/";

function tell() {
  if (document.visibilityState !== "visible" || document.prerendering) return;
  document.removeEventListener("visibilitychange", tell);
  document.removeEventListener("prerenderingchange", tell);
  navigator.sendBeacon(ADDRESS, location.pathname);
}

if (navigator.doNotTrack !== "1" && !navigator.globalPrivacyControl && "sendBeacon" in navigator) {
  document.addEventListener("visibilitychange", tell);
  document.addEventListener("prerenderingchange", tell);
  tell();
}
