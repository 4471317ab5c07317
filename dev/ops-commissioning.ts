import { STEPS, type Step } from "../src/domain/commissioning-rules.ts";
import type { SiteStages } from "../src/queries/commissioning.ts";
import { ROWS_MAX } from "../src/services/record-commissioning.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door, knock } from "./door.ts";
import { readLegacyFile } from "./legacy-file.ts";

type AccountView = {
  account: string;
  stage: Step;
  isConnected: boolean;
  connectedOn: string | null;
  terminatedOn: string | null;
  steps: { step: Step; on: string | null; reached: boolean; waitsFor: string | null }[];
  events: {
    seq: number;
    step: Step;
    kind: string;
    day: string | null;
    refersTo: number | null;
    actor: string | null;
    reason: string | null;
  }[];
};
type Row = { row: number; account?: string; step?: Step; status: string; says?: string; because?: unknown };

/** Commands about how accounts come to have light. */
export const COMMISSIONING_COMMANDS: Record<string, Command> = {
  "commission:events": {
    help: "[--site MAK] [--stage commissioned]   how many accounts of each site stand where, and who; --account 0045MAK [--step S [--act record|correct|withdraw] [--day 2026-11-03] [--reason TEXT] --actor NAME]   one account's way, or something said of it",
    run: events,
  },
  "commission:bulk": {
    help: `--file rows.csv [--mode all|good] --actor NAME   columns account, step, on, act, reason; at most ${ROWS_MAX} rows; the same file again changes nothing`,
    run: bulk,
  },
};

async function events(door: Door, flags: Flags) {
  if (flags.account === undefined) return funnel(door, flags);
  const path = `/accounts/${encodeURIComponent(flags.account)}/commissioning`;
  if (flags.step === undefined) return accountLines(await call<AccountView>(door, "GET", path));
  const body = {
    step: flags.step,
    act: flags.act,
    on: flags.day,
    reason: flags.reason,
  };
  accountLines(await call<AccountView>(door, "POST", path, body, need(flags, "actor")));
}

function accountLines({ account, stage, connectedOn, terminatedOn, steps, events: all }: AccountView) {
  const dates = [connectedOn && `connected ${connectedOn}`, terminatedOn && `ended ${terminatedOn}`].filter(Boolean);
  console.log([`${account}: ${stage}`, ...dates].join(", "));
  for (const { step, on, reached, waitsFor } of steps)
    console.log(
      `  ${step.padEnd(20)} ${reached ? (on ?? "day not known") : `– ${waitsFor === null ? "" : `(${waitsFor})`}`}`,
    );
  for (const { seq, step, kind, day, refersTo, actor, reason } of all)
    console.log(
      `  #${seq} ${step} ${kind} ${day ?? ""} ${refersTo === null ? "" : `of #${refersTo}`} ${actor ?? ""} ${reason ?? ""}`.trimEnd(),
    );
}

async function funnel(door: Door, flags: Flags) {
  const asked = new URLSearchParams();
  for (const name of ["site", "stage"] as const) if (flags[name] !== undefined) asked.set(name, flags[name]);
  const {
    sites,
    accounts = [],
    next = null,
  } = await call<{
    sites: SiteStages[];
    accounts?: { account: string; name: string; connectedAt: number | null }[];
    next?: string | null;
  }>(door, "GET", `/commissioning?${asked}`);
  for (const { site, accounts: count, connected, at, reached } of sites) {
    console.log(`${site}: ${count} accounts, ${connected} connected`);
    for (const step of STEPS)
      console.log(
        `  ${step.padEnd(20)} ${String(reached[step]).padStart(6)} reached  ${String(at[step]).padStart(6)} stand here`,
      );
  }
  for (const { account, name } of accounts) console.log(`${account} ${name}`);
  if (next !== null) console.log("… and more");
}

async function bulk(door: Door, flags: Flags) {
  const { rows } = readLegacyFile(need(flags, "file"));
  const said = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== "")),
  );
  const { ok, status, text } = await knock(
    door,
    "POST",
    "/commissioning/bulk",
    { rows: said, mode: flags.mode ?? "all" },
    need(flags, "actor"),
  );
  const answer = JSON.parse(text) as {
    written?: number;
    refused?: number;
    results?: Row[];
    error?: { message: string; details: Row[] | null };
  };
  for (const { row, account = "?", step = "?", status: what, says, because } of answer.results ??
    answer.error?.details ??
    [])
    console.log(
      `row ${row + 1}: ${account} ${step} ${what}${what === "refused" ? `: ${says ?? JSON.stringify(because)}` : ""}`,
    );
  if (!ok) throw new Error(answer.error?.message ?? `${door.where} answered ${status}`);
  console.log(`${answer.written} written, ${answer.refused} refused`);
}
