import { parseArgs } from "node:util";
import { call, type Door } from "./door.ts";
import { readable } from "./instants.ts";

export type Flags = Record<string, string | undefined>;
/** One of the operators' commands: what it takes, and what it does. */
export type Command = { help: string; run: (door: Door, flags: Flags) => Promise<void> };

const WITH_VALUE = `
  env country name object till channel secret phone senders receipt generation account reason actor since
  forward provider balance case amount shares file source site writer from to meters meter action until at
  register how state q id given family phones plot type national new final base key rate energy code document
  confirm table subject by limit cursor expect step act day stage mode connected phase ampacity lat lon
  signature staff staff-signature thing contract days language out customer batch one other keep undo email
  roles countries elsewhere format filter vendor scope sources kind month funder sites active programme scopes
  url kinds endpoint event department employee project set text-st text-en text-fr order snooze alarm part entry verdict fee fraction monthly title
  request principal interest setup instalments penalty grace interval left
`;
const WITHOUT = "write json list all on off start stop global ends force again back-dated dry-run good-rows take-twins";
const flagsOf = (names: string, type: "string" | "boolean") =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, { type }] as const);
/** Every flag that a command of operators may take. */
export const FLAGS: Readonly<Record<string, { type: "string" | "boolean" }>> = Object.fromEntries([
  ...flagsOf(WITH_VALUE, "string"),
  ...flagsOf(WITHOUT, "boolean"),
]);

/** What somebody typed after a command; a flag that none takes is named. */
export function typedFlags(args: string[]): Flags {
  const { values } = parseArgs({ args, options: FLAGS });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** An answer as it is printed, instants as text. */
export const shown = (answer: unknown, indent?: number) => JSON.stringify(answer, readable, indent);

/** Asks once and prints the answer. */
export async function say(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  actor?: string,
  headers?: Record<string, string>,
) {
  console.log(shown(await call(door, method, path, body, actor, headers), 2));
}

/** A flag without which the command makes no sense. */
export function need(flags: Flags, name: string): string {
  const value = flags[name];
  if (value === undefined || value === "") throw new Error(`--${name} is needed`);
  return value;
}

/** What --set says; the server looks at its fields. */
export function settingOf(text: string, command: string): { version?: unknown } {
  try {
    const setting: unknown = JSON.parse(text);
    if (typeof setting === "object" && setting !== null && !Array.isArray(setting)) return setting;
  } catch {
    // Said below, with what was expected.
  }
  throw new Error(`--set is ${text}; expected an object of JSON, as npm run ${command} -- --help shows it`);
}
