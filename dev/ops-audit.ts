import type { AuditWalk, ChainHead } from "../src/domain/audit/chain.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

/** An act as /api/ops/audit lists it. */
export type Act = {
  seq: number;
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
  requestId: string | null;
  reverts: number | null;
  revertedBy: number | null;
};

const FILTERS = ["table", "subject", "actor", "action", "request", "from", "to", "limit", "cursor"];
/** A chain of ten million rows, a thousand a page. */
const PAGES_MAX = 10_000;
const PAGE_MAX = 1_000;

/** Commands about who did what. */
export const AUDIT_COMMANDS: Record<string, Command> = {
  audit: {
    help: "[--table customers] [--subject customer:12] [--by NAME] [--action site.put] [--request ID] [--from 2026-11-01T00:00:00Z] [--to …] [--limit 50] [--cursor N]   who did what, newest first",
    run: list,
  },
  "audit:show": {
    help: "--id N   one act: before, after, and field by field what changed",
    run: (door, flags) => say(door, "GET", `/audit/${encodeURIComponent(need(flags, "id"))}`),
  },
  "audit:revert": {
    help: "--id N --reason TEXT --actor NAME   puts the row back as it was before that act, if nobody changed it since",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/audit/${encodeURIComponent(need(flags, "id"))}/revert`,
        { reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
  "audit:verify": {
    help: "[--expect SEQ:HASH]   walks the audit's chain from its first row, and compares it with the heads kept outside the database; --expect: with one you noted",
    run: verify,
  },
};

async function list(door: Door, { by, ...flags }: Flags) {
  const given: Flags = { ...flags, ...(by === undefined ? {} : { actor: by }) };
  const asked = FILTERS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]));
  const path = `/audit?${new URLSearchParams(asked as [string, string][])}`;
  const { acts, next } = await call<{ acts: Act[]; next: number | null }>(door, "GET", path);
  for (const act of acts) console.log(lineOf(act));
  console.log(`${acts.length} acts${next === null ? "" : `; older ones: --cursor ${next}`}`);
}

const lineOf = ({ id, at, actor, action, subject, reason, reverts, revertedBy }: Act) =>
  [
    `${id}  ${at}  ${actor}  ${action}  ${subject}`,
    reason === null ? null : `"${reason}"`,
    reverts === null ? null : `reverts ${reverts}`,
    revertedBy === null ? null : `reverted by ${revertedBy}`,
  ]
    .filter((part) => part !== null)
    .join("  ");

async function verify(door: Door, { expect }: Flags) {
  const noted = expect === undefined ? null : headOf(expect);
  const draw = progressLine();
  let head: ChainHead | null = null;
  let walked = 0;
  let differs = noted;
  for (let page = 0; page < PAGES_MAX; page++) {
    const at: number = head?.seq ?? 0;
    // A page ends where the noted head has to be: its hash is then the head's.
    const limit = noted !== null && noted.seq > at ? Math.min(PAGE_MAX, noted.seq - at) : PAGE_MAX;
    const after: string = head === null ? "" : `after=${head.seq}&hash=${head.hash}&`;
    const walk: AuditWalk = await call<AuditWalk>(door, "GET", `/audit/chain?${after}limit=${limit}`);
    walked += walk.walked;
    head = walk.head;
    if (noted !== null && noted.seq === head.seq && noted.hash === head.hash) differs = null;
    draw(() => `${walked} rows walked`);
    if (walk.isEnd) return report(door, walk, walked, differs);
  }
  throw new Error(`more than ${PAGES_MAX} pages`);
}

const BROKEN = {
  missing_before: "a row before it is missing",
  does_not_follow: "it does not follow the row before",
  changed: "it is not what was written",
} as const satisfies Record<NonNullable<AuditWalk["broken"]>["because"], string>;

function report(door: Door, { head, broken, kept, lost }: AuditWalk, walked: number, differs: ChainHead | null) {
  clearLine();
  console.log(`${walked} rows of ${door.where} follow one another; the last is ${head.seq}:${head.hash}`);
  if (broken !== null)
    console.log(`BROKEN at row ${broken.seq} (npm run audit:show -- --id ${broken.id}): ${BROKEN[broken.because]}`);
  console.log(`${kept - lost.length} of ${kept} heads kept outside the database are in it`);
  for (const { seq, hash } of lost) console.log(`LOST: the chain once had ${seq}:${hash}`);
  if (differs !== null) console.log(`LOST: it does not have ${differs.seq}:${differs.hash}, which you noted`);
  if (broken !== null || lost.length > 0 || differs !== null) process.exitCode = 1;
}

function headOf(expect: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(expect) ?? [];
  if (seq === undefined || hash === undefined) throw new Error("--expect is SEQ:HASH, as audit:verify prints it");
  return { seq: Number(seq), hash };
}
