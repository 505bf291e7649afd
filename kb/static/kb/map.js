// Moves the map within the page: the same addresses as its links have, fetched and put in place. The map is dragged
// with a mouse, or sideways with a finger; two clicks look closer. Without this every link does its work.
(() => {
  "use strict";
  const parser = new DOMParser();
  let latest = 0;

  async function go(address, keep) {
    const mine = ++latest;
    let page;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      page = parser.parseFromString(await answer.text(), "text/html").getElementById("atlas");
    } catch {
      page = null;
    }
    if (mine !== latest) return;
    if (!page) {
      location.assign(address);
      return;
    }
    const focused = document.activeElement && document.activeElement.dataset.way;
    document.getElementById("atlas").replaceWith(page);
    if (keep) history.pushState({}, "", address);
    if (focused) {
      const again = page.querySelector(`[data-way="${focused}"]`) || page.querySelector("[data-way]");
      if (again) again.focus({ preventScroll: true });
    }
  }

  // Where a point of the screen is in the drawing.
  function inside(map, event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  }

  function look(map, x, y, closer) {
    const { north, east, zoom, across, up, most } = map.dataset;
    const box = map.viewBox.baseVal;
    const address = new URL(location.href);
    const to = (Number(east) + (x - box.width / 2) / Number(across) + 540) % 360 - 180;
    const high = Number(north) - (y - box.height / 2) / Number(up);
    address.searchParams.set("at", `${Math.max(-90, Math.min(90, high)).toFixed(4)},${to.toFixed(4)}`);
    address.searchParams.set("zoom", Math.min(Number(zoom) + closer, Number(most)));
    go(address.href, true);
  }

  let from = null;
  let moved = false;
  document.addEventListener("pointerdown", (event) => {
    const map = event.target.closest("#atlas svg.map");
    moved = false;
    if (!map || event.button !== 0 || map.dataset.zoom === "0") return;
    from = { map, id: event.pointerId, at: inside(map, event) };
  });
  document.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== from.id) return;
    const now = inside(from.map, event);
    from.by = { x: now.x - from.at.x, y: now.y - from.at.y };
    if (!moved && Math.hypot(from.by.x, from.by.y) < 5) return;
    moved = true;
    from.map.querySelector(".world").setAttribute("transform", `translate(${from.by.x} ${from.by.y})`);
  });
  function drop(event) {
    if (!from || event.pointerId !== from.id) return;
    const { map, by } = from;
    from = null;
    if (!moved) return;
    if (event.type === "pointercancel") map.querySelector(".world").removeAttribute("transform");
    else look(map, map.viewBox.baseVal.width / 2 - by.x, map.viewBox.baseVal.height / 2 - by.y, 0);
  }
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest("#atlas svg.map")) event.preventDefault();
  });
  document.addEventListener("dblclick", (event) => {
    const map = event.target.closest("#atlas svg.map");
    if (!map || event.target.closest("a")) return;
    const at = inside(map, event);
    look(map, at.x, at.y, 1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#atlas a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (moved) {
      event.preventDefault();
      return;
    }
    const address = new URL(link.href.baseVal || link.href, location.href);
    if (address.origin !== location.origin || address.pathname !== location.pathname) return;
    event.preventDefault();
    go(address.href, true);
  });
  window.addEventListener("popstate", () => go(location.href, false));
})();
