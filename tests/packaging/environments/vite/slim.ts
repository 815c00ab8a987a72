import machine from "@mizan/runtime/machine.wasm?url";
import { ready } from "@mizan/runtime/slim";

ready(fetch(machine)).then(() => import("./page"));
