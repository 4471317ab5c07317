import { neonMirrors } from "../../src/adapters/neon/mirrors.ts";
import { VENDORS, type Vendor } from "../../src/domain/vendor.ts";
import { log } from "../../src/ports/log.ts";
import { beginMirror, type MirrorPage, type MirrorStep, mirrorPage } from "../../src/services/mirror-payments.ts";
import type { MirrorPorts } from "../../src/services/mirror-ports.ts";
import { receivePayment } from "../../src/services/receive-payment.ts";
import type { Env } from "../env.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf, countryOf, databaseOf, receiptsOf, receivePortsOf } from "../ports.ts";
import { vendorPaymentsOf } from "../vendors.ts";
import type { Job } from "./job.ts";

/** Null: this country cannot read that vendor's list of payments. */
function portsOf(env: Env, vendor: Vendor): MirrorPorts | null {
  const payments = vendorPaymentsOf(env, vendor);
  if (payments === null) return null;
  return {
    vendor,
    payments,
    country: countryOf(env),
    mirrors: neonMirrors(databaseOf(env)),
    receipts: receiptsOf(env),
    accountOfMeter: (meterNumber, at) => directoryOf(env).accountOfMeter(meterNumber, at),
    receive: (payment) => receivePayment(receivePortsOf(env), payment),
    cutoverAt: () => directoryOf(env).cutoverAt(),
    writers: (site) => directoryOf(env).creditWriterSettings(site),
    now: () => clockOf(env).now(),
  };
}

type Page = { vendor: Vendor; run: MirrorPage };

/** Every quarter of an hour, a page a message: what the operators of a vendor's platform were paid there. */
export const mirrorPaymentsJob: Job = async (env, page) => {
  if (page === null) {
    for (const vendor of VENDORS) {
      const ports = portsOf(env, vendor);
      const run = ports === null ? null : await beginMirror(ports, null);
      if (run !== null) await env.JOBS.send({ job: "mirror-payments", page: { vendor, run } satisfies Page });
    }
    return null;
  }
  const { vendor, run } = page as Page;
  const ports = portsOf(env, vendor);
  if (ports === null) return null;
  const step = await mirrorPage(ports, run);
  if (step.status === "not_ready")
    throw new Error(`page ${run.number} of ${vendor} is not done: something does not answer`);
  if (step.status === "next") return { next: { vendor, run: step.page } satisfies Page };
  log.info("mirror-payments", { vendor, ...step });
  return null;
};

/** By hand, a page a call: the caller brings the page back until there is none. */
export async function mirrorStep(
  env: Env,
  vendor: Vendor,
  run: MirrorPage | null,
  from: number | null,
): Promise<MirrorStep | "not_configured" | "no_cutover"> {
  const ports = portsOf(env, vendor);
  if (ports === null) return "not_configured";
  const page = run ?? (await beginMirror(ports, from));
  return page === null ? "no_cutover" : mirrorPage(ports, page);
}
