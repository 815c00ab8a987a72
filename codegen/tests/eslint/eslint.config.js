// The rules of React, and of its compiler, as React recommends them. Generated code keeps them without
// a comment that turns one off.
import parser from "@typescript-eslint/parser";
import hooks from "eslint-plugin-react-hooks";

export default [
  {
    files: ["**/*.{ts,tsx}"],
    ...hooks.configs.flat["recommended-latest"],
    languageOptions: { parser },
    linterOptions: { noInlineConfig: true },
  },
];
