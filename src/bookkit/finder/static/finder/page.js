/* The search page: what is typed stands in the address (?q=), results are listed while one types. */
(() => {
  "use strict";
  const MOST = 30;
  const form = document.querySelector(".finder-form");
  const [input, list, said, nothing, browse] = ["form input", "results", "said", "nothing", "browse"].map(
    (name) => document.querySelector(`.finder-${name}`),
  );

  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  }

  function item({ title, url, where, line }) {
    const link = element("a", title);
    link.href = url;
    const made = document.createElement("li");
    made.append(link, " ", element("span", where, "finder-where"));
    if (line) made.append(element("p", line, "finder-line"));
    return made;
  }

  function show() {
    const query = input.value.trim();
    const found = query ? Finder.find(query) : [];
    list.replaceChildren(...found.slice(0, MOST).map(item));
    nothing.hidden = !query || found.length > 0;
    if (browse) browse.hidden = found.length > 0;
    const results = found.length === 1 ? "1 result" : `${found.length || "No"} results`;
    said.textContent = !query ? "" : found.length > MOST ? `The best ${MOST} of ${results}` : results;
  }

  function search() {
    const address = new URL(location);
    address.searchParams.set("q", input.value);
    history.replaceState(null, "", address);
    show();
  }

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
    list.querySelector("a")?.focus();
  });

  input.value = new URLSearchParams(location.search).get("q") ?? "";
  show();
  input.focus();
})();
