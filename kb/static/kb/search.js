// Completes what is typed into a search box: a list of names and titles under it (the combobox pattern of ARIA).
// Without this script the boxes are plain forms, and stay so where the list cannot be fetched.
"use strict";

(() => {
  const WAIT = 120;
  const KEPT = 50;

  const offer = (input) => {
    const address = input.dataset.suggest;
    const list = document.createElement("ul");
    list.id = `${input.id || "masthead-q"}-offered`;
    list.className = "offered";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0]?.textContent || "");
    list.hidden = true;
    input.parentElement.classList.add("offering");
    input.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off",
    })) input.setAttribute(name, value);

    const kept = new Map();
    let timer = 0;
    let asked = "";
    let chosen = -1;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (at) => {
      const options = [...list.children];
      chosen = (at + options.length) % options.length;
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };

    const show = (rows) => {
      list.replaceChildren(...rows.map((row, n) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${n}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = row.url;
        const text = document.createElement("span");
        text.textContent = row.text;
        if (row.language && row.language !== "und") text.lang = row.language;
        const kind = document.createElement("small");
        kind.textContent = row.kind;
        option.append(text, " ", kind);
        return option;
      }));
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = rows.length === 0;
      input.setAttribute("aria-expanded", String(rows.length > 0));
    };

    const ask = async () => {
      const typed = input.value.trim();
      asked = typed;
      if (!typed) return close();
      if (!kept.has(typed)) {
        try {
          const answer = await fetch(`${address}?${new URLSearchParams({ q: input.value })}`);
          if (!answer.ok) return close();
          if (kept.size >= KEPT) kept.clear();
          kept.set(typed, (await answer.json()).suggestions);
        } catch {
          return close();
        }
      }
      if (asked === typed && document.activeElement === input) show(kept.get(typed));
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (list.hidden) {
        if (event.key === "ArrowDown") ask();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const down = event.key === "ArrowDown";
        choose(chosen < 0 ? (down ? 0 : -1) : chosen + (down ? 1 : -1));
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.url);
      }
    });
    // Before the box loses the focus, which closes the list.
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("li");
      event.preventDefault();
      if (option && event.button === 0) location.assign(option.dataset.url);
    });
    input.addEventListener("blur", close);
  };

  document.querySelectorAll("input[data-suggest]").forEach(offer);
})();
