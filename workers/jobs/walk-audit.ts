import {
  type AuditWalk,
  CHAIN_START,
  type ChainHead,
  lostHeads,
  walkChain,
  walkFrom,
} from "../../src/domain/audit/chain.ts";
import { log } from "../../src/ports/log.ts";
import { CHAIN_PAGE_MAX, chainHead, chainRows, hashesAt } from "../../src/queries/audit.ts";
import type { Env } from "../env.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf, copiesOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** One page after `from`; null: from the beginning. */
export async function walkAudit(env: Env, from: ChainHead | null, limit = CHAIN_PAGE_MAX): Promise<AuditWalk> {
  const reader = readerOf(env);
  const rows = await chainRows(reader, from?.seq ?? 0, limit);
  const { head, walked, broken } = walkChain(from ?? CHAIN_START, rows);
  const isEnd = broken !== null || rows.length < limit;
  if (!isEnd) return { walked, head, broken, isEnd, kept: 0, lost: [] };
  const kept = await directoryOf(env).auditHeads();
  const end = (await chainHead(reader)) ?? CHAIN_START;
  const hashes = await hashesAt(reader, [...new Set(kept.map(({ seq }) => seq))]);
  return {
    walked,
    head,
    broken,
    isEnd,
    kept: kept.length,
    lost: lostHeads(kept, end, (seq) => hashes.get(seq) ?? null),
  };
}

/**
 * Nightly: walks on from where the last night ended, on Sundays from the first row, and keeps the head in the Directory, outside Postgres: whoever cuts
 * off the chain's end, or makes all of it anew, cannot change what was kept. What is wrong opens a case.
 */
export const walkAuditJob: Job = async (env, page) => {
  const now = clockOf(env).now();
  const from = page === null ? walkFrom(await directoryOf(env).auditHeads(), now) : (page as ChainHead);
  const walk = await walkAudit(env, from);
  if (!walk.isEnd) return { next: walk.head };
  if (walk.broken !== null || walk.lost.length > 0) {
    const details = { broken: walk.broken, lost: walk.lost };
    log.error("audit", { ...details });
    await copiesOf(env).write([{ id: 1, row: auditCase(walk, JSON.stringify(details), now) }]);
    return null;
  }
  // In the deployment's own log too, which nobody who has only the database can change.
  log.info("audit", { ...walk.head });
  await directoryOf(env).keepAuditHead(walk.head, now);
  return null;
};

/** The same break is the same case, night after night. */
const auditCase = ({ broken, lost }: AuditWalk, detailsJson: string, now: number) => ({
  kind: "case" as const,
  caseKey: `audit:${broken === null ? `lost:${lost[0]?.seq}` : `broken:${broken.seq}`}`,
  caseKind: "audit_chain" as const,
  subject: "mutations",
  detailsJson,
  state: "open" as const,
  openedAt: now,
  closedAt: null,
  version: 1,
});
