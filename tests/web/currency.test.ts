import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const WEB = fileURLToPath(new URL("../../web", import.meta.url));
/** Codes, signs and names of currencies. Money is written by the country's own facts: `cash()`, `ownMoney()`. */
const CURRENCY = /\b(?:LSL|XOF|ZMW|F ?CFA|CFA|maloti|loti|kwacha)\b|\bM ?\d+\.\d\d\b/i;
const COMMENT = /^\s*(?:\*|\/\/|\/\*)/;

it.each([
  ["<td>{x} LSL</td>", true],
  ['amount: "M 20.00"', true],
  ["<td>20 FCFA</td>", true],
  [' * unit={money("LSL", 2)}', false],
  ["value={cash(minor)}", false],
])("%s: %s", (line, isFault) => {
  expect(CURRENCY.test(line) && !COMMENT.test(line)).toBe(isFault);
});

it("no file of the portal names a currency: another country's page would show the wrong one", () => {
  const faults = readdirSync(WEB, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|html)$/.test(entry.name) && !entry.parentPath.includes("/dist"))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const lines = readFileSync(path, "utf8").split("\n");
      return lines.flatMap((line, at) =>
        CURRENCY.test(line) && !COMMENT.test(line) ? [`${relative(WEB, path)}:${at + 1}: ${line.trim()}`] : [],
      );
    });
  expect(faults).toEqual([]);
});
