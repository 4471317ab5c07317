import { afterRequest, mayLeaveCarrier } from "../domain/carrier-sms.ts";
import type { Country } from "../domain/country.ts";
import { dayStart, localDay } from "../domain/local-day.ts";
import { choosePhone } from "../domain/sms-choice.ts";
import { CARRIER_UNSET, givesBack, isQuiet, ROUTED_KINDS, routeOf } from "../domain/sms-route.ts";
import type { Carrier, CarrierBook } from "../ports/carrier.ts";
import type { Gate } from "../ports/gate.ts";
import { log } from "../ports/log.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import { within } from "./within.ts";

export type CarrierPorts = {
  country: Country;
  /** Null: none is configured; what is here waits, and goes to phones where its route says so. */
  carrier: Carrier | null;
  book: Pick<CarrierBook, "claim" | "settle" | "leaving" | "bindMove" | "stillMoving" | "moved" | "setting">;
  gate: Pick<Gate, "phones">;
  enqueue: (phoneId: string, sms: OutgoingSms) => Promise<EnqueueAnswer>;
  /** UTC ms. */
  now(): number;
};

/** Requests of one run. */
const REQUESTS_MAX = 30;
/** SMS that one run gives to phones. */
const LEAVING_MAX = 50;
/** So long a phone's object is waited for. One that hangs is asked once a run. */
const TRY_MS_MAX = 5_000;

/**
 * Sends what may go now. An SMS is marked as being sent before the request that names it leaves, so that whatever happens
 * to this run no other sends it again; the rule of what follows is `src/domain/carrier-sms.ts`.
 */
export async function sendCarrierSms(ports: CarrierPorts): Promise<{ sent: number; moved: number }> {
  const { country, carrier, book } = ports;
  const setting = (await book.setting()) ?? CARRIER_UNSET;
  let sent = 0;
  for (let request = 0; carrier !== null && request < REQUESTS_MAX; request++) {
    const now = ports.now();
    const dayStartAt = dayStart(localDay(now, country.utcOffsetMinutes), country.utcOffsetMinutes);
    const { perHourMax, perDayMax } = setting;
    const limits = {
      perHourMax,
      perDayMax,
      dayStartAt,
      isQuiet: isQuiet(now, country.utcOffsetMinutes, setting.quiet),
    };
    const claimed = await book.claim(limits, now);
    if (claimed.length === 0) break;
    const verdicts = await carrier.send(claimed);
    const steps = claimed.map(({ id, reference, tries }) => ({
      id,
      ...afterRequest(verdicts.get(reference) ?? { kind: "unknown", because: "not in the answer" }, tries, ports.now()),
    }));
    await book.settle(steps, ports.now());
    sent += steps.filter(({ state }) => state === "accepted").length;
  }
  const kinds = ROUTED_KINDS.filter((kind) => givesBack(routeOf(setting, kind, true)));
  return { sent, moved: await giveToPhones(ports, kinds) };
}

/**
 * The phone is chosen once and kept before it is asked: a repeat after a lost answer goes to the same one. What its phone does not
 * answer for goes behind the others, and ends with its time.
 */
async function giveToPhones(ports: CarrierPorts, kinds: readonly string[]): Promise<number> {
  const { book, now } = ports;
  let leaving = await book.leaving(kinds, LEAVING_MAX, now());
  const phone = leaving.length === 0 ? null : await healthyPhone(ports);
  // What no phone may have yet takes no place from what has its phone.
  if (phone === null && leaving.length === LEAVING_MAX) leaving = await book.leaving([], LEAVING_MAX, now());
  const silent = new Set<string>();
  const waits: string[] = [];
  let moved = 0;
  for (const { sms, movedTo, ...rest } of leaving) {
    if (movedTo === null && (phone === null || silent.has(phone) || !mayLeaveCarrier(rest))) continue;
    const to = movedTo ?? (await book.bindMove(sms.id, phone ?? "", now()));
    if (to === null) continue;
    const answer = silent.has(to) ? null : await answerOf(ports, to, sms);
    if (answer === null) silent.add(to);
    if (answer === null || answer.status === "not_ready") {
      waits.push(sms.id);
      continue;
    }
    await book.moved(sms.id, answer.status === "refused" ? answer.because : null, now());
    moved += answer.status === "refused" ? 0 : 1;
  }
  if (waits.length > 0) await book.stillMoving(waits, now());
  return moved;
}

/** Null: there is none, or nobody can tell. */
async function healthyPhone({ gate, now }: CarrierPorts): Promise<string | null> {
  try {
    const phone = choosePhone(await within(TRY_MS_MAX, gate.phones()), now());
    return phone?.healthy === true ? phone.phoneId : null;
  } catch (thrown) {
    log.warn("carrier: phones", { error: thrown });
    return null;
  }
}

/** Null: none came in time. The phone may have taken it all the same, and says so when it is asked again. */
async function answerOf({ enqueue }: CarrierPorts, phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer | null> {
  try {
    return await within(TRY_MS_MAX, enqueue(phoneId, sms));
  } catch (thrown) {
    log.warn("carrier: phone", { phoneId, error: thrown });
    return null;
  }
}
