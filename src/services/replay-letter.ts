import { type DeadRoad, roadOf } from "../domain/dead-letter.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { log } from "../ports/log.ts";

export type ReplayPorts = {
  letter(id: number): Promise<{ body: unknown; handledAt: number | null } | null>;
  /** False: somebody else has it. */
  take(id: number, seen: string | null, by: string): Promise<boolean>;
  send(road: DeadRoad, body: unknown): Promise<void>;
  /** `at` null: it was not sent. */
  end(id: number, by: string, at: number | null): Promise<void>;
  now(): number;
};

export type ReplayRefusal = { kind: "unknown" | "handled" | "taken" | "no_road" | "not_sent" };

/**
 * Sends again what a queue gave up on. Taken first, so that it goes once; ended only when the queue has it, so that it is
 * never lost: a letter that was begun and not ended still waits, and says who began.
 */
export async function replayLetter(
  ports: ReplayPorts,
  order: { id: number; seen: string | null; by: string },
): Promise<Result<{ road: DeadRoad }, ReplayRefusal>> {
  const { id, seen, by } = order;
  const letter = await ports.letter(id);
  if (letter === null) return err({ kind: "unknown" });
  if (letter.handledAt !== null) return err({ kind: "handled" });
  const road = roadOf(letter.body);
  if (road === null) return err({ kind: "no_road" });
  if (!(await ports.take(id, seen, by))) return err({ kind: "taken" });
  try {
    await ports.send(road, letter.body);
  } catch (thrown) {
    log.warn("replay", { letter: id, error: thrown });
    await ports.end(id, by, null);
    return err({ kind: "not_sent" });
  }
  await ports.end(id, by, ports.now());
  return ok({ road });
}
