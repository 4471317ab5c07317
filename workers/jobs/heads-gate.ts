import type { Env } from "../env.ts";
import { gateOf, mailboxOf, RECEIPT_SHARDS, shardName, shardOf } from "../objects/locate.ts";
import { headsOf } from "../ports.ts";
import type { Difference, HeadsPart } from "./heads-difference.ts";

const PHONES_MAX = 500;
const AT_ONCE_MAX = 4;
/** Texts without a receipt that are told at once, the youngest first: each waits for a person, so there are few. */
const TEXTS_MAX = 5_000;

/**
 * The disconnect gate has no truth of its own. Whoever has it tells it anew: every shard its money that waits, Postgres
 * the texts without a receipt and the settings, every Mailbox its pulse. Of `sources` only those; without, all.
 */
export async function tellGate(env: Env, sources: readonly string[] | null = null): Promise<HeadsPart> {
  const isAsked = (source: string) => sources === null || sources.includes(source);
  const differences: Difference[] = [];
  const shards = Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shard).filter((shard) =>
    isAsked(shardName(shard)),
  );
  for (let from = 0; from < shards.length; from += AT_ONCE_MAX) {
    const some = shards.slice(from, from + AT_ONCE_MAX);
    const told = await Promise.all(some.map((shard) => shardOf(env, shard).tellGate()));
    some.forEach((shard, index) => {
      const answer = told[index] ?? "not_ready";
      const name = shardName(shard);
      if (answer === "not_ready") differences.push(differs("object_not_ready", name, answer));
      else if (answer.unknown > 0 || answer.over > 0) differences.push(differs("sent_again", name, answer));
    });
  }
  if (isAsked("texts")) await tellTexts(env);
  if (isAsked("phones")) await tellPhones(env);
  if (isAsked("settings")) await gateOf(env).putSettings(await headsOf(env).gateSettings());
  return { counts: { gateSources: shards.length }, differences };
}

const differs = (because: Difference["because"], name: string, object: unknown): Difference => ({
  what: "gate",
  name,
  day: null,
  because,
  postgres: null,
  object,
});

/** One whose case a person has closed holds nobody any more, however often it is read again. */
async function tellTexts(env: Env) {
  for (const { closed, ...held } of await headsOf(env).textsWithoutReceipt(TEXTS_MAX)) {
    if (closed) await gateOf(env).release(held.key);
    else await gateOf(env).hold(held);
  }
  await gateOf(env).told("texts");
}

/** A Mailbox tells by its own alarm, at once. */
async function tellPhones(env: Env) {
  for (const phoneId of await headsOf(env).phones(PHONES_MAX)) await mailboxOf(env, phoneId).tellGate();
  await gateOf(env).told("phones");
}

/** Every minute: a gate that lost its memory is told everything again, and lets nobody be put in the dark until then. */
export async function tellForgottenGate(env: Env) {
  const lacks = await gateOf(env).lacks();
  if (lacks.length > 0) await tellGate(env, lacks);
}
