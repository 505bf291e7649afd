"use strict";
// The wizard works without this; with it, files can be dropped, sizes are told before they are sent, and a page that
// waits shows how far it is.

function megabytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function dropping(form) {
  const zone = form.querySelector(".drop");
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector(".chosen");
  const limit = Number(form.dataset.limit);
  form.classList.add("js-drop");

  function tell() {
    const files = [...input.files];
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const tooMuch = total > limit;
    chosen.classList.toggle("too-much", tooMuch);
    chosen.textContent = files.map((file) => `${file.name} (${megabytes(file.size)})`).join(", ");
    if (tooMuch) chosen.textContent += `: more than the ${megabytes(limit)} that one import may hold. Divide it.`;
    return !tooMuch;
  }

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    tell();
  });
  input.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (!tell()) event.preventDefault();
  });
}

function polling(box) {
  async function look() {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.redirected) {
        location.assign(answer.url);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("progress");
      if (fresh && fresh.innerHTML !== box.innerHTML) box.replaceChildren(...fresh.childNodes);
    } catch {
      // The network went away for a moment; the next look may find it again.
    }
    setTimeout(look, Number(box.dataset.polls));
  }
  setTimeout(look, Number(box.dataset.polls));
}

document.querySelectorAll("form.bring").forEach(dropping);
document.querySelectorAll("#progress").forEach(polling);
