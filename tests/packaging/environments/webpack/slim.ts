import { ready } from "@mizan/runtime/slim";

const machine = new URL("@mizan/runtime/machine.wasm", import.meta.url);

ready(fetch(machine)).then(() => import("./page"));
