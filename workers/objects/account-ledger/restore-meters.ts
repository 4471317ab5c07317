import type { RelayCommandRow } from "../../../src/domain/outbox.ts";
import type { Point, Register } from "../../../src/domain/register.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { ReadingRestores, StoredRegister } from "../../../src/ports/reading-restores.ts";
import type { OutboxTable } from "../outbox.ts";
import type { Desks } from "./desks.ts";
import { dayKey, onItsWay, readingKey } from "./on-its-way.ts";
import { READINGS_KEPT_MS } from "./reading-tables.ts";
import type { NamedDay } from "./vendor-day-table.ts";

/** Readings that are loaded at once. */
export const READINGS_PAGE_MAX = 5_000;
/** Pages of one account in one call: forty days of ten meters that are read every minute. */
const READINGS_PAGES_MAX = 120;
/** Commands that are loaded: what was last ordered, and how often today. */
const COMMANDS_MAX = 200;

/** Days of vendor meters that are loaded at once; pages of one account: fifty years of two meters. */
export const DAYS_PAGE_MAX = 2_000;
const DAYS_PAGES_MAX = 20;

type Transaction = <T>(closure: () => T) => T;

/**
 * Takes over what Postgres knows of an account's meters and the account does not, or knew longer ago: registers, the
 * readings of the last weeks, persons' words, commands. Call after its entries are there. With an outbox, what only the
 * account knows is owed again, unless it waits there already. Null: Postgres did not answer.
 */
export async function restoreMeters(
  desks: Desks,
  restores: ReadingRestores,
  facts: AccountFacts,
  now: number,
  transaction: Transaction,
  outbox: OutboxTable | null = null,
): Promise<{ resent: number } | null> {
  const { accountId } = facts;
  const since = now - READINGS_KEPT_MS;
  const recorded = new Set<string>();
  const begun: (Point & { meterNumber: string })[] = [];
  let after: { meterNumber: string; readAt: number } | null = null;
  for (let page = 0; page < READINGS_PAGES_MAX; page++) {
    const readings = await restores.accountReadings(accountId, since, after, READINGS_PAGE_MAX);
    if (readings === "down") return null;
    transaction(() => {
      for (const reading of readings) {
        desks.readings.store(reading.meterNumber, [reading]);
        recorded.add(readingKey(reading.meterNumber, reading.readAt));
        if (reading.begins === true) begun.push(reading);
      }
    });
    const last = readings.at(-1);
    if (last === undefined || readings.length < READINGS_PAGE_MAX) break;
    after = { meterNumber: last.meterNumber, readAt: last.readAt };
  }
  const [days, registers, overrides, commands] = await Promise.all([
    recordedDays(restores, accountId),
    restores.accountRegisters(accountId),
    restores.accountOverrides(accountId),
    restores.accountCommands(accountId, COMMANDS_MAX),
  ]);
  if (days === "down" || registers === "down" || overrides === "down" || commands === "down") return null;
  return transaction(() => {
    for (const stored of registers) {
      const own = desks.readings.registers().get(stored.meterNumber);
      const merged = mergedRegister(own, registerOf(stored));
      if (merged !== own) desks.readings.putRegister(stored.meterNumber, merged);
    }
    for (const { meterNumber, expiresAt, ...word } of overrides)
      if (expiresAt === null || expiresAt > now) desks.relayTables.putOverride(meterNumber, { ...word, expiresAt });
    for (const row of commands) keepCommand(desks, facts, row);
    desks.readings.findFalls(begun);
    desks.meters.catchUp();
    desks.vendorDays.adopt(days);
    if (outbox === null) {
      desks.vendorDays.settleSince(facts, since, now);
      return { resent: 0 };
    }
    const waiting = onItsWay(outbox);
    const versions = new Map(days.map(({ meterNumber, day, version }) => [dayKey(meterNumber, day), version]));
    const readings = desks.meters.tellAgain(facts, since, (key) => !recorded.has(key) && !waiting.readings.has(key));
    const told = desks.vendorDays.tellAgain(facts, since, (key) =>
      Math.max(versions.get(key) ?? 0, waiting.days.get(key) ?? 0),
    );
    return { resent: readings + told };
  });
}

/** All days of vendor meters that Postgres has of an account. */
async function recordedDays(restores: ReadingRestores, accountId: number): Promise<NamedDay[] | "down"> {
  const all: NamedDay[] = [];
  for (let page = 0; page < DAYS_PAGES_MAX; page++) {
    const last = all.at(-1);
    const after = last === undefined ? null : { meterNumber: last.meterNumber, day: last.day };
    const days = await restores.accountVendorDays(accountId, after, DAYS_PAGE_MAX);
    if (days === "down") return "down";
    all.push(...days);
    if (days.length < DAYS_PAGE_MAX) break;
  }
  return all;
}

/** The one that was read later; its version is above both, so that Postgres takes it. */
function mergedRegister(own: Register | undefined, stored: Register): Register {
  if (own === undefined) return stored;
  const [version, newer] = [Math.max(own.version, stored.version), stored.readAt > own.readAt ? stored : own];
  return version === newer.version ? newer : { ...newer, version: version + 1 };
}

const registerOf = ({ meterNumber: _meter, seenWh, ...stored }: StoredRegister): Register => ({
  ...stored,
  seenWh: seenWh ?? stored.registerWh,
  baseAt: null,
});

/** A command that the account knows is as far as it is; one of a meter that takes none any more is no command here. */
function keepCommand(desks: Desks, facts: AccountFacts, row: RelayCommandRow) {
  const { account: _account, accountId: _id, ...command } = row;
  const thing = facts.meters.find(({ meterNumber }) => meterNumber === row.meterNumber)?.thing ?? null;
  if (thing === null || desks.relayTables.find(row.id) !== null) return;
  desks.relayTables.put({ ...command, thing, publishTries: 0, nextPublishAt: row.requestedAt });
}
