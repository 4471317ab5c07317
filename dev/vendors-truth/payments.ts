/** What customers pay in the time that is lived through: drawn from the seed, and brought until it is taken. */
import { draw } from "../iot/draw.ts";
import { DAY_MS } from "../vendors/energy.ts";
import type { TruthWorld } from "./world.ts";

const AGAIN_MS = 20_000;
const TRIES_MAX = 100;

export type Payment = { account: string; receipt: string; amountMinor: number; at: number };

export function paymentsOf({ options, people }: TruthWorld): Payment[] {
  const { country, from, to, seed, payEveryDays } = options;
  const payments: Payment[] = [];
  for (const { account, kind } of people)
    for (let dayAt = from; dayAt <= to; dayAt += DAY_MS) {
      if (draw(payEveryDays, seed, account, "pays", dayAt) !== 0) continue;
      const times = kind === "household" ? 1 : 4;
      const steps = 1 + draw(9, seed, account, "how much", dayAt);
      const amountMinor =
        steps * times * (country === "LS" ? 500 : 200) + draw(country === "LS" ? 100 : 50, account, dayAt);
      const at = dayAt + draw(DAY_MS, seed, account, "when", dayAt);
      payments.push({ account, receipt: `TRU${country}${String(payments.length).padStart(6, "0")}`, amountMinor, at });
    }
  return payments.sort((one, other) => one.at - other.at);
}

/** As a provider's program brings it: again until somebody says that it is kept. */
export async function pay(world: TruthWorld, { account, receipt, amountMinor, at }: Payment): Promise<void> {
  const { country, keys } = world.options;
  const body = {
    account_number: account,
    amount: country === "LS" ? (amountMinor / 100).toFixed(2) : String(amountMinor),
    reference: receipt,
    provider: country === "LS" ? "mpesa" : "momo",
    timestamp: new Date(at).toISOString(),
  };
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const { clockwork } = world;
    const answer = await clockwork.ask(
      "POST",
      "/api/payments/webhook",
      { "x-gateway-key": keys[country].provider },
      body,
    );
    if (answer.status === 200) return;
    if (answer.status >= 400 && answer.status < 500)
      throw new Error(`${receipt} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await clockwork.clock.advanceTo(world.now() + AGAIN_MS);
  }
  throw new Error(`${receipt} was never taken`);
}
