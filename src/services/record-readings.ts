import type { Reading, ReadingVerdict } from "../domain/reading.ts";
import type { Accounts } from "../ports/accounts.ts";
import { type DirectoryPort, METERS_ASKED_MAX } from "../ports/directory.ts";
import { log } from "../ports/log.ts";
import type { UnmappedMeters } from "../ports/unmapped-meters.ts";

export type RecordPorts = {
  directory: Pick<DirectoryPort, "accountsOfMeters">;
  accounts: Pick<Accounts, "read">;
  unmapped: Pick<UnmappedMeters, "keep">;
};

/** Readings of one call. */
export const READINGS_MAX = METERS_ASKED_MAX;
/** Accounts that are written to at the same time. */
const ACCOUNTS_AT_ONCE_MAX = 50;
/** Each call is made with a new stub: the one that failed may be broken for good. */
const TRIES = 2;

/**
 * What became of one reading. All but `later` are committed and final. `later`: what should have kept it did not answer,
 * so the same readings have to be sent again. `no_room`: too many meters are already without a place.
 */
export type Recorded =
  | { status: "accepted" | "quarantined"; account: string; because: string | null }
  | { status: "unmapped"; account: null; because: null }
  | { status: "no_room" }
  | { status: "later" };

/**
 * Brings each reading to the account on which its meter was, all of one account in one call; one that nobody owns goes
 * to the unmapped meters. An account that says "elsewhere" is asked about once more, for a placement may just have
 * changed. Twice is once. The answers come in the order of the readings.
 */
export async function recordReadings(ports: RecordPorts, readings: Reading[], now: number): Promise<Recorded[]> {
  const recorded: (Recorded | null)[] = readings.map(() => null);
  const first = await accountsOf(ports, readings, now);
  if (first === "later") return readings.map(() => ({ status: "later" }));
  const strayed = await readAll(ports, readings, first, recorded);
  if (strayed.length > 0) {
    const moved = await accountsOf(
      ports,
      strayed.flatMap((index) => readings[index] ?? []),
      now,
    );
    const second: (string | null)[] = readings.map(() => null);
    for (const [nth, index] of strayed.entries()) {
      if (moved === "later") recorded[index] = { status: "later" };
      else second[index] = moved[nth] === first[index] ? null : (moved[nth] ?? null);
    }
    await readAll(ports, readings, second, recorded);
  }
  await keepUnmapped(ports, readings, recorded);
  return recorded.map((each) => each ?? { status: "later" });
}

/** By what time a meter dates itself, unless it is ahead of us: nobody knows yet where a meter will be. */
async function accountsOf(ports: RecordPorts, readings: Reading[], now: number): Promise<(string | null)[] | "later"> {
  const questions = readings.map(({ meterNumber, readAt }) => ({ meterNumber, at: Math.min(readAt, now) }));
  return (await tried(() => ports.directory.accountsOfMeters(questions))) ?? "later";
}

/** Fills in what the accounts answer; returns the readings that are elsewhere. What has no account is left alone. */
async function readAll(
  ports: RecordPorts,
  readings: Reading[],
  accounts: readonly (string | null)[],
  recorded: (Recorded | null)[],
): Promise<number[]> {
  const byAccount = new Map<string, number[]>();
  for (const [index, account] of accounts.entries()) {
    if (account === null) continue;
    const known = byAccount.get(account);
    if (known === undefined) byAccount.set(account, [index]);
    else known.push(index);
  }
  const strayed: number[] = [];
  const calls = byAccount.entries();
  const work = async () => {
    for (const [account, indexes] of calls) {
      const own = indexes.flatMap((index) => readings[index] ?? []);
      const verdicts = (await tried(() => ports.accounts.read(account, own), isReady)) ?? "not_ready";
      for (const [nth, index] of indexes.entries()) {
        const verdict = typeof verdicts === "string" ? verdicts : (verdicts[nth] ?? "not_ready");
        if (verdict === "not_ready") recorded[index] = { status: "later" };
        else if (verdict === "unknown") recorded[index] = null;
        else if (verdict.status === "elsewhere") strayed.push(index);
        else recorded[index] = { status: verdict.status, account, because: verdict.because };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(ACCOUNTS_AT_ONCE_MAX, byAccount.size) }, work));
  return strayed;
}

const isReady = (answer: ReadingVerdict[] | "not_ready" | "unknown") => answer !== "not_ready";

async function keepUnmapped(ports: RecordPorts, readings: Reading[], recorded: (Recorded | null)[]): Promise<void> {
  const left = [...recorded.entries()].flatMap(([index, each]) => (each === null ? [index] : []));
  if (left.length === 0) return;
  const refused = await tried(() => ports.unmapped.keep(left.flatMap((index) => readings[index] ?? [])));
  if (refused === null) return;
  for (const index of left)
    recorded[index] = refused.includes(readings[index]?.meterNumber ?? "")
      ? { status: "no_room" }
      : { status: "unmapped", account: null, because: null };
}

/** Null: every try threw, or gave an answer that is none. */
async function tried<T>(ask: () => Promise<T>, isAnswer: (answer: T) => boolean = () => true): Promise<T | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const answer = await ask();
      if (isAnswer(answer)) return answer;
    } catch (thrown) {
      log.warn("record-readings", { tries, error: thrown });
    }
  }
  return null;
}
