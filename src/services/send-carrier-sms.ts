import { afterRequest, mayLeaveCarrier } from "../domain/carrier-sms.ts";
import type { Country } from "../domain/country.ts";
import { dayStart, localDay } from "../domain/local-day.ts";
import { choosePhone } from "../domain/sms-choice.ts";
import { CARRIER_UNSET, givesBack, isQuiet, ROUTED_KINDS, routeOf } from "../domain/sms-route.ts";
import type { Carrier, CarrierBook } from "../ports/carrier.ts";
import type { Gate } from "../ports/gate.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";

export type CarrierPorts = {
  country: Country;
  /** Null: none is configured; what is here waits, and goes to phones where its route says so. */
  carrier: Carrier | null;
  book: Pick<CarrierBook, "claim" | "settle" | "leaving" | "bindMove" | "moved" | "setting">;
  gate: Pick<Gate, "phones">;
  enqueue: (phoneId: string, sms: OutgoingSms) => Promise<EnqueueAnswer>;
  /** UTC ms. */
  now(): number;
};

/** Requests of one run. */
const REQUESTS_MAX = 30;
/** SMS that one run gives to phones. */
const LEAVING_MAX = 50;

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

/** The phone is chosen once and kept before it is asked: a repeat after a lost answer goes to the same one. */
async function giveToPhones({ book, gate, enqueue, now }: CarrierPorts, kinds: readonly string[]): Promise<number> {
  const leaving = await book.leaving(kinds, LEAVING_MAX, now());
  const phone = leaving.length === 0 ? null : choosePhone(await gate.phones(), now());
  let moved = 0;
  for (const sms of leaving) {
    if (sms.movedTo === null && (phone?.healthy !== true || !mayLeaveCarrier(sms))) continue;
    const to = sms.movedTo ?? (await book.bindMove(sms.sms.id, phone?.phoneId ?? "", now()));
    if (to === null) continue;
    const answer = await enqueue(to, sms.sms);
    if (answer.status === "not_ready") continue;
    await book.moved(sms.sms.id, answer.status === "refused" ? answer.because : null, now());
    moved += answer.status === "refused" ? 0 : 1;
  }
  return moved;
}
