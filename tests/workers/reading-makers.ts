import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { Reading } from "../../src/domain/reading.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import { GATE_SOURCES } from "../../workers/objects/disconnect-gate.ts";
import { gateOf } from "../../workers/objects/locate.ts";
import { ledger } from "./account-makers.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const reading = (over: Partial<Reading> & Pick<Reading, "readAt" | "registerWh">): Reading => ({
  meterNumber: "23099001",
  powerW: null,
  voltageMv: null,
  currentMa: null,
  frequencyMhz: null,
  connected: true,
  source: "iot",
  ...over,
});

export async function viewOf(account: string): Promise<AccountView> {
  const view = await ledger(account).view(account);
  if (view === null || view === "not_ready") throw new Error(`no view: ${view}`);
  return view;
}

/** What the account owes Postgres, of one kind. */
export async function owedBy<K extends OutboxRow["kind"]>(account: string, kind: K) {
  const rows = (await ledger(account).copyBatch(1_000)).map(({ row }) => row);
  return rows.filter((row): row is Extract<OutboxRow, { kind: K }> => row.kind === kind);
}

/** Nothing but the account itself speaks against a disconnect. */
export async function calmGate(site = "MAK") {
  for (const source of GATE_SOURCES) await gateOf(env).told(source);
  await gateOf(env).putSettings({ disconnectsOn: true, sites: [{ site, accounts: 100 }] });
  await keepPhonesPolling();
}

export const keepPhonesPolling = (lastPollAt = Date.now()) =>
  gateOf(env).pulse({
    phoneId: "phone-a",
    tillId: "till-a",
    channel: "electricity",
    lastPollAt,
    oldestUnprocessedAt: null,
    revoked: false,
  });

/** Wakes the account as its alarm would, when something is due. */
export const wake = (account: string) => runDurableObjectAlarm(ledger(account));
