// A two-layer network in which one number at a time is changed: tanh, then sigmoid with binary cross-entropy, and the
// first example. Plain JavaScript on the numbers of the figure; a browser test compares it with `backprop`.
{
  const NAMES = { x: "x", W1: "W[1]", b1: "b[1]", W2: "W[2]", b2: "b[2]", y: "y" };
  const COLOURS = { x: "a", a1: "a", a2: "a", z1: "z", z2: "z", W1: "W", W2: "W", b1: "b", b2: "b" };
  const rows = (matrix, column) => matrix.map((row) => row.reduce((sum, entry, k) => sum + entry * column[k], 0));
  const columns = (matrix, column) => matrix[0].map((_, j) => matrix.reduce((sum, row, k) => sum + row[j] * column[k], 0));
  const outer = (left, right) => left.map((l) => right.map((r) => l * r));

  // All that follows from the numbers, forwards and then backwards.
  function run({ x, W1, b1, W2, b2, y }) {
    const z1 = rows(W1, x).map((sum, j) => sum + b1[j]), a1 = z1.map(Math.tanh);
    const z2 = rows(W2, a1).map((sum, k) => sum + b2[k]), a2 = z2.map((z) => 1 / (1 + Math.exp(-z)));
    // -log a and -log(1 - a) from z, so that no digit is lost where a is nearly 0 or 1
    const L = z2.reduce((sum, z, k) => sum + Math.max(z, 0) - z * y[k] + Math.log1p(Math.exp(-Math.abs(z))), 0);
    const dz2 = a2.map((a, k) => a - y[k]), da1 = columns(W2, dz2), dz1 = da1.map((da, j) => da * (1 - a1[j] ** 2));
    return { z1, a1, z2, a2, L, dz2, da1, dz1, dW2: outer(dz2, a1), db2: dz2, dW1: outer(dz1, x), db1: dz1 };
  }

  const shown = (value) => (Math.abs(value) < 0.0005 ? 0 : value).toFixed(Math.abs(value) >= 10 ? 1 : 3).replace("-", "−");
  const make = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const drawn = (tag, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const RANGE = { x: 3, W1: 2, W2: 2, b1: 2, b2: 2, y: 1 };
  const low = (name) => name === "y" ? 0 : -RANGE[name];

  function build(box) {
    const start = JSON.parse(box.dataset.numbers);
    let numbers = structuredClone(start);
    let chosen = ["W2", 0, 0], unit = 0, backwards = true, values = run(numbers);
    const at = ([name, ...place]) => place.reduce((entry, k) => entry[k], numbers[name]);
    const said = ([name, ...place]) => `${NAMES[name]}, ${place.length > 1 ? `row ${place[0] + 1}, column ${place[1] + 1}` : `entry ${place[0] + 1}`}`;
    const all = Object.keys(NAMES).flatMap((name) => numbers[name].flatMap((row, k) => Array.isArray(row) ? row.map((_, j) => [name, k, j]) : [[name, k]]));

    // What is changed, and how.
    const select = make("select", { "aria-label": "Which number" }, ...all.map((place) => make("option", { value: place.join() }, said(place))));
    const slider = make("input", { type: "range", step: "0.01", "aria-label": "Its value, by slider" });
    const typed = make("input", { type: "number", step: "0.01", "aria-label": "Its value, typed" });
    const back = make("button", { type: "button" }, "As it was");
    const hidden = make("select", { "aria-label": "Hidden unit" }, ...start.b1.map((_, j) => make("option", { value: j }, `hidden unit ${j + 1}`)));
    const way = ["forwards", "backwards"].map((name) => make("label", {}, make("input", { type: "radio", name: `way-${box.dataset.name}`, value: name }), ` ${name}`));
    const picture = drawn("svg", { viewBox: "0 0 360 250", role: "img", class: "moving-picture" });
    const formula = make("p", { class: "moving-formula" });
    const tables = make("div", { class: "moving-tables", tabindex: "0", role: "group", "aria-label": "All numbers" });
    const live = make("p", { class: "moving-live", role: "status", "aria-live": "polite" });
    box.append(
      make("div", { class: "moving-controls" }, make("label", {}, "Change ", select), slider, typed, back),
      make("div", { class: "moving-controls" }, make("label", {}, "Follow ", hidden), ...way),
      picture, formula, live, tables,
    );

    const X = [30, 150, 260, 336];
    const Y = (count, k) => 28 + (205 * (k + 0.5)) / count;
    const layers = [start.x.length, start.b1.length, start.b2.length];

    function draw() {
      picture.replaceChildren();
      const label = backwards
        ? `Backwards: hidden unit ${unit + 1} adds up column ${unit + 1} of W[2], da = ${shown(values.da1[unit])}`
        : `Forwards: hidden unit ${unit + 1} goes into each output unit, a = ${shown(values.a1[unit])}`;
      picture.setAttribute("aria-label", label);
      for (const [n, W, from] of [[1, numbers.W1, 0], [2, numbers.W2, 1]]) {
        W.forEach((row, k) => row.forEach((weight, j) => {
          const own = n === 1 ? k === unit : j === unit;
          const on = n === 1 ? own && !backwards : own;
          const is = chosen[0] === `W${n}` && chosen[1] === k && chosen[2] === j;
          const line = drawn("line", {
            x1: X[from] + 14, y1: Y(layers[from], j), x2: X[n] - 22, y2: Y(layers[n], k), class: `moving-edge${on ? " is-on" : ""}${is ? " is-chosen" : ""}`,
            "stroke-width": 0.8 + Math.min(Math.abs(weight), 2) * 1.6, ...(weight < 0 ? { "stroke-dasharray": "5 3" } : {}),
          });
          line.append(drawn("title", {}, `${NAMES[`W${n}`]} row ${k + 1}, column ${j + 1} = ${shown(weight)}`));
          line.addEventListener("click", () => choose([`W${n}`, k, j]));
          picture.append(line);
          if (n === 2 && own) picture.append(drawn("text", { x: (X[1] + X[2]) / 2 - 4, y: Y(layers[1], j) + (Y(layers[2], k) - Y(layers[1], j)) * 0.55 - 3, class: "moving-weight" }, shown(weight)));
        }));
      }
      layers.forEach((count, n) => {
        for (let k = 0; k < count; k += 1) {
          const on = n === 1 && k === unit;
          const group = drawn("g", { class: `moving-unit${on ? " is-on" : ""}` });
          const words = n === 0 ? ["", shown(numbers.x[k])] : backwards
            ? [`dz ${shown(values[`dz${n}`][k])}`, n === 1 ? `da ${shown(values.da1[k])}` : `a−y`]
            : [`z ${shown(values[`z${n}`][k])}`, `a ${shown(values[`a${n}`][k])}`];
          group.append(drawn("rect", { x: X[n] - (n ? 34 : 24), y: Y(count, k) - 17, width: n ? 68 : 48, height: 34, rx: 9 }));
          words.forEach((word, line) => group.append(drawn("text", { x: X[n], y: Y(count, k) + (words[0] ? (line ? 12 : -2) : 4) }, word)));
          if (n === 1) group.addEventListener("click", () => { unit = k; refresh(); });
          picture.append(group);
        }
      });
      numbers.y.forEach((y, k) => picture.append(drawn("text", { x: X[3] - 4, y: Y(layers[2], k) + 4, class: "moving-label" }, `y ${shown(y)}`)));
      ["input", "layer 1", "layer 2", "label"].forEach((word, n) => picture.append(drawn("text", { x: Math.min(X[n], 334), y: 14, class: "moving-head" }, word)));
      picture.append(drawn("text", { x: 180, y: 246, class: "moving-head" }, `loss ${shown(values.L)}`));
    }

    // The formula with its numbers, as the switch reads W[2].
    function write() {
      const j = unit;
      const held = (value) => value < 0 ? `(${shown(value)})` : shown(value);
      const product = (pairs) => pairs.map(([u, v], n) => `${n ? held(u) : shown(u)} · ${held(v)}`).join(" + ");
      formula.textContent = backwards
        ? `Column ${j + 1} of W[2]:  da[1]${"₁₂₃₄₅"[j]} = ${product(values.dz2.map((dz, k) => [numbers.W2[k][j], dz]))} = ${shown(values.da1[j])},  dz[1]${"₁₂₃₄₅"[j]} = ${shown(values.da1[j])} · (1 − ${shown(values.a1[j])}²) = ${shown(values.dz1[j])}`
        : `Row 1 of W[2]:  z[2]₁ = ${product(values.a1.map((a, i) => [numbers.W2[0][i], a]))} + ${held(numbers.b2[0])} = ${shown(values.z2[0])},  a[2]₁ = ${shown(values.a2[0])}`;
    }

    function table(name, key, content) {
      const matrix = content.map((row) => Array.isArray(row) ? row : [row]);
      const body = make("table", {}, make("caption", {}, name));
      matrix.forEach((row, k) => {
        const line = make("tr");
        row.forEach((value, j) => {
          const on = key === "W2" && (backwards ? j === unit : k === 0);
          line.append(make("td", { "data-name": key, "data-value": value, ...(on ? { class: "is-on" } : {}) }, shown(value)));
        });
        body.append(line);
      });
      return body;
    }

    function tell() {
      const list = [["x", "x", numbers.x], ["W[1]", "W1", numbers.W1], ["b[1]", "b1", numbers.b1], ["z[1]", "z1", values.z1], ["a[1]", "a1", values.a1],
        ["W[2]", "W2", numbers.W2], ["b[2]", "b2", numbers.b2], ["z[2]", "z2", values.z2], ["a[2]", "a2", values.a2], ["y", "y", numbers.y], ["𝓛", "L", [values.L]],
        ["dz[2]", "dz2", values.dz2], ["dW[2]", "dW2", values.dW2], ["da[1]", "da1", values.da1], ["dz[1]", "dz1", values.dz1], ["dW[1]", "dW1", values.dW1]];
      tables.replaceChildren(...list.map((one) => table(...one)));
    }

    function refresh() {
      values = run(numbers);
      const value = at(chosen);
      select.value = chosen.join();
      Object.assign(slider, { min: low(chosen[0]), max: RANGE[chosen[0]], value });
      typed.value = value;
      hidden.value = unit;
      way.forEach((label) => { label.firstChild.checked = (label.firstChild.value === "backwards") === backwards; });
      draw();
      write();
      tell();
    }
    const choose = (place) => {
      chosen = place;
      if (place[0] === "W2") unit = place[2];
      if (place[0] === "W1" || place[0] === "b1") unit = place[1];
      refresh();
    };
    function put(value) {
      if (!Number.isFinite(value)) return;
      const [name, ...place] = chosen;
      const row = place.slice(0, -1).reduce((entry, k) => entry[k], numbers[name]);
      row[place.at(-1)] = Math.min(Math.max(value, name === "y" ? 0 : -100), name === "y" ? 1 : 100);
      refresh();
      live.textContent = `${said(chosen)} is ${shown(at(chosen))}: the loss is ${shown(values.L)}`;
    }
    select.addEventListener("change", () => choose(select.value.split(",").map((part, n) => n ? Number(part) : part)));
    slider.addEventListener("input", () => put(Number(slider.value)));
    typed.addEventListener("change", () => put(Number(typed.value)));
    back.addEventListener("click", () => { numbers = structuredClone(start); refresh(); live.textContent = "All numbers are those of the book"; });
    hidden.addEventListener("change", () => { unit = Number(hidden.value); refresh(); });
    way.forEach((label) => label.addEventListener("change", () => { backwards = label.firstChild.value === "backwards"; refresh(); }));
    box.set = (given) => { numbers = structuredClone(given); refresh(); };
    refresh();
  }

  for (const part of document.querySelectorAll(".moving:not([data-ready])")) {
    part.dataset.ready = "";
    part.addEventListener("toggle", () => build(part.querySelector(".moving-box")), { once: true });
  }
}
