/* Select2 hides a field and puts boxes of its own in its place, which carry no name for those who do not see the label.
   Each gets the label's, as soon as it appears: with the page, or with a row that an editor adds. */
"use strict";
{
  const name = (container) => {
    const select = container.previousElementSibling;
    const label = select && select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (!label) return;
    label.id = label.id || `${select.id}_label`;
    for (const box of container.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
      const value = container.querySelector(".select2-selection__rendered[id]");
      const both = value && box.getAttribute("role") !== "searchbox";
      box.setAttribute("aria-labelledby", both ? `${label.id} ${value.id}` : label.id);
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node instanceof Element && node.matches(".select2-container")) name(node);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}
