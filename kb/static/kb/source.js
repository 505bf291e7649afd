// Where a mark or its note is pointed at or has the focus, both are shown in the colour of marked words.
"use strict";
const light = (number, on) => {
  for (const part of document.querySelectorAll(`[data-note="${number}"]`)) part.classList.toggle("lit", on);
};
for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  for (const [kind, on] of [[begin, true], [end, false]]) {
    document.addEventListener(kind, (event) => {
      for (let part = event.target.closest("[data-note]"); part; part = part.parentElement.closest("[data-note]")) light(part.dataset.note, on);
    });
  }
}
const shown = () => {
  for (const part of document.querySelectorAll(".lit")) part.classList.remove("lit");
  const there = document.getElementById(location.hash.slice(1))?.closest("[data-note]");
  if (there) light(there.dataset.note, true);
};
addEventListener("hashchange", shown);
shown();
