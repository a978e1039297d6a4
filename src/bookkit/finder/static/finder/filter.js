/* The filter box: hides what does not hold every word typed. A link to something hidden shows everything again. */
(() => {
  "use strict";
  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[−–]/g, "-").replace(/[′’]/g, "'");

  for (const box of document.querySelectorAll(".finder-filter")) {
    const { name } = box.dataset;
    const [label, input, said] = ["label", "input", "p"].map((tag) => document.createElement(tag));
    Object.assign(input, { type: "search", className: "finder-input", autocomplete: "off", spellcheck: false });
    Object.assign(said, { className: "finder-said", role: "status" });
    label.append(`Show only ${name} with `, input);
    const around = box.closest("section") ?? document.body;
    const items = [...around.querySelectorAll(box.dataset.items === "terms" ? "dl > dt" : ":scope > section > section")]
      .map((e) => ({ parts: e.matches("dt") ? [e, e.nextElementSibling] : [e] }));
    for (const item of items) item.text = plain(item.parts.map(words).join(" "));
    const groups = new Set(items.map(({ parts }) => parts[0].parentElement));

    function narrow() {
      const typed = plain(input.value).split(/\s+/).filter(Boolean);
      let count = 0;
      for (const { parts, text } of items) {
        const shown = typed.every((word) => text.includes(word));
        count += shown;
        for (const part of parts) part.hidden = !shown;
      }
      for (const group of groups) {
        group.hidden = [...group.children].every((e) => e.hidden || /^(H\d|SPAN)$/.test(e.tagName));
        const heading = group.previousElementSibling;
        if (group.matches("dl") && heading?.matches(".rubric")) heading.hidden = group.hidden;
      }
      said.textContent = typed.length ? `${count} of ${items.length} ${name}` : "";
      if (!count) {
        const link = Object.assign(document.createElement("a"), { textContent: "Search the whole book" });
        link.href = `${box.dataset.search}?q=${encodeURIComponent(input.value)}`;
        said.append(". ", link, ", other words for the same included.");
      }
    }

    function reveal() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest("[hidden]") || !around.contains(target)) return;
      input.value = "";
      narrow();
      target.scrollIntoView();
    }

    input.addEventListener("input", narrow);
    window.addEventListener("hashchange", reveal);
    document.addEventListener("click", (event) => {
      if (event.target.closest?.("a[href*='#']")?.hash === location.hash) setTimeout(reveal); // no hashchange then
    });
    box.setAttribute("role", "search");
    box.setAttribute("aria-label", `Narrow the list of ${name}`);
    box.append(label, said);
    narrow(); // a browser that goes back fills in what was typed
    reveal();
  }

  /** What is read: drawn formulas once, and not the signs beside headings. */
  function words(part) {
    const copy = part.cloneNode(true);
    for (const twice of copy.querySelectorAll(".katex-mathml, .headerlink, .formula-bar")) twice.remove();
    return copy.textContent;
  }
})();
