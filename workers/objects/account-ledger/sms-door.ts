import { COUNTRIES, type CountryCode } from "../../../src/domain/country.ts";
import { chooseChannel, type SmsRoute } from "../../../src/domain/sms-route.ts";
import type { SmsTemplate } from "../../../src/ports/directory.ts";
import type { PhonePulse } from "../../../src/ports/gate.ts";
import { log } from "../../../src/ports/log.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../../src/ports/mailboxes.ts";
import { type BoundSms, bindSms, boundTo, type OwedSms, type SmsPorts } from "../../../src/services/send-sms.ts";
import type { Env } from "../../env.ts";
import { enqueueAt, hasCarrier, smsRoute } from "../../sms-channels.ts";
import type { Write } from "../joint.ts";
import { directoryOf, gateOf } from "../locate.ts";
import { Remembered } from "../remembered.ts";
import { within } from "../turns.ts";
import { type Effect, type EffectTable, postponed } from "./sms.ts";

/** Longest that one SMS may keep the account's alarm: the light of the next payment waits behind it. */
const STEP_MS_MAX = 3_000;

/** The way of an SMS out of the account: written and bound to a phone, then put into that phone's Mailbox. */
export type SmsDoor = SmsPorts & {
  /** Bound by what is known here anyhow, without asking anybody; null: somebody has to be asked. */
  boundAtOnce(owed: OwedSms): BoundSms | null;
  enqueue(phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer>;
};

/** How long phones and templates are gone by that another account has asked for: who has just paid changes neither. */
const KNOWN_MS = 5_000;
const phones = new Remembered<PhonePulse[]>(KNOWN_MS);
const templates = new Remembered<SmsTemplate | null>(KNOWN_MS);
const routes = new Remembered<SmsRoute>(KNOWN_MS);

export const smsDoorOf = (env: Env, now: () => number): SmsDoor => ({
  country: COUNTRIES[env.COUNTRY as CountryCode],
  gate: { phones: () => phones.get("", now(), () => gateOf(env).phones()) },
  directory: {
    template: (kind, languages) =>
      templates.get(templateKey(kind, languages), now(), () => directoryOf(env).template(kind, languages)),
  },
  route: (kind) => routes.get(kind, now(), () => smsRoute(env, kind)),
  boundAtOnce(owed) {
    const template = templates.known(templateKey(owed.kind, [owed.language]), now());
    const route = hasCarrier(env) ? routes.known(owed.kind, now()) : "phone";
    const known = phones.known("", now());
    if (template === undefined || route === undefined || known === undefined) return null;
    const channel = chooseChannel(route, known, now());
    return channel === null ? null : boundTo(COUNTRIES[env.COUNTRY as CountryCode], owed, channel, template);
  },
  enqueue: (phoneId, sms) => enqueueAt(env, phoneId, sms, null),
});

const templateKey = (kind: string, languages: readonly string[]) => `${kind}/${languages}`;

/** Hands over what is due. One that cannot go now waits, and does not keep the others back. */
export async function sendDueSms(effects: EffectTable, door: SmsDoor, now: () => number, write: Write) {
  const tried = await Promise.all(effects.due(now()).map((effect) => sendOne(effects, door, effect, now)));
  await write(() => {
    for (const effect of tried) effects.put(effect);
  });
}

/** What becomes of it. */
async function sendOne(effects: EffectTable, door: SmsDoor, effect: Effect, now: () => number): Promise<Effect> {
  if (now() >= effect.sms.expiresAt) return { ...effect, state: "expired" };
  try {
    const bound = effect.bound ?? (await within(STEP_MS_MAX, bind(door, effect, now())));
    if (bound === null) return postponed({ ...effect, because: "no_phone" }, now());
    // Bound before it is handed over: if the answer is lost, the same Mailbox gets the same id again.
    if (effect.bound === null) effects.put({ ...effect, bound });
    const answer = await within(STEP_MS_MAX, door.enqueue(bound.phoneId, bound.sms));
    if (answer.status === "not_ready") return postponed({ ...effect, bound, because: "not_ready" }, now());
    // Refused for ever by this Mailbox, which therefore does not have it: another phone may be chosen.
    if (answer.status === "refused") return postponed({ ...effect, bound: null, because: answer.because }, now());
    return { ...effect, bound, state: "handed", because: null };
  } catch (thrown) {
    log.warn("sms", { tries: effect.tries, error: thrown });
    const latest = effects.find(effect.sms.key) ?? effect;
    return postponed({ ...latest, because: "unanswered" }, now());
  }
}

async function bind(door: SmsDoor, effect: Effect, now: number): Promise<BoundSms | null> {
  const bound = await bindSms(door, effect.sms, now);
  return bound.ok ? bound.value : null;
}
