// Generated code under the rules of React and of its compiler (`eslint/`).

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ESLint } from "./eslint/node_modules/eslint/lib/api.js";

const cwd = fileURLToPath(new URL(".", import.meta.url));
const eslint = new ESLint({ cwd, overrideConfigFile: "eslint/eslint.config.js" });

test("generated code keeps the rules of hooks, and can be compiled", async () => {
  const results = await eslint.lintFiles("cases/*/out/*.ts");
  const cases = readdirSync(`${cwd}cases`);
  assert.ok(results.length > cases.length);
  assert.deepEqual(
    results.flatMap(({ filePath, messages }) => messages.map((each) => [filePath, each.message])),
    [],
  );
});

test("the app that uses it keeps them, too", async () => {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const overrideConfigFile = `${cwd}codegen/tests/eslint/eslint.config.js`;
  const app = new ESLint({ cwd, overrideConfigFile });
  const results = await app.lintFiles("examples/react-app/frontend/src/**/*.{ts,tsx}");
  assert.ok(results.length > 30);
  assert.deepEqual(
    results.flatMap(({ filePath, messages }) => messages.map((each) => [filePath, each.message])),
    [],
  );
});

test("the linter would have seen a hook in a condition, and a ref that is read in a render", async () => {
  const [{ messages }] = await eslint.lintText(
    `import { useRef } from "react";
     import { useUser } from "./user";
     export function Name({ isKnown }: { isKnown: boolean }) {
       const ref = useRef(0);
       return isKnown ? useUser().data : ref.current;
     }`,
    { filePath: "cases/plain/out/name.tsx" },
  );
  assert.deepEqual(messages.map((each) => each.ruleId).sort(), [
    "react-hooks/refs",
    "react-hooks/rules-of-hooks",
  ]);
});
