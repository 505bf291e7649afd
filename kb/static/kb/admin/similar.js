/* While the statement of a claim is typed: the claims that say much the same, under its box. The server answers with a
   piece of the page; an answer that has been overtaken is not waited for. Without scripts a notice says so on saving. */
"use strict";
{
  const PAUSE = 400;
  const SHORTEST = 8;

  const watch = (box) => {
    const place = document.createElement("section");
    place.className = "similar-claims";
    place.setAttribute("aria-label", "Similar claims");
    const said = document.createElement("p");
    said.setAttribute("aria-live", "polite");
    const list = document.createElement("div");
    place.append(said, list);
    (box.closest(".form-row") || box.parentElement).append(place);
    let waiting = 0;
    let request = null;

    const show = (html) => {
      list.innerHTML = html;
      const status = list.querySelector("[role=status]");
      said.textContent = status ? status.textContent : "";
      if (status) status.remove();
    };
    const ask = async () => {
      if (request) request.abort();
      const text = box.value.trim();
      // Two signs say as much where words are not divided as eight letters elsewhere.
      if (text.length < (/[\u3040-\u9fff\uac00-\ud7a3]/.test(text) ? 3 : SHORTEST)) return show("");
      request = new AbortController();
      const query = new URLSearchParams({ q: text.slice(0, 1000), not: box.dataset.similarNot || "" });
      try {
        const answer = await fetch(`${box.dataset.similar}?${query}`, { signal: request.signal });
        // Somebody who has been signed out meanwhile is sent to another page.
        show(answer.ok && !answer.redirected ? await answer.text() : "");
      } catch (reason) {
        if (reason.name !== "AbortError") show("");
      }
    };
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    });
  };
  // Django writes scripts into the head of the page.
  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-similar]")) watch(box);
  });
}
