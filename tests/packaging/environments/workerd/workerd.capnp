using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "app", worker = .app),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")],
);

const app :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "machine.wasm", wasm = embed "dist/machine.wasm"),
    (name = "writer.wasm", wasm = embed "dist/writer.wasm"),
  ],
  bindings = [(name = "SITE", fromEnvironment = "SITE")],
);
