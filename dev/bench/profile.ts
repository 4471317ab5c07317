/**
 * A CPU profile of the Worker, through workerd's inspector. It is begun before the Worker has worked, and begun anew for what
 * is measured: code that V8 has optimised before any profile was taken hides what it calls of workerd.
 */
import { writeFile } from "node:fs/promises";
import type { CountryWorker } from "./country.ts";

const ANSWER_MS_MAX = 60_000;

/** `begin` forgets what was seen until then; `end` writes the profile. */
export type Profiling = { begin(): Promise<void>; end(): Promise<void> };

export const profiler =
  (port: number, file: string) =>
  async (_worker: CountryWorker): Promise<Profiling> => {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      id: string;
      webSocketDebuggerUrl: string;
    }[];
    const target = targets.find(({ id }) => id.includes("lab")) ?? targets[0];
    if (target === undefined) throw new Error("workerd shows no inspector target");
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((done, failed) => {
      socket.onopen = done;
      socket.onerror = failed;
    });
    let calls = 0;
    const waiting = new Map<number, (result: unknown) => void>();
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) waiting.get(id)?.(result);
    };
    const call = (method: string, params: object = {}) =>
      new Promise<unknown>((done, failed) => {
        const id = ++calls;
        const timer = setTimeout(() => failed(new Error(`${method} did not answer`)), ANSWER_MS_MAX);
        waiting.set(id, (result) => {
          clearTimeout(timer);
          done(result);
        });
        socket.send(JSON.stringify({ id, method, params }));
      });
    await call("Profiler.enable");
    await call("Profiler.setSamplingInterval", { interval: 500 });
    await call("Profiler.start");
    return {
      async begin() {
        await call("Profiler.stop");
        await call("Profiler.start");
      },
      async end() {
        const { profile } = (await call("Profiler.stop")) as { profile: unknown };
        await writeFile(file, JSON.stringify(profile));
        socket.close();
      },
    };
  };
