/** The table "The same faults for real" of docs/faults.md, in which each row is a command. */

const HEADING = "## The same faults for real";
const TITLED = /(tests\/\S+\.test\.ts) -t "([^"]+)"/;
const SCRIPT = /npm run (\S+)/;

export type RealRow = { fault: string; promised: string; seen: string; command: string };

/** Its rows in order. Throws where the document has no such table. */
export function realRows(markdown: string): RealRow[] {
  const from = markdown.indexOf(`${HEADING}\n`);
  if (from < 0) throw new Error(`docs/faults.md: no part "${HEADING}"`);
  const part = markdown.slice(from + HEADING.length).split("\n## ")[0] ?? "";
  return part
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:---|fault \|)/.test(line))
    .map((line) => {
      const [fault = "", promised = "", seen = "", command = ""] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { fault, promised, seen, command: /^`([^`]+)`$/.exec(command)?.[1] ?? "" };
    });
}

type Files = { read: (path: string) => string | null; scripts: ReadonlySet<string> };

/** What a row names and nobody finds; empty: each row can be run. */
export function missingIn(rows: readonly RealRow[], { read, scripts }: Files): string[] {
  return rows.flatMap(({ fault, promised, seen, command }) => {
    if ([fault, promised, seen].includes("")) return [`${fault}: an empty cell`];
    const [, file, title] = TITLED.exec(command) ?? [];
    if (file !== undefined && title !== undefined) {
      const text = read(file);
      if (text === null) return [`${fault}: no ${file}`];
      return text.includes(`"${title}"`) ? [] : [`${fault}: ${file} has no "${title}"`];
    }
    const script = SCRIPT.exec(command)?.[1];
    if (script === undefined) return [`${fault}: expected a command, got "${command}"`];
    return scripts.has(script) ? [] : [`${fault}: package.json has no "${script}"`];
  });
}

/** Whether a command that ended with this code did what its row says: a test whose title fits nothing passes too. */
export function isGreen(command: string, code: number | null, output: string): boolean {
  if (code !== 0) return false;
  return !command.includes(" vitest ") || /Tests\s+\d+ passed/.test(output);
}
