"use strict";
// A link to a field in another language opens that language first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens-language]");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  document.querySelector(`.language-tabs:not([hidden]) [data-tab="${link.dataset.opensLanguage}"]`)?.click();
  const shown = field.closest(".form-row")?.querySelector("[contenteditable]") || field;
  shown.scrollIntoView({ block: "center" });
  shown.focus();
});
