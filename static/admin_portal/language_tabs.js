"use strict";
// One language of the whole form at a time: its own fields and those of its inlines.
{
  const bar = document.querySelector(".language-tabs");
  const panel = document.getElementById("language-panel");
  const summary = document.querySelector("[data-error-summary]");
  const rowOf = (field) => field.closest(".form-row");
  const fields = (code) => [...panel.querySelectorAll(`[data-language="${code}"]`)].filter((field) => !field.closest(".empty-form"));

  const show = (tab, focus) => {
    for (const each of bar.children) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
    }
    panel.dataset.shown = tab.dataset.tab;
    panel.setAttribute("aria-labelledby", tab.id);
    for (const field of panel.querySelectorAll("[data-language]")) {
      rowOf(field).hidden = Boolean(tab.dataset.tab) && field.dataset.language !== tab.dataset.tab;
    }
    if (focus) tab.focus();
  };

  const mark = (tab) => {
    const own = fields(tab.dataset.tab);
    const wrong = own.filter((field) => rowOf(field).classList.contains("errors")).length;
    const empty = own.length > 0 && own.every((field) => !field.value.replace(/<[^>]*>/g, "").trim());
    tab.classList.toggle("has-errors", wrong > 0);
    tab.classList.toggle("is-empty", empty && !wrong);
    tab.querySelector(".mark").textContent = wrong ? `${bar.dataset.errors} ${wrong}` : empty ? bar.dataset.empty : "";
    return wrong;
  };

  const openTabs = () => {
    const tabs = [...bar.querySelectorAll('[data-tab]:not([data-tab=""])')];
    panel.setAttribute("role", "tabpanel");
    bar.hidden = false;
    for (const tab of bar.children) tab.setAttribute("aria-controls", panel.id);
    bar.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) show(tab);
    });
    bar.addEventListener("keydown", (event) => {
      const all = [...bar.children];
      const at = all.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      show(all.at(to % all.length), true);
    });
    panel.addEventListener("input", () => tabs.forEach(mark));
    document.addEventListener("formset:added", () => show(bar.querySelector('[aria-selected="true"]')));
    const wrong = tabs.filter((tab) => mark(tab));
    // Whoever writes one language alone finds that one open.
    const own = tabs.find((tab) => fields(tab.dataset.tab).some((field) => !field.disabled));
    show(wrong[0] || own || tabs[0]);
  };

  if (bar && panel.querySelector("[data-language]")) openTabs();

  // A field in another language opens that language; one in a closed part opens it.
  const goTo = (target) => {
    target.closest("details")?.setAttribute("open", "");
    const code = target.dataset.language;
    if (code && !bar.hidden) show(bar.querySelector(`[data-tab="${code}"]`));
    (target.closest(".form-row") || target).scrollIntoView({ block: "center" });
    target.focus();
  };

  if (summary) {
    summary.addEventListener("click", (event) => {
      const target = event.target.closest("a") && document.getElementById(event.target.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      goTo(target);
    });
    summary.focus();
  }

  // Whoever comes for one field, from a list or from above the form, finds it open.
  const goToHash = () => {
    const target = panel.querySelector(`#${CSS.escape(location.hash.slice(1) || "-")}`);
    if (target) goTo(target);
  };
  if (!summary) goToHash();
  addEventListener("hashchange", goToHash);
}
