import js from "@eslint/js";
import globals from "globals";

/** HTML becomes part of a page in one file, which takes it from the API alone. */
const HTML_FROM_STRINGS = [
  "MemberExpression[property.name='innerHTML']",
  "MemberExpression[property.name='outerHTML']",
  "CallExpression[callee.property.name=/^(insertAdjacentHTML|write|writeln|setHTMLUnsafe|createContextualFragment)$/]",
].map((selector) => ({ selector, message: "HTML is set in html.js alone" }));

/** Forbidden by the policy under which these files run. */
const INLINE_STYLES = [
  {
    selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value='style']",
    message: "a stylesheet says it",
  },
];

export default [
  { ignores: ["types/api.d.ts"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-globals": ["error", "localStorage"],
      "no-restricted-syntax": ["error", ...HTML_FROM_STRINGS, ...INLINE_STYLES],
    },
  },
  { files: ["shared/html.js"], rules: { "no-restricted-syntax": ["error", ...INLINE_STYLES] } },
  // decisions that were not acknowledged yet outlive the tab
  { files: ["desk/kept.js"], rules: { "no-restricted-globals": "off" } },
  // drafts of readers stay there over a visit
  { files: ["embed/**"], rules: { "no-restricted-globals": "off" } },
  {
    files: ["tests/**", "types/**", "eslint.config.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { "no-console": "off", "no-restricted-globals": "off" },
  },
];
