/** Keeps the child processes of the local world running, and ends them in reverse order. */
import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";

const RESTARTS_MAX = 20;
const RESTART_PAUSE_MS = 500;
const READY_POLL_MS = 100;
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 8_000;

export type Program = {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Ready when this port accepts, or this URL answers 2xx. Without either, as soon as it runs. */
  ready?: { port: number } | { url: string };
  readyMsMax?: number;
  /** False hides its lines until it fails. */
  loud?: boolean;
  /** How a line is shown and kept; null drops it. */
  show?: (line: string) => string | null;
};

type Child = { program: Program; process: ChildProcess; startedAt: number; restarts: number; recent: string[] };
type Cleanup = { name: string; end: () => Promise<void> | void };

const LINES_KEPT_MAX = 40;

export class Supervisor {
  #stopping = false;
  #stopped: Promise<void> | undefined;
  /** What to end, oldest first: programs and whatever else was added between them. */
  readonly #ends: Cleanup[] = [];
  readonly #children = new Map<string, Child>();
  readonly #log: (line: string) => void;

  constructor({ log = console.log }: { log?: (line: string) => void } = {}) {
    this.#log = log;
  }

  /** Starts a program and waits until it is ready. It is started again whenever it ends by itself. */
  async run(program: Program): Promise<void> {
    const child: Child = { program, process: this.#spawn(program), startedAt: Date.now(), restarts: 0, recent: [] };
    this.#children.set(program.name, child);
    this.#watch(child);
    this.atStop(program.name, () => endTree(child.process));
    await this.#untilReady(child);
  }

  /** Something else to end at the stop, in its place in the order. */
  atStop(name: string, end: Cleanup["end"]) {
    this.#ends.push({ name, end });
  }

  /** How long ago a program was last started. */
  ageMs(name: string): number {
    return Date.now() - (this.#children.get(name)?.startedAt ?? Date.now());
  }

  /** Ends one program and starts it again, as after a crash; this counts as none. */
  async restart(name: string, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined) throw new Error(`no program is called ${name}`);
    const old = child.process;
    child.restarts -= 1;
    signalTree(old, signal);
    while (child.process === old && !this.#stopping) await wait(READY_POLL_MS);
    await this.#untilReady(child);
  }

  /** Ends everything, newest first. Calling it again waits for the same end. */
  stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped ??= (async () => {
      for (const { name, end } of this.#ends.reverse()) {
        try {
          await end();
        } catch (error) {
          this.#log(`[${name}] did not end cleanly: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    })();
    return this.#stopped;
  }

  /** On SIGTERM and SIGINT: ends everything, then this process. A second signal does not wait. */
  stopOnSignals() {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (this.#stopping) {
          for (const { process: child } of this.#children.values()) signalTree(child, "SIGKILL");
          process.exit(1);
        }
        void this.stop().then(() => process.exit(0));
      });
    }
    // The last resort, when this process ends in a way that nobody planned.
    process.on("exit", () => {
      for (const { process: child } of this.#children.values()) signalTree(child, "SIGKILL");
    });
  }

  #spawn({ command, args, env, cwd }: Program): ChildProcess {
    return spawn(command, args, {
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group: grandchildren (workerd) end with it, and Ctrl-C reaches only this process.
      detached: true,
    });
  }

  #watch(child: Child) {
    const { program, process: running } = child;
    const loud = program.loud ?? true;
    const print = (stream: Readable | null) => {
      if (stream === null) return;
      createInterface({ input: stream }).on("line", (said) => {
        const line = program.show === undefined ? said : program.show(said);
        if (line === null) return;
        child.recent.push(line);
        if (child.recent.length > LINES_KEPT_MAX) child.recent.shift();
        if (loud) this.#log(`[${program.name}] ${line}`);
      });
    };
    print(running.stdout);
    print(running.stderr);
    running.once("error", (error) => this.#log(`[${program.name}] could not be started: ${error.message}`));
    running.once("close", (code, signal) => {
      if (this.#stopping) return;
      this.#log(`[${program.name}] ended unexpectedly (${signal ?? `exit ${code}`})`);
      if (!loud) for (const line of child.recent) this.#log(`[${program.name}] ${line}`);
      void this.#again(child);
    });
  }

  async #again(child: Child) {
    // Whatever the dead program left behind would still hold its port.
    signalTree(child.process, "SIGKILL");
    if (child.restarts >= RESTARTS_MAX)
      return this.#log(`[${child.program.name}] not restarted: ${RESTARTS_MAX} times is enough`);
    child.restarts += 1;
    await wait(RESTART_PAUSE_MS);
    if (this.#stopping) return;
    child.process = this.#spawn(child.program);
    child.startedAt = Date.now();
    this.#watch(child);
  }

  async #untilReady(child: Child) {
    const { program } = child;
    const giveUpAt = Date.now() + (program.readyMsMax ?? READY_MS_MAX);
    while (!(await isReady(program))) {
      if (this.#stopping) return;
      const isGivenUp = child.restarts >= RESTARTS_MAX || Date.now() > giveUpAt;
      if (isGivenUp) throw new Error(`${program.name} is not ready:\n${child.recent.join("\n")}`);
      await wait(READY_POLL_MS);
    }
  }
}

async function isReady({ ready }: Program): Promise<boolean> {
  if (ready === undefined) return true;
  if ("port" in ready) return accepts(ready.port);
  try {
    const answer = await fetch(ready.url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Whether someone listens on this port of 127.0.0.1. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

function signalTree({ pid }: ChildProcess, signal: NodeJS.Signals) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

async function endTree(child: ChildProcess) {
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  signalTree(child, "SIGTERM");
  for (const giveUpAt = Date.now() + STOP_MS_MAX; !ended() && Date.now() < giveUpAt; ) await wait(50);
  signalTree(child, "SIGKILL");
}
