/** A vendor's platform in a simulated world: its wallets get what the Worker sends there, on good days and on bad ones. */
import { koiosSim } from "../koios/app.ts";
import { koiosSiteId, type OrgState } from "../koios/org.ts";
import type { SimFetch } from "../vendors/http.ts";
import type { Machine } from "./machine.ts";

export const VENDOR_URL = "http://koios.test";
const ORG = "simulated";
export const VENDOR_SITE = "MAS";
export const VENDOR_SITE_ID = koiosSiteId(ORG, VENDOR_SITE);
const RATE_E4_PER_KWH = 50_000;
/** Longer than the Worker waits for any answer. */
const LATE_MS_MAX = 150_000;
/** Some payments wait there before the wallet has them, on good days too. */
const PENDING = { permille: 300, seconds: 60 };
/** What becomes of a request on a bad day; after the second and the third the payment may be in the wallet all the same. */
const BAD_DAY = ["no line", "answer lost", "answer late", "no gateway", "page for people"] as const;

export type WalletSeen = { account: string; externalId: string | null; amountMinor: number; isProcessed: boolean };

export class SimulatedVendor {
  readonly #machine: Machine;
  readonly #fetch: SimFetch;
  readonly #org: OrgState;
  readonly vars: Record<string, string>;
  #looked = 0;
  readonly #times = new Map<string, number>();

  /** `secrets`: of the key that reads and of the one that credits. */
  constructor(machine: Machine, seed: number, secrets: { read: string; write: string }) {
    this.#machine = machine;
    const sim = koiosSim({
      orgs: [
        {
          ...{ org: ORG, name: "Simulated", country: "LS", currency: "LSL", minorDigits: 2, utcOffsetMinutes: 120 },
          keys: [
            { id: "read", secret: secrets.read, grant: "read" },
            { id: "write", secret: secrets.write, grant: "manage" },
          ],
          login: { email: "", password: secrets.write },
          sites: [{ code: VENDOR_SITE, name: VENDOR_SITE }],
          customers: [],
        },
      ],
      seed,
      now: () => machine.now(),
    });
    const [org] = sim.orgs;
    // Its readings never come: what a vendor's days do is asked elsewhere, and here they would only take time.
    const refusal = sim.board.set({ unlimited: true, freshness_null: true, report_404: true, pending: PENDING });
    if (org === undefined || refusal !== null) throw new Error(refusal ?? "no organisation");
    this.#fetch = sim.fetch;
    this.#org = org;
    this.vars = {
      KOIOS_URL: VENDOR_URL,
      KOIOS_ORG: ORG,
      KOIOS_READ_KEY: `read:${secrets.read}`,
      KOIOS_WRITE_KEY: `write:${secrets.write}`,
    };
  }

  /** A customer with a meter there. */
  add(code: string, serial: string) {
    this.#org.wallets.customers.set(code, {
      ...{ code, name: code, phone: null, site: VENDOR_SITE, serial, kind: "household" },
      ...{ rateE4PerKwh: RATE_E4_PER_KWH, openingMinor: 0 },
    });
  }

  /** `failing`: the share of requests that meet a fault. */
  async answer(request: Request, failing: number): Promise<Response> {
    const machine = this.#machine;
    if (!machine.strikes("vendor", failing)) return this.#fetch(request);
    switch (machine.draw.pick(BAD_DAY)) {
      case "no line":
        throw new Error("the vendor does not answer");
      case "answer lost":
        await this.#fetch(request);
        throw new Error("the vendor's answer is lost");
      case "answer late": {
        const answer = await this.#fetch(request);
        await machine.sleep(machine.draw.below(LATE_MS_MAX));
        return answer;
      }
      case "no gateway":
        return new Response("<html><body>502</body></html>", {
          status: 502,
          headers: { "Content-Type": "text/html" },
        });
      default:
        return new Response("<!doctype html><title>Koios</title>", { headers: { "Content-Type": "text/html" } });
    }
  }

  /** What was booked in its wallets since this was asked last, and how often under that name until then. */
  booked(): { account: string; externalId: string; amountMinor: number; times: number }[] {
    const { payments } = this.#org.wallets;
    const since = payments.slice(this.#looked);
    this.#looked = payments.length;
    return since.map(({ code, externalId, amountMinor }) => {
      const times = (this.#times.get(String(externalId)) ?? 0) + 1;
      this.#times.set(String(externalId), times);
      return { account: code, externalId: String(externalId), amountMinor, times };
    });
  }

  /** What was ever booked in its wallets. */
  wallets(): WalletSeen[] {
    const { wallets } = this.#org;
    return wallets.payments.map((payment) => ({
      account: payment.code,
      externalId: payment.externalId,
      amountMinor: payment.amountMinor,
      isProcessed: wallets.isProcessed(payment),
    }));
  }
}
