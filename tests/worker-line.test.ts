import { expect, it } from "vitest";
import { workerLine } from "../dev/worker-line.ts";

const framed = (level: string, text: string) =>
  `\u001b[33m▲ \u001b[43;33m[\u001b[43;30m${level}\u001b[43;33m]\u001b[0m \u001b[1m${text}\u001b[0m`;

it.each([
  [
    "a warning of ours as its JSON",
    framed("WARNING", '{"at":"payments","database":"down"}'),
    '{"at":"payments","database":"down"}',
  ],
  [
    "another warning with its level",
    framed("WARNING", "The latest date is later"),
    "warning: The latest date is later",
  ],
  ["an error with its level", "✘ [ERROR] Uncaught Error: no", "error: Uncaught Error: no"],
  ["a box without its frame", "│ Starting local server... │", "Starting local server..."],
  ["a plain line as it is", "Ready on http://127.0.0.1:8787", "Ready on http://127.0.0.1:8787"],
  ["no blank line", "  ", null],
  ["no empty frame", "╭──────╮", null],
  ["no colours alone", "\u001b[0m", null],
  ["no note of workerd to its makers", framed("WARNING", "NOSENTRY SQLite alarm overdue"), null],
])("shows %s", (_, line, shown) => {
  expect(workerLine(line)).toBe(shown);
});
