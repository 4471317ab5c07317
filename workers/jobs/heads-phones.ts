import type { Env } from "../env.ts";
import { mailboxOf } from "../objects/locate.ts";
import { headsOf } from "../ports.ts";
import { isLongPast } from "./heads-days.ts";
import type { Difference, HeadsPart } from "./heads-difference.ts";

/** Gateway phones of a country: it has a few dozen. */
const PHONES_MAX = 500;
const AT_ONCE_MAX = 4;
/** SMS of one phone's day that are processed again at once; the next run takes the rest. */
const AGAIN_MAX = 500;

/** A claim that is still not in Postgres so long after its SMS was processed has lost whoever drove it. */
const CLAIM_COPY_MS_MAX = 10 * 60_000;

type Compared = { sms: number; lagging: number; gone: number; differences: Difference[] };

/** A day of SMS, over all phones. */
export async function comparePhones(env: Env, day: string, now: number): Promise<HeadsPart> {
  const phones = await headsOf(env).phones(PHONES_MAX);
  const found: Compared[] = [];
  for (let from = 0; from < phones.length; from += AT_ONCE_MAX)
    found.push(
      ...(await Promise.all(phones.slice(from, from + AT_ONCE_MAX).map((phone) => comparePhone(env, phone, day, now)))),
    );
  const total = (count: (one: Compared) => number) => found.reduce((sum, one) => sum + count(one), 0);
  return {
    counts: {
      phoneDays: phones.length,
      phoneDaysGone: total(({ gone }) => gone),
      sms: total(({ sms }) => sms),
      lagging: total(({ lagging }) => lagging),
    },
    differences: found.flatMap(({ differences }) => differences),
  };
}

async function comparePhone(env: Env, phoneId: string, day: string, now: number): Promise<Compared> {
  const settledBefore = now - CLAIM_COPY_MS_MAX;
  // The Mailbox first: what it had then and Postgres has not by now is what may be lost.
  const object = await mailboxOf(env, phoneId).smsDay(day);
  // Its rows of that day are gone, or it was loaded later: Postgres alone has that day.
  if (object === null) {
    const again = await processAgain(env, phoneId, day, settledBefore);
    const differences: Difference[] = [];
    if (again > 0)
      differences.push({
        what: "phone",
        name: phoneId,
        day,
        because: "processed_again",
        postgres: { again },
        object: null,
      });
    return { sms: 0, lagging: 0, gone: 1, differences };
  }
  const recorded = await headsOf(env).mailboxDigest(phoneId, day, object.from);
  const compared = { sms: object.count, lagging: 0, gone: 0 };
  const differs = (because: Difference["because"], seen: unknown): Difference => ({
    what: "phone",
    name: phoneId,
    day,
    because,
    postgres: recorded,
    object: seen,
  });
  if (object.sha256 === recorded.sha256) {
    const again = await processAgain(env, phoneId, day, settledBefore);
    return { ...compared, differences: again === 0 ? [] : [differs("processed_again", { again })] };
  }
  const delivered = object.count - object.waiting;
  if (object.waiting > 0 && delivered <= recorded.count && recorded.count < object.count)
    return {
      ...compared,
      lagging: object.waiting,
      differences: isLongPast(day, now) ? [differs("lag_over_an_hour", object)] : [],
    };
  const learned = await mailboxOf(env, phoneId).learnSeen();
  const sent = await mailboxOf(env, phoneId).sendDayAgain(day);
  const differences = learned > 0 ? [differs("adopted", { ...object, learned })] : [];
  if (learned === 0 || sent > 0)
    differences.push(differs(sent > 0 ? "sent_again" : "other_content", { ...object, sent }));
  return { ...compared, differences };
}

/** SMS that are not settled, also those that only Postgres has any more; returns how many the Mailbox processes again. */
async function processAgain(env: Env, phoneId: string, day: string, settledBefore: number): Promise<number> {
  const without = await headsOf(env).smsWithoutResult(phoneId, day, settledBefore, AGAIN_MAX);
  return without.length === 0 ? 0 : mailboxOf(env, phoneId).processAgain(without);
}
