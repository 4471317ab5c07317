import { readFileSync, writeFileSync } from "node:fs";
import type { ContractRow } from "../src/ports/contracts.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";

/** Commands about contracts and the act that makes them. */
export const CONTRACT_COMMANDS: Record<string, Command> = {
  commission: {
    help: "--account 0045MAK --connected 2026-11-03 --phase single|three [--ampacity AMPERES] [--national ID] [--type HH1] [--lat=-29.5 --lon=27.9] [--customer 12] [--site MAK] [--meter 23099001 [--thing T] [--base WH]] --signature customer.png --staff NAME [--staff-signature staff.png] --key K --actor NAME   connects an account: contracts as PDFs, the meter, the events and an SMS with a link; the same key again makes nothing twice",
    run: commission,
  },
  contract: {
    help: "--account 0045MAK   its contracts; --contract 7 --out contract.pdf   the PDF; --contract 7 --days 30 --actor NAME   a new link; --contract 7 --how sms --actor NAME   sends one to the customer",
    run: contract,
  },
};

const number = (typed: string | undefined) => (typed === undefined ? undefined : Number(typed));
const picture = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path).toString("base64"));

async function commission(door: Door, flags: Flags) {
  const meter =
    flags.meter === undefined
      ? undefined
      : { meterNumber: flags.meter, thing: flags.thing, baseRegisterWh: number(flags.base) };
  const body = {
    connectedOn: need(flags, "connected"),
    servicePhase: need(flags, "phase"),
    ampacity: number(flags.ampacity) ?? "standard",
    nationalId: flags.national,
    customerId: number(flags.customer),
    site: flags.site,
    customerType: flags.type,
    latitude: number(flags.lat),
    longitude: number(flags.lon),
    meter,
    staffName: need(flags, "staff"),
    customerSignature: picture(need(flags, "signature")),
    staffSignature: picture(flags["staff-signature"]),
  };
  const path = `/accounts/${encodeURIComponent(need(flags, "account"))}/commission`;
  await say(door, "POST", path, body, need(flags, "actor"), { "Idempotency-Key": need(flags, "key") });
}

async function contract(door: Door, flags: Flags) {
  if (flags.contract === undefined) {
    const path = `/accounts/${encodeURIComponent(need(flags, "account"))}/contracts`;
    const { contracts } = await call<{ contracts: ContractRow[] }>(door, "GET", path);
    for (const { contractId, account, version, language, connectedOn, bytes, pages, sha256 } of contracts)
      console.log(
        `${contractId} ${account}-${version} ${language}, connected ${connectedOn}, ${pages} pages, ${bytes} bytes, ${sha256}`,
      );
    console.log(`${contracts.length} contracts`);
    return;
  }
  const path = `/contracts/${encodeURIComponent(flags.contract)}`;
  if (flags.out === undefined) {
    const body = flags.how === "sms" ? { sms: true } : { days: number(flags.days) };
    return say(door, "POST", `${path}/links`, body, need(flags, "actor"));
  }
  const response = await fetch(`${door.url}/api/ops${path}/pdf`, {
    headers: { "X-Ops-Key": door.key, "X-Actor": flags.actor ?? process.env.USER ?? "operator" },
  });
  if (!response.ok) throw new Error(`${door.where} answered ${response.status}: ${await response.text()}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  writeFileSync(flags.out, bytes);
  console.log(`${flags.out}: ${bytes.length} bytes`);
}
