import type { OutboxRow } from "../../domain/outbox.ts";
import type { CopyItem } from "../../ports/copies.ts";
import { vendorCreditStep } from "./copy-credits.ts";
import { allocationStep, paymentStep, sightingStep, suspenseStep } from "./copy-money.ts";
import { actStep, caseStep, relayCommandStep, relayOverrideStep } from "./copy-others.ts";
import { postingStep } from "./copy-postings.ts";
import { meterReadingsStep } from "./copy-readings.ts";
import { smsInboundStep, smsOutboundStep, smsResultStep, smsSightingStep } from "./copy-sms.ts";
import type { CopyStep } from "./copy-step.ts";
import { vendorDayStep } from "./copy-vendor-days.ts";
import type { Statement } from "./database.ts";

type Kind = OutboxRow["kind"];

/** What others point at comes first. */
const ORDER = [
  "payment",
  "sighting",
  "allocation",
  "suspense_case",
  "case",
  "sms_inbound",
  "sms_sighting",
  "sms_result",
  "sms_outbound",
  // Before the posting that it carries: a payment that Postgres has never lacks its credit there.
  "vendor_credit",
  "posting",
  "relay_command",
  "relay_override",
  "meter_readings",
  "vendor_day",
  "act",
] as const satisfies readonly Kind[];

const STEPS: { [K in Kind]: CopyStep<K> } = {
  payment: paymentStep,
  sighting: sightingStep,
  allocation: allocationStep,
  suspense_case: suspenseStep,
  case: caseStep,
  sms_inbound: smsInboundStep,
  sms_sighting: smsSightingStep,
  sms_result: smsResultStep,
  sms_outbound: smsOutboundStep,
  vendor_credit: vendorCreditStep,
  posting: postingStep,
  relay_command: relayCommandStep,
  relay_override: relayOverrideStep,
  meter_readings: meterReadingsStep,
  vendor_day: vendorDayStep,
  act: actStep,
};

const RANK = new Map<Kind, number>(ORDER.map((kind, rank) => [kind, rank]));

/** Stable: rows of one kind keep their order, so an account's postings stay in sequence. */
export const inKeyOrder = (items: readonly CopyItem[]): CopyItem[] =>
  items.toSorted((a, b) => (RANK.get(a.row.kind) ?? 0) - (RANK.get(b.row.kind) ?? 0));

/** A few statements for the whole batch; `i` in a verdict is the item's place in it. */
export function statementsFor(items: readonly CopyItem[]): Statement[] {
  return ORDER.flatMap((kind) => {
    const rows = items.flatMap((item, i) =>
      item.row.kind === kind ? rowsOf(item.row).map((it) => ({ ...it, owner: item.owner ?? null, i })) : [],
    );
    if (rows.length === 0) return [];
    const json = JSON.stringify(rows);
    return STEPS[kind].statements.map((query) => ({ query, params: query.includes("$1") ? [json] : [] }));
  });
}

function rowsOf<K extends Kind>(row: Extract<OutboxRow, { kind: K }>): object[] {
  // The table is keyed by the row's own kind, which the compiler cannot follow.
  const step = STEPS[row.kind] as CopyStep<K>;
  return step.rows(row);
}
