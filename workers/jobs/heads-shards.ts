import type { ClaimExtent } from "../../src/ports/heads.ts";
import type { Env } from "../env.ts";
import { RECEIPT_SHARDS, shardName, shardOf } from "../objects/locate.ts";
import { copiesOf, headsOf } from "../ports.ts";
import { dayOf, isLongPast } from "./heads-days.ts";
import type { Difference, HeadsPart } from "./heads-difference.ts";

const AT_ONCE_MAX = 4;
/** Receipts handed to a shard at a time. */
const RECEIPTS_MAX = 500;
/** Receipts that a difference names; all of them are put right. */
const NAMED_MAX = 20;

type Claimed = { receipt: string } & ClaimExtent;
type Compared = { claims: number; lagging: number; differences: Difference[] };

/** A day of claims, over all shards. */
export async function compareShards(env: Env, day: string, now: number): Promise<HeadsPart> {
  const shards = Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shard);
  const found: Compared[] = [];
  for (let from = 0; from < shards.length; from += AT_ONCE_MAX)
    found.push(
      ...(await Promise.all(shards.slice(from, from + AT_ONCE_MAX).map((shard) => compareShard(env, shard, day, now)))),
    );
  if (day === dayOf(now))
    for (const shard of shards) {
      await closeRecorded(env, shard);
      found.push(await compareReversals(env, shard));
    }
  return {
    counts: {
      shardDays: shards.length,
      claims: found.reduce((sum, { claims }) => sum + claims, 0),
      lagging: found.reduce((sum, { lagging }) => sum + lagging, 0),
    },
    differences: found.flatMap(({ differences }) => differences),
  };
}

async function compareShard(env: Env, shard: number, day: string, now: number): Promise<Compared> {
  // The object first: what it had then and Postgres has not by now is what may be lost.
  const digest = await shardOf(env, shard).digest(day);
  const recorded = await headsOf(env).shardDigest(shard, day);
  const differs = (because: Difference["because"], postgres: unknown, object: unknown): Difference => ({
    what: "shard",
    name: shardName(shard),
    day,
    because,
    postgres,
    object,
  });
  if (digest === "not_ready")
    return { claims: 0, lagging: 0, differences: [differs("object_not_ready", recorded, digest)] };
  const changed = await lackingChanges(env, digest.changed);
  if (digest.sha256 === recorded.sha256 && changed.length === 0)
    return { claims: digest.count, lagging: 0, differences: [] };
  const own = await shardOf(env, shard).claimsOf(day);
  const theirs = await headsOf(env).shardReceiptsOf(shard, day);
  if (own === "not_ready")
    return { claims: 0, lagging: 0, differences: [differs("object_not_ready", recorded, digest)] };
  const differences: Difference[] = [];

  const lacking = [...new Set([...newer(own, theirs), ...fuller(own, theirs), ...changed])];
  const sent = await inParts(lacking, (receipts) => shardOf(env, shard).resend(receipts));
  if (sent.length > 0) differences.push(differs("sent_again", recorded, named(sent)));
  await inParts(lacking, (receipts) => askForEntries(env, shard, receipts));
  const lagging = lacking.length - sent.length;
  if (lagging > 0 && isLongPast(day, now)) differences.push(differs("lag_over_an_hour", recorded, { lagging }));

  const offered = newer(theirs, own);
  const adopted = await inParts(offered, (receipts) => shardOf(env, shard).adopt(receipts));
  if (adopted.length > 0) differences.push(differs("adopted", named(adopted), digest));
  const moved = await inParts(fuller(theirs, own), (receipts) => shardOf(env, shard).adoptEntries(receipts));
  if (moved.length > 0) differences.push(differs("moved", named(moved), digest));
  // A claim may have come and gone to Postgres between the two questions: then the shard has it by now.
  const known = new Set(adopted);
  for (const receipt of offered.filter((name) => !known.has(name))) {
    const state = await shardOf(env, shard).state(receipt);
    if (state === null || state === "not_ready") differences.push(differs("other_content", { receipt }, state));
  }
  return { claims: digest.count, lagging, differences };
}

/** Entries that came to Postgres before this shard knew of them, again: their claims may close. */
async function closeRecorded(env: Env, shard: number) {
  const keys = await shardOf(env, shard).awaiting(RECEIPTS_MAX);
  const recorded = keys.length === 0 ? [] : await copiesOf(env).recordedKeys(keys);
  if (recorded.length > 0) await shardOf(env, shard).recorded(recorded);
}

/** Operators' reversals wait for a person, also of receipts that have not come: their cases must be there. */
async function compareReversals(env: Env, shard: number): Promise<Compared> {
  const told = await shardOf(env, shard).tellReversals();
  if (told === 0) return { claims: 0, lagging: 0, differences: [] };
  const because = told === "not_ready" ? "object_not_ready" : "sent_again";
  const difference = { day: null, because, postgres: null, object: { reversals: told } } as const;
  return { claims: 0, lagging: 0, differences: [{ what: "shard", name: shardName(shard), ...difference }] };
}

/** Receipts that moved or were blocked on this day, perhaps long after their claim, of which Postgres has not the last change. */
async function lackingChanges(env: Env, changed: (Claimed & { version: number })[]): Promise<string[]> {
  if (changed.length === 0) return [];
  const recorded = await headsOf(env).versionsOf(changed.map(({ receipt }) => receipt));
  const versions = new Map(recorded.map(({ receipt, version }) => [receipt, version]));
  const older = changed.filter(({ receipt, version }) => version > (versions.get(receipt) ?? 0));
  return [...new Set([...older.map(({ receipt }) => receipt), ...fuller(changed, recorded)])];
}

/** Entries of accounts that Postgres had and has not any more: an account may have lost them too. */
async function askForEntries(env: Env, shard: number, receipts: string[]): Promise<string[]> {
  const keys = await shardOf(env, shard).recordedKeys(receipts);
  const recorded = new Set(keys.length === 0 ? [] : await copiesOf(env).recordedKeys(keys));
  const lost = keys.filter((key) => !recorded.has(key));
  if (lost.length > 0) await shardOf(env, shard).entriesLost(receipts, lost);
  return lost;
}

/** Receipts that `here` has and `there` has not, or not as far. */
function newer(here: readonly Claimed[], there: readonly Claimed[]): string[] {
  const generations = new Map(there.map(({ receipt, generation }) => [receipt, generation]));
  return here
    .filter(({ receipt, generation }) => generation > (generations.get(receipt) ?? 0))
    .map(({ receipt }) => receipt);
}

/** Receipts in one generation of which `here` has shares or postings that `there` lacks. */
function fuller(here: readonly Claimed[], there: readonly Claimed[]): string[] {
  const known = new Map(there.map((claimed) => [claimed.receipt, claimed]));
  return here
    .filter(({ receipt, generation, shares, postings }) => {
      const other = known.get(receipt);
      return other?.generation === generation && (shares > other.shares || postings > other.postings);
    })
    .map(({ receipt }) => receipt);
}

async function inParts(
  receipts: readonly string[],
  hand: (some: string[]) => Promise<string[] | "not_ready">,
): Promise<string[]> {
  const done: string[] = [];
  for (let from = 0; from < receipts.length; from += RECEIPTS_MAX) {
    const answer = await hand(receipts.slice(from, from + RECEIPTS_MAX));
    if (answer !== "not_ready") done.push(...answer);
  }
  return done;
}

const named = (receipts: readonly string[]) => ({ count: receipts.length, receipts: receipts.slice(0, NAMED_MAX) });
