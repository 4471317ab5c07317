/** A phone that asked for work within this is healthy: what it is given goes out soon. */
export const PHONE_HEALTHY_MS = 20 * 60_000;

export type Pulse = { phoneId: string; channel: "electricity" | "fees"; lastPollAt: number | null; revoked: boolean };

/**
 * The phone an SMS is bound to: of those that serve electricity, the one that asked for work last. So a healthy one comes
 * first, and when none is, the one that has been silent for the shortest time. Null: the country has no phone.
 */
export function choosePhone(phones: readonly Pulse[], now: number): { phoneId: string; healthy: boolean } | null {
  const [best] = phones
    .filter((phone) => phone.channel === "electricity" && !phone.revoked)
    .toSorted((a, b) => (b.lastPollAt ?? -1) - (a.lastPollAt ?? -1) || (a.phoneId < b.phoneId ? -1 : 1));
  return best === undefined ? null : { phoneId: best.phoneId, healthy: isHealthy(best, now) };
}

const isHealthy = ({ lastPollAt }: Pulse, now: number): boolean =>
  lastPollAt !== null && now - lastPollAt <= PHONE_HEALTHY_MS;

/**
 * The phone that tells whoever is on call: a healthy one, also of fees where none that serves electricity is. `kept` was chosen before,
 * and stays while it is healthy: it may have the SMS already. Null: there is none, and what is to be told waits, since a phone that is
 * silent would keep it to itself.
 */
export function chooseHealthyPhone(phones: readonly Pulse[], now: number, kept: string | null = null): string | null {
  const healthy = phones.filter((phone) => !phone.revoked && isHealthy(phone, now));
  if (healthy.some(({ phoneId }) => phoneId === kept)) return kept;
  const anyChannel = healthy.map((phone): Pulse => ({ ...phone, channel: "electricity" }));
  return (choosePhone(healthy, now) ?? choosePhone(anyChannel, now))?.phoneId ?? null;
}

/** SMS to one account: a loop somewhere must not flood a person, nor empty a phone's bundle. */
export const SMS_PER_HOUR_MAX = 5;
export const SMS_PER_DAY_MAX = 20;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Whether one more SMS may go to an account, given when the earlier ones were ordered. */
export function withinSmsRate(orderedAt: readonly number[], now: number): boolean {
  const since = (spanMs: number) => orderedAt.filter((at) => at > now - spanMs).length;
  return since(HOUR_MS) < SMS_PER_HOUR_MAX && since(DAY_MS) < SMS_PER_DAY_MAX;
}
