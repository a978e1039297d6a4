// The checker in this page, for the box and for the exercises: loaded when it is first asked for, and then kept, so that
// it works without a network.
const HERE = new URL(".", import.meta.url);
const LIMIT = 20_000; // milliseconds for one text
const WHY = "This needs a browser of 2023 or later: Chrome or Edge 95, Firefox 114, Safari 16.4. ";

export class Missing extends Error {}

// What this browser lacks, or how the page has to be served; "" where all is there.
export function obstacle() {
  if (location.protocol === "file:") {
    return "From a folder a browser lets no page start a worker. In the folder of the built book, run  "
      + "python -m http.server  and open http://localhost:8000/ .";
  }
  const lacks = [
    [typeof WebAssembly === "object", "WebAssembly"], [typeof DecompressionStream === "function", "DecompressionStream"],
    [typeof Worker === "function", "workers"],
  ].filter(([there]) => !there).map(([, name]) => name);
  return lacks.length ? `${WHY}What yours lacks: ${lacks.join(", ")}.` : "";
}

const inMegabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

async function fetched(name, version, onBytes) {
  let response;
  try {
    response = await fetch(new URL(`${name}?v=${version}`, HERE));
  } catch {
    throw new Missing(`${name} did not come: is there a network?`);
  }
  if (!response.ok) throw new Missing(`${name} did not come: the server answered ${response.status} ${response.statusText}`.trim());
  const reader = response.body.getReader();
  const pieces = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    onBytes(value.length);
  }
  return new Blob(pieces).arrayBuffer();
}

class Engine {
  #loading = null;
  #files = null;
  #worker = null;
  #spare = null;
  #waiting = null;
  #queue = Promise.resolve();
  #count = 0;
  manifest = null;
  folder = HERE;

  // The list of what is to be loaded, with sizes.
  async list() {
    if (!this.manifest) {
      let response;
      try {
        response = await fetch(new URL("manifest.json", HERE), { cache: "no-cache" });
      } catch {
        throw new Missing("the list of files did not come: is there a network?");
      }
      if (!response.ok) throw new Missing("the checker is not part of this copy of the site");
      this.manifest = await response.json();
    }
    return this.manifest;
  }

  // Load whatever is not here yet; `say` is told how far it is, in words.
  load(say = () => {}) {
    this.#loading ??= this.#load(say).catch((error) => { this.#loading = null; throw error; });
    return this.#loading;
  }

  async #load(say) {
    const why = obstacle();
    if (why) throw new Missing(why);
    const { version, packed, scripts } = await this.list();
    const sum = Object.values(packed).reduce((a, b) => a + b, 0);
    let came = 0;
    const onBytes = (bytes) => {
      came += bytes;
      say(`Loading Python and the checker: ${inMegabytes(came)} of ${inMegabytes(sum + scripts)}`, came / (sum + scripts));
    };
    onBytes(0);
    const spare = this.#made();
    const files = {};
    await Promise.all([spare.here.then(() => onBytes(scripts)), ...Object.keys(packed).map(async (name) => {
      files[name.replace(/\.gz$/, "")] = await fetched(name, version, onBytes);
    })]);
    this.#files = files;
    say("Starting Python", 1);
    await this.#start(spare);
  }

  // A worker that has its scripts, and waits for the files.
  #made() {
    const worker = new Worker(new URL(`worker.js?v=${this.manifest.version}`, HERE), { type: "module" });
    const here = new Promise((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => { event.preventDefault?.(); reject(new Missing("the worker did not start: a script did not come, or the server sent it with a wrong type")); };
    });
    here.catch(() => {});
    return { worker, here };
  }

  async #start(made) {
    await made.here;
    const { worker } = made;
    await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => data.kind === "ready" ? resolve() : reject(new Missing(`Python did not start: ${data.said}`));
      worker.postMessage({ kind: "start", files: this.#files, subjects: this.manifest.subjects, lock: this.manifest.lock });
    });
    worker.onmessage = ({ data }) => this.#waiting?.(data);
    this.#worker = worker;
  }

  // Judge a text: `onVerdict` gets the record, and the promise is for what is drawn of it.
  check(asked, onVerdict, { say = () => {}, signal } = {}) {
    const turn = this.#queue.then(() => this.#check(asked, onVerdict, say, signal));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #check(asked, onVerdict, say, signal) {
    await this.load(say);
    if (signal?.aborted) throw new Missing("stopped");
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      const stop = (said) => { this.#again(); reject(new Missing(said)); };
      const clock = setTimeout(() => stop(`stopped after ${LIMIT / 1000} seconds: the text takes too much work. Shorten it, or give a part of it.`), LIMIT);
      signal?.addEventListener("abort", () => { if (this.#waiting) { clearTimeout(clock); stop("stopped"); } });
      this.#waiting = (data) => {
        if (data.id !== id) return;
        if (data.kind === "verdict") {
          onVerdict(data.record);
          return;
        }
        clearTimeout(clock);
        this.#waiting = null;
        this.#spare ??= this.#made(); // to go on at once, and without a network, where a text has to be stopped
        if (data.kind === "failed") reject(new Missing(`the checker itself failed on this text: ${data.said}`));
        else resolve(data.dress);
      };
      this.#worker.postMessage({ kind: "check", id, asked });
    });
  }

  // End what runs, and begin anew in the worker that stands by.
  #again() {
    this.#waiting = null;
    this.#worker?.terminate();
    this.#worker = null;
    const next = this.#spare ?? this.#made();
    this.#spare = null;
    this.#loading = this.#start(next).catch((error) => { this.#loading = null; throw error; });
    this.#loading.catch(() => {});
  }
}

export const engine = new Engine();

// KaTeX, which draws the formulas of an answer; null where it does not come: then their text stands there.
let drawing;
export function drawer() {
  drawing ??= (async () => {
    const { version, katex } = await engine.list();
    const sheet = document.createElement("link");
    Object.assign(sheet, { rel: "stylesheet", href: new URL(katex, HERE).href });
    document.head.append(sheet);
    await import(new URL(`katex.min.js?v=${version}`, HERE).href);
    return globalThis.katex;
  })().catch(() => { drawing = undefined; return null; });
  return drawing;
}

// Draw LaTeX into an element; `plain` stands there where it cannot be drawn.
export async function draw(element, tex, plain, display = true) {
  const katex = await drawer();
  element.textContent = "";
  try {
    if (!katex) throw new Error("no KaTeX");
    katex.render(tex, element, {
      displayMode: display, throwOnError: true, strict: "ignore",
      trust: ({ command }) => command === "\\htmlData",
    });
  } catch {
    element.textContent = plain;
  }
}
