import { configure } from "@mizan/runtime";
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App } from "./App";
import { here } from "./route";
import { record } from "./strip/log";
import "./styles/index.css";

configure({ onEvent: record });

if (import.meta.env.DEV) {
  void import("@mizan/runtime/devtools").then(({ mountDevtools }) => mountDevtools());
}

const app = (
  <StrictMode>
    <App address={here()} />
  </StrictMode>
);

const root = document.getElementById("root");
// A server may have drawn the page already: see server.tsx.
if (root?.hasChildNodes()) hydrateRoot(root, app);
else if (root) createRoot(root).render(app);
