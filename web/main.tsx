import { render } from "preact";
import { App } from "./app.tsx";
import { chooseTheme, theme } from "./shell/theme.ts";
import { chooseLanguage, firstLanguage, loadWords, SHELL } from "./words.ts";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/print.css";

const root = document.getElementById("app");
chooseTheme(theme.value);
await loadWords(SHELL);
await chooseLanguage(firstLanguage());
if (root !== null) render(<App />, root);
