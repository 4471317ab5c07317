import type { OutboxItem, Refusals } from "../domain/outbox.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { CopyCase } from "../ports/copies.ts";
import { log } from "../ports/log.ts";
import { type CopyPorts, type CopySource, copyOutboxes } from "./copy-outboxes.ts";

/** Rounds of one call: what is not reached stays in the object and goes by its own alarm. */
const ROUNDS_MAX = 20;

export type ResumablePorts = CopyPorts & {
  /** Open ones of this object. */
  openCases(subject: string): Promise<CopyCase[]>;
};

/** An object whose refused rows a person wants tried again. */
export type Resumable = CopySource & { resumeCopy(): Promise<number>; refusals(): Promise<Refusals> };

export type Resumed = Refusals & { triedAgain: number; casesClosed: number };
export type ResumeError = { kind: "database_down"; triedAgain: number };

/**
 * Tries again what Postgres refused of one object, and closes its cases once nothing of it is refused any more. Done
 * twice, the second time only closes what the first could not.
 */
export async function resumeCopy(
  ports: ResumablePorts,
  { source, actor }: { source: Resumable; actor: string },
): Promise<Result<Resumed, ResumeError>> {
  const { refused: triedAgain } = await source.refusals();
  const last = await source.resumeCopy();
  try {
    let more: CopySource[] = [source];
    for (let round = 0; more.length > 0 && round < ROUNDS_MAX; round++) more = await copyOutboxes(ports, more);
    const now = await source.refusals();
    const isDone = now.refused === 0 && now.stopped === null && (now.oldestId === null || now.oldestId > last);
    const casesClosed = isDone ? await closeCases(ports, source.name, actor) : 0;
    return ok({ ...now, triedAgain, casesClosed });
  } catch (thrown) {
    log.warn("resume-copy", { object: source.name, error: thrown });
    return err({ kind: "database_down", triedAgain });
  }
}

async function closeCases(ports: ResumablePorts, subject: string, actor: string): Promise<number> {
  const at = ports.now();
  const cases = await ports.openCases(subject);
  const closed = cases.map(
    ({ detailsJson, version, ...found }, id): OutboxItem => ({
      id,
      row: {
        kind: "case",
        ...found,
        caseKind: "copy_conflict",
        detailsJson: JSON.stringify({ ...(JSON.parse(detailsJson) as object), closedBy: actor }),
        state: "closed",
        closedAt: at,
        version: Math.max(version + 1, at),
      },
    }),
  );
  return closed.length === 0 ? 0 : (await ports.copies.write(closed)).recorded.length;
}
