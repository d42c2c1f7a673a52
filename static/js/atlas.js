// The map of the programmes: a line of the list and its circle are lit up together.
// Without this script both are links that lead to the same place.
(() => {
  const atlas = document.querySelector(".atlas");
  if (!atlas) return;
  const lit = new Set();

  function put(event) {
    const at = event.type === "focusin" || event.type === "pointerover" ? event.target : null;
    const link = at?.closest(".atlas-map a") ?? at?.closest("tr")?.querySelector("td a");
    lit.forEach((node) => node.classList.remove("is-lit"));
    lit.clear();
    if (!link) return;
    const address = link.getAttribute("href");
    for (const other of atlas.querySelectorAll(".atlas-map a, .atlas-places td a")) {
      if (other.getAttribute("href") !== address || other === link) continue;
      const node = other.closest("tr") ?? other;
      node.classList.add("is-lit");
      lit.add(node);
    }
  }

  for (const kind of ["pointerover", "pointerleave", "focusin", "focusout"]) {
    atlas.addEventListener(kind, put);
  }
})();
