import type { Supervisor } from "./supervise.ts";

/** A worker that answers nothing for so many looks in a row is started again: workerd may die under a living wrangler. */
const LOOK_MS = 3_000;
const ASK_MS_MAX = 2_500;
const MISSES_MAX = 4;
/** A worker that has not answered since its start is given so long: on a busy machine one that starts would be ended again and again. */
const START_MS = 60_000;

/** Looks after the Workers, by their name and URL; returns what ends it. */
export function watchHealth(supervisor: Supervisor, workers: readonly { name: string; url: string }[]): () => void {
  const seen = workers.map((worker) => ({ ...worker, misses: 0, answeredAt: 0 }));
  let isLooking = false;
  const look = async () => {
    for (const worker of seen) {
      const { name, url } = worker;
      const isAlive = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ASK_MS_MAX) }).then(
        (response) => response.ok,
        () => false,
      );
      if (isAlive) worker.answeredAt = Date.now();
      const ageMs = supervisor.ageMs(name);
      const starts = ageMs < START_MS && Date.now() - worker.answeredAt > ageMs;
      worker.misses = isAlive || starts ? 0 : worker.misses + 1;
      if (worker.misses < MISSES_MAX) continue;
      worker.misses = 0;
      console.log(`[${name}] does not answer: starting it again`);
      await supervisor.restart(name).catch(() => undefined);
    }
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, LOOK_MS);
  return () => clearInterval(timer);
}
