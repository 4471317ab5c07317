import { call, type Door } from "./door.ts";

export type Flags = Record<string, string | undefined>;
/** One of the operators' commands: what it takes, and what it does. */
export type Command = { help: string; run: (door: Door, flags: Flags) => Promise<void> };

/** Asks once and prints the answer. */
export async function say(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  actor?: string,
  headers?: Record<string, string>,
) {
  console.log(JSON.stringify(await call(door, method, path, body, actor, headers), null, 2));
}

/** A flag without which the command makes no sense. */
export function need(flags: Flags, name: string): string {
  const value = flags[name];
  if (value === undefined || value === "") throw new Error(`--${name} is needed`);
  return value;
}
