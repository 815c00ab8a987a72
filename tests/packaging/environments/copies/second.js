import { registerContext } from "@mizan/runtime";
import { show } from "./plain.js";

show({ registerContext }, document.getElementById("second"));
