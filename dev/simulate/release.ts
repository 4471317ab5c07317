/** A Worker as `wrangler deploy` bundles it, compiled once and begun as often as needed: each beginning has a memory of its own. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";

export type Waiting = { waitUntil: (work: Promise<unknown>) => void; passThroughOnException: () => void };
export type WorkerModule = Record<string, never> & {
  default: {
    fetch(request: Request, env: unknown, ctx: Waiting): Promise<Response>;
    queue(batch: unknown, env: unknown, ctx: Waiting): Promise<void>;
    scheduled(controller: { cron: string; scheduledTime: number }, env: unknown, ctx: Waiting): unknown;
  };
};
/** Begins the Worker: what one beginning remembers, no other knows. */
export type Release = () => WorkerModule;

const IMPORT = /\bimport\s*(?:\*\s*as\s+([\w$]+)|\{([^}]*)\}|([\w$]+))\s*from\s*"((?:node|cloudflare):[^"]+)";?/g;
const EXPORT = /\bexport\s*\{([^}]*)\};?/g;

/** The platform's own module, as far as the Worker uses it. */
const PLATFORM = {
  DurableObject: class {
    ctx: unknown;
    env: unknown;
    constructor(ctx: unknown, env: unknown) {
      this.ctx = ctx;
      this.env = env;
    }
  },
};
const builtIns = createRequire(import.meta.url);
function builtIn(name: string): object {
  if (name === "cloudflare:workers") return PLATFORM;
  const found = builtIns(name) as object;
  return Object.create(found, { default: { value: found } }) as object;
}

/** Throws where the file is not the one module that the bundler writes: with imports of the platform alone and one list of exports. */
export function readRelease(file: string): Release {
  const code = readFileSync(file, "utf8");
  const imports: string[] = [];
  const exported: string[] = [];
  const body = code
    .replace(IMPORT, (_, all: string | undefined, some: string | undefined, one: string | undefined, from: string) => {
      const names = all ?? (some === undefined ? `{ default: ${one} }` : `{ ${some.replace(/\s+as\s+/g, ": ")} }`);
      imports.push(`const ${names} = $from(${JSON.stringify(from)});`);
      return "";
    })
    .replace(EXPORT, (_, names: string) => {
      exported.push(names.replace(/([\w$]+)\s+as\s+([\w$]+)/g, "$2: $1"));
      return "";
    });
  if (exported.length !== 1) throw new Error(`${file}: ${exported.length} lists of exports, 1 expected`);
  // On one line with what was the first, so that a line of an error is a line of the bundle.
  const begin = compileFunction(`"use strict"; ${imports.join(" ")} ${body}\nreturn { ${exported[0]} };`, ["$from"], {
    filename: file,
  });
  return () => begin(builtIn) as WorkerModule;
}
