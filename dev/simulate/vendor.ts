/** A vendor's platform in a simulated world: its wallets get what the Worker sends there, on good days and on bad ones. */
import { entryKeyOf } from "../../src/domain/external-id.ts";
import type { Vendor } from "../../src/domain/vendor.ts";
import type { Machine } from "./machine.ts";
import { type Platform, serialOf } from "./platforms.ts";

const RATE_E4_PER_KWH = 50_000;
/** Longer than the Worker waits for any answer. */
const LATE_MS_MAX = 150_000;
/** What becomes of a request on a bad day; after the first three the payment may be in the wallet all the same. */
const BAD_DAY = [
  "answer lost",
  "answer late",
  "answer empty",
  "no line",
  "no gateway",
  "page",
  "refusal in 200",
] as const;
/** As both of them say it. */
const LOCKED = { status: "failure", error: "wallet is locked", errors: [{ title: "wallet is locked" }] };

/** `externalId`: the key of the entry that it is for, however it is spelled there. */
export type WalletSeen = {
  account: string;
  externalId: string;
  amountMinor: number;
  isProcessed: boolean;
  isReversed: boolean;
};
export type Booked = { account: string; externalId: string; amountMinor: number; times: number };

export class SimulatedVendor {
  readonly #machine: Machine;
  readonly #name: Vendor;
  readonly #platform: Platform;
  readonly url: string;
  readonly vars: Record<string, string>;
  #looked = 0;
  readonly #times = new Map<string, number>();

  constructor(machine: Machine, name: Vendor, platform: Platform) {
    this.#machine = machine;
    this.#name = name;
    this.#platform = platform;
    this.url = platform.url;
    this.vars = platform.vars;
  }

  /** A customer with a meter there. */
  add(code: string) {
    this.#platform.wallets.customers.set(code, {
      ...{ code, name: code, phone: null, site: code.slice(4), serial: serialOf(code), kind: "household" },
      ...{ rateE4PerKwh: RATE_E4_PER_KWH, openingMinor: 0 },
    });
  }

  /** `failing`: the share of requests that meet a fault. */
  async answer(request: Request, failing: number): Promise<Response> {
    const machine = this.#machine;
    const { fetch } = this.#platform;
    if (!machine.strikes(this.#name, failing)) return fetch(request);
    switch (machine.draw.pick(BAD_DAY)) {
      case "no line":
        throw new Error("the vendor does not answer");
      case "answer lost":
        await fetch(request);
        throw new Error("the vendor's answer is lost");
      case "answer late": {
        const answer = await fetch(request);
        await machine.sleep(machine.draw.below(LATE_MS_MAX));
        return answer;
      }
      case "answer empty": {
        const { status } = await fetch(request);
        return new Response(null, { status: status < 300 ? 200 : status });
      }
      case "refusal in 200":
        return Response.json(LOCKED);
      case "no gateway":
        return new Response("<html><body>502</body></html>", {
          status: 502,
          headers: { "Content-Type": "text/html" },
        });
      default:
        return new Response("<!doctype html><title>The console</title>", { headers: { "Content-Type": "text/html" } });
    }
  }

  /** What was booked in its wallets since this was asked last, and how often under that name until then. */
  booked(): Booked[] {
    const { payments } = this.#platform.wallets;
    const since = payments.slice(this.#looked);
    this.#looked = payments.length;
    return since.flatMap(({ code, kind, externalId, amountMinor }) => {
      if (kind !== "payment") return [];
      const key = entryKeyOf(String(externalId));
      const times = (this.#times.get(key) ?? 0) + 1;
      this.#times.set(key, times);
      return [{ account: code, externalId: key, amountMinor, times }];
    });
  }

  /** What was ever booked in its wallets. */
  wallets(): WalletSeen[] {
    const { wallets } = this.#platform;
    return wallets.payments.flatMap((payment) => {
      if (payment.kind !== "payment") return [];
      const { id, code: account, externalId, amountMinor } = payment;
      const [isProcessed, isReversed] = [wallets.isProcessed(payment), wallets.isReversed(id)];
      return [{ account, externalId: entryKeyOf(String(externalId)), amountMinor, isProcessed, isReversed }];
    });
  }
}
