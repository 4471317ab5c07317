import { readFileSync } from "node:fs";
import type { Instalment } from "../src/domain/fees/agreement.ts";
import type { AgreementRow } from "../src/ports/agreements.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door, send } from "./door.ts";

type One = { agreement: AgreementRow; schedule: Instalment[] };

/** Commands about advances and plans of appliances: what is signed, and how it stands. */
export const AGREEMENT_COMMANDS: Record<string, Command> = {
  agreements: { help: "[--account 0045MAK]   advances and plans, the newest first", run: list },
  agreement: { help: "--id ID   one of them, with its schedule", run: show },
  "advance:grant": {
    help: "--account 0045MAK --fee connection|readyboard --amount MINOR --contract FILE [--fraction 5000] [--monthly 0] --reason TEXT --key NAME --actor NAME   fractions in ten-thousandths; refused while a fee is owed",
    run: (door, flags) =>
      sign(door, flags, {
        ...{ kind: "advance", fee: need(flags, "fee"), principalMinor: need(flags, "amount") },
        ...given(flags, { fraction: "fractionE4", monthly: "monthlyFeeE4" }),
      }),
  },
  "financing:sign": {
    help: "--account 0045MAK --title TEXT --principal MINOR --contract FILE [--interest MINOR] [--setup MINOR] [--instalments 12] [--fraction 2000] [--penalty 0] [--grace 30] [--interval 30] --reason TEXT --key NAME --actor NAME",
    run: (door, flags) =>
      sign(door, flags, {
        ...{ kind: "financing", title: need(flags, "title"), principalMinor: need(flags, "principal") },
        ...given(flags, {
          interest: "interestMinor",
          setup: "setupMinor",
          instalments: "instalments",
          fraction: "fractionE4",
          penalty: "penaltyE4",
          grace: "graceDays",
          interval: "intervalDays",
        }),
      }),
  },
};

/** The flags that were given, under the names of the fields that they say. */
const given = (flags: Flags, names: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([flag, field]) => {
      const value = flags[flag];
      return value === undefined ? [] : [[field, value]];
    }),
  );

async function sign(door: Door, flags: Flags, what: Record<string, string>) {
  const asked = new URLSearchParams({ ...what, account: need(flags, "account"), reason: need(flags, "reason") });
  const contract = new Uint8Array(readFileSync(need(flags, "contract")));
  const headers = { "Idempotency-Key": need(flags, "key") };
  const { agreement } = await send<One>(door, `/agreements?${asked}`, contract, need(flags, "actor"), headers);
  console.log(agreementLine(agreement));
}

async function list(door: Door, flags: Flags) {
  const asked = flags.account === undefined ? "" : `?${new URLSearchParams({ account: flags.account })}`;
  const { agreements } = await call<{ agreements: AgreementRow[] }>(door, "GET", `/agreements${asked}`);
  for (const each of agreements) console.log(agreementLine(each));
  if (agreements.length === 0) console.log("none");
}

async function show(door: Door, flags: Flags) {
  const { agreement, schedule } = await call<One>(door, "GET", `/agreements/${encodeURIComponent(need(flags, "id"))}`);
  console.log(agreementLine(agreement));
  for (const { nth, day, amountMinor, sumMinor } of schedule)
    console.log(`  ${nth}  ${day}  ${amountMinor}, ${sumMinor} by then`);
}

export function agreementLine(one: AgreementRow): string {
  const { id, account, part, title, currency, chargedMinor, paidMinor, outstandingMinor, state, because } = one;
  const what = title === null ? part : `${part} (${title})`;
  const stands =
    outstandingMinor === null
      ? "not in the books yet"
      : `owed ${outstandingMinor} of ${chargedMinor}, paid ${paidMinor} ${currency} (minor units)`;
  return `${id}  ${account}  ${what}  ${stands}  ${state}${because === null ? "" : `, ${because}`}  by ${one.orderedBy}`;
}
