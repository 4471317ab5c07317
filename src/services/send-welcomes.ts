import type { Country } from "../domain/country.ts";
import { PHONE_HEALTHY_MS } from "../domain/sms-choice.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { Gate } from "../ports/gate.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { Welcomes } from "../ports/welcomes.ts";
import { writeSms } from "./send-sms.ts";

export type WelcomePorts = {
  country: Country;
  welcomes: Pick<Welcomes, "next" | "bind" | "end">;
  gate: Pick<Gate, "phones">;
  directory: Pick<DirectoryPort, "template">;
  /** SMS that wait for this phone; null: nobody knows. */
  waitingAt: (phoneId: string) => Promise<number | null>;
  enqueue: (phoneId: string, sms: OutgoingSms) => Promise<EnqueueAnswer>;
};

/**
 * An old Android sends 30 SMS in half an hour and then asks its owner: one welcome a phone every other minute leaves half of
 * that for receipts, which nobody is to wait for because a village was registered.
 */
const EVERY_MINUTES = 2;
const WAITING_MAX = 5;
const PHONES_MAX = 20;
/** Local hours in which people like to be written to. */
const HOURS = { from: 7, to: 19 } as const;
const TTL_MS = 2 * 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Sends what this minute allows: at most one through each healthy phone. Twice in one minute sends no welcome twice. */
export async function sendWelcomes(ports: WelcomePorts, now: number): Promise<{ handed: number }> {
  const hour = Math.floor((now + ports.country.utcOffsetMinutes * MINUTE_MS) / HOUR_MS) % 24;
  if (hour < HOURS.from || hour >= HOURS.to || Math.floor(now / MINUTE_MS) % EVERY_MINUTES !== 0) return { handed: 0 };
  const phones = await freePhones(ports, now);
  let handed = 0;
  for (const welcome of phones.length === 0 ? [] : await ports.welcomes.next(phones.length, now)) {
    const { customerId, account, to, language } = welcome;
    const owed = {
      key: `welcome:${customerId}`,
      kind: "welcome",
      to: `+${to}`,
      account,
      receipt: null,
      language,
      createdAt: now,
      expiresAt: now + TTL_MS,
    } as const;
    const free = welcome.phoneId ?? phones.shift();
    if (free === undefined) break;
    const { sms } = await writeSms(ports, owed, free);
    const bound = await ports.welcomes.bind(customerId, free, sms.content, now);
    if (bound === null) continue;
    const answer = await ports.enqueue(bound.phoneId, { ...sms, content: bound.content });
    if (answer.status === "not_ready") continue;
    const because = answer.status === "refused" ? answer.because : null;
    await ports.welcomes.end(customerId, because === null ? "handed" : "left", because, now);
    handed += because === null ? 1 : 0;
  }
  return { handed };
}

/** Phones for electricity that asked for work lately and have little to send. */
async function freePhones({ gate, waitingAt }: WelcomePorts, now: number): Promise<string[]> {
  const healthy = (await gate.phones())
    .filter(({ channel, revoked }) => channel === "electricity" && !revoked)
    .filter(({ lastPollAt }) => lastPollAt !== null && now - lastPollAt <= PHONE_HEALTHY_MS)
    .slice(0, PHONES_MAX);
  const waiting = await Promise.all(healthy.map(({ phoneId }) => waitingAt(phoneId)));
  return healthy.filter((_, index) => (waiting[index] ?? WAITING_MAX) < WAITING_MAX).map(({ phoneId }) => phoneId);
}
