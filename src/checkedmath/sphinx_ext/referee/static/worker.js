// Runs the checker: Python in this worker, so that the page stays alive while a formula is judged.
// The page sends {kind: "start", files, subjects, lock} with the packed files, then {kind: "check", id, asked}.
// The answers: {kind: "ready"}, {kind: "verdict", id, record}, {kind: "dress", id, dress}, {kind: "failed", id, said}.
// A text is given to the checker as data; nothing of it is executed.
const version = self.location.search; // of all the files together: an old one kept by the browser would not fit
const scripts = Promise.all([import(`./pyodide.js${version}`), import(`./pyodide.asm.js${version}`)]);

const unpacked = (bytes) => {
  const packed = new Uint8Array(bytes, 0, 2);
  const stream = new Blob([bytes]).stream();
  // A server may have unpacked it on its way.
  return packed[0] === 0x1f && packed[1] === 0x8b ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
};

let referee = null;

async function start({ files, subjects, lock }) {
  // Pyodide asks for its two files by fetch; they are here already.
  const types = { "pyodide.asm.wasm": "application/wasm", "python.zip": "application/zip" };
  self.fetch = async (address) => {
    const name = new URL(address, self.location).pathname.split("/").pop();
    if (!files[name]) throw new Error(`nothing is fetched here: ${name}`);
    return new Response(unpacked(files[name]), { headers: { "Content-Type": types[name] } });
  };
  const [{ loadPyodide }, { default: createPyodideModule }] = await scripts;
  const python = await loadPyodide({
    createPyodideModule,
    indexURL: new URL(".", self.location).href,
    stdLibURL: "python.zip",
    lockFileContents: { info: lock, packages: {} }, // no package is ever loaded
    packageBaseUrl: new URL(".", self.location).href,
    stderr: () => {},
  });
  referee = python.pyimport("checkedmath.judging.report").Referee(...subjects);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") {
      await start(data);
      self.postMessage({ kind: "ready" });
    } else if (data.kind === "check") {
      self.postMessage({ kind: "verdict", id: data.id, record: JSON.parse(referee.check(JSON.stringify(data.asked))) });
      self.postMessage({ kind: "dress", id: data.id, dress: JSON.parse(referee.dress()) });
    }
  } catch (error) {
    self.postMessage({ kind: "failed", id: data.id, said: String(error.message ?? error).trim().split("\n").pop() });
  }
};
scripts.then(() => self.postMessage({ kind: "here" }), (error) => { throw error; });
