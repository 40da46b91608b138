/* A video plays where it stands, once somebody asks for it; before that nothing goes to YouTube. */

for (const box of document.querySelectorAll("[data-video]")) {
  const link = box.querySelector("a");
  if (!link) continue;
  const title = link.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn video-play";
  button.textContent = title.replace(/^Xem video trên YouTube/, "Phát video tại đây");
  button.addEventListener("click", () => {
    const player = new URL(link.href);
    player.hostname = "www.youtube-nocookie.com";
    player.pathname = `/embed/${encodeURIComponent(box.dataset.video)}`;
    player.search = "?autoplay=1&rel=0&hl=vi";
    const frame = document.createElement("iframe");
    frame.src = player;
    frame.title = title;
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.className = "video-frame";
    box.replaceChildren(frame);
    frame.focus();
  });
  box.prepend(button);
}
