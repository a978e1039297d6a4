// What the bar under a formula needs a script for: the symbol under the pointer, copying, arrow keys, derivations step
// by step, the switch of the colours. Without it every part opens by itself, and every text can be selected. With
// scripts, what a part shows is one text until it is first opened: see `filled`.
"use strict";
(() => {
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  };
  const said = make("div", "visually-hidden");
  said.setAttribute("aria-live", "polite");
  Object.assign(said.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });
  const say = (text) => { said.textContent = ""; setTimeout(() => { said.textContent = text; }, 50); };

  // A part with its content as elements. Where scripts run, a browser keeps the inside of <noscript> as text: hundreds of
  // elements that need neither style nor place until somebody asks for them.
  function filled(part) {
    const kept = part.querySelector(":scope > noscript");
    if (!kept) return part;
    kept.outerHTML = kept.textContent;
    part.querySelectorAll(".formula-address").forEach(addressed);
    part.querySelectorAll(".formula-text").forEach(copier);
    part.querySelectorAll(".formula-symbols").forEach(walker);
    return part;
  }

  // The name, shape and meaning of the symbol under the pointer, taken from the formula's own list.
  const SYMBOL = "[data-symbol], [data-function]";
  const tip = make("div", "formula-tip");
  tip.setAttribute("aria-hidden", "true");
  const same = (symbol) => (row) =>
    ["symbol", "function", "primes", "member"].every((key) => row.dataset[key] === symbol.dataset[key]);
  const hide = () => tip.remove();
  function show(symbol) {
    const shapes = symbol.closest(".formula")?.querySelector(".formula-shapes");
    const rows = shapes ? filled(shapes).querySelectorAll(".formula-symbols > li") : [];
    const row = [...rows].find(same(symbol));
    if (!row) return hide();
    const [name, shape] = row.querySelectorAll(":scope > a, :scope > span");
    tip.replaceChildren(`${name.textContent}: `, ...shape.cloneNode(true).childNodes);
    const said = row.querySelector("small");
    if (said) tip.append(make("small", "", said.textContent));
    document.body.append(tip);
    const box = symbol.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(left, 8) + scrollX}px`;
    const above = box.top - tip.offsetHeight - 6;
    tip.style.top = `${(above > 0 ? above : box.bottom + 6) + scrollY}px`;
  }
  document.addEventListener("pointerover", (event) => {
    const symbol = event.target.closest?.(`.formula-body :is(${SYMBOL}), .formula-drawn :is(${SYMBOL})`);
    if (symbol) show(symbol); else hide();
  });
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  // A reply that is quoted elsewhere needs the whole address, which a book built for no site does not know.
  // From the file system there is no address that leads anybody else here: the words stay that say so.
  const elsewhere = (link) => link.protocol.startsWith("http") && !link.textContent.startsWith("http");
  const addressed = (link) => { if (elsewhere(link)) link.textContent = link.href; };

  // Copying, with a word that it is done.
  function copier(box) {
    const text = box.querySelector("pre"), name = box.querySelector("span").textContent;
    const button = make("button", "", "Copy");
    button.setAttribute("aria-label", `Copy ${name}`);
    let back; // one clock: of two clicks the first one's must not take away the second one's word
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        document.execCommand("copy");
      }
      button.textContent = "Copied";
      say(`${name} copied`);
      clearTimeout(back);
      back = setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    box.append(button);
  }

  // One stop for the Tab key in a list of symbols; the arrow keys walk it.
  function walker(list) {
    const stops = [...list.querySelectorAll("li > b + :is(a, span)")];
    const set = (stop) => stops.forEach((one) => { one.tabIndex = one === stop ? 0 : -1; });
    set(stops[0]);
    list.addEventListener("keydown", (event) => {
      const at = stops.indexOf(event.target);
      const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const stop = stops[(to + stops.length) % stops.length];
      set(stop);
      stop.focus();
    });
  }

  // A derivation one step at a time: the lines up to it, and below them what the bar knows of this one, by itself.
  function stepper(button) {
    const formula = button.closest(".formula");
    const steps = [...formula.querySelectorAll(".formula-step")];
    const parts = (kind, each) => {
      const part = formula.querySelector(`.formula-${kind}`);
      const found = part ? [...filled(part).querySelectorAll(each)] : [];
      return found.length === steps.length ? found : [];
    };
    const walk = make("div", "formula-walk"), now = make("div", "formula-view formula-now");
    const back = make("button", "", "Back"), next = make("button", "", "Next step"), all = make("button", "", "All steps");
    let shown = steps.length, known;
    const view = (title, part) => {
      if (!part) return;
      const line = make("div", "formula-of-step");
      line.append(make("b", "", title), part.matches("li") ? make("span", "", part.textContent) : part.cloneNode(true));
      now.append(line);
    };
    const set = (count) => {
      shown = Math.max(1, Math.min(count, steps.length));
      steps.forEach((step, n) => {
        step.classList.toggle("is-later", n >= shown);
        step.classList.toggle("is-now", n === shown - 1);
      });
      back.disabled = shown === 1;
      next.disabled = shown === steps.length;
      const reason = steps[shown - 1].querySelector(".formula-reason").textContent;
      const [words, shapes, numbers] = known.map((part) => part[shown - 1]);
      now.replaceChildren(make("p", "", `Step ${shown} of ${steps.length}${reason ? `: ${reason}` : ""}`));
      view("Shapes", shapes);
      view("Numbers", numbers);
      view("Words", words);
      say(`Step ${shown} of ${steps.length}. ${words?.textContent ?? ""} ${reason}`);
    };
    const start = () => {
      known = [parts("words", "li"), parts("shapes", ".formula-line"), parts("numbers", ".formula-line")];
      button.hidden = true;
      formula.classList.add("is-walked");
      formula.prepend(walk);
      button.after(now);
      set(1);
      next.focus();
    };
    const end = () => {
      set(steps.length);
      formula.classList.remove("is-walked");
      walk.remove();
      now.remove();
      button.hidden = false;
      button.focus();
    };
    walk.append(back, next, all);
    button.hidden = false;
    button.addEventListener("click", start);
    back.addEventListener("click", () => { set(shown - 1); if (back.disabled) next.focus(); });
    next.addEventListener("click", () => { set(shown + 1); if (next.disabled) back.focus(); });
    all.addEventListener("click", end);
  }

  // Colours: on, unless the reader has switched them off on this site.
  const root = document.documentElement;
  const store = { get: () => { try { return localStorage.getItem("colours"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("colours", value); } catch { /* kept for this page only */ } } };
  const off = () => root.dataset.colours === "off";
  if (store.get() === "off") root.dataset.colours = "off";
  function colourSwitch() {
    const button = make("button", "btn btn-sm nav-link formula-colours");
    button.innerHTML = '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="5" cy="6" r="4" fill="var(--quantity-W)"/><circle cx="11" cy="6" r="4" fill="var(--quantity-a)" fill-opacity=".85"/><circle cx="8" cy="11" r="4" fill="var(--quantity-z)" fill-opacity=".85"/></svg>';
    button.title = "Colours of the symbols";
    button.setAttribute("aria-label", "Colours of the symbols");
    const set = () => button.setAttribute("aria-pressed", String(!off()));
    set();
    button.addEventListener("click", () => {
      root.dataset.colours = off() ? "on" : "off";
      store.set(root.dataset.colours);
      set();
      say(`Colours ${root.dataset.colours}`);
    });
    return button;
  }

  document.body.append(said);
  // Before the part opens, so that it opens with its content: by pointer and keyboard (a click too), by a search
  // in the page, or by a script.
  document.addEventListener("click", (event) => {
    const part = event.target.closest?.(".formula-part > summary")?.parentElement;
    if (part) filled(part);
  });
  document.addEventListener("toggle", (event) => { if (event.target.matches?.(".formula-part")) filled(event.target); }, true);
  document.querySelectorAll(".formula-part[open]").forEach(filled);
  document.querySelectorAll(":not(noscript) > .formula-text").forEach(copier); // the page of a formula has them open
  document.querySelectorAll(".formula-address").forEach(addressed);
  document.querySelectorAll(".formula-stepper").forEach(stepper);
  if (document.querySelector(SYMBOL)) {
    (document.querySelector(".article-header-buttons") ?? document.querySelector("header"))?.append(colourSwitch());
  }
})();
