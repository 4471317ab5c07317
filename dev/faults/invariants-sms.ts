/** SMS: what was acknowledged is kept, once, and something was made of it. */
import type { Invariant } from "./invariants.ts";
import type { Snapshot } from "./snapshot.ts";

const key = (phoneId: string, id: string | null, text: string) => JSON.stringify([phoneId, id, text]);

function counts(list: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const each of list) found.set(each, (found.get(each) ?? 0) + 1);
  return found;
}

const short = (text: string) => text.slice(0, 60);

export const smsInvariants: readonly Invariant[] = [
  {
    name: "an acknowledged SMS is stored exactly once",
    check: ({ acked, sms }) => {
      const stored = counts(sms.map(({ phoneId, id, text }) => key(phoneId, id, text)));
      return acked.flatMap(({ phoneId, id, text }) => {
        const times = stored.get(key(phoneId, id, text)) ?? 0;
        return times === 1 ? [] : [`stored ${times} times: ${phoneId} ${id} "${short(text)}"`];
      });
    },
  },
  {
    name: "no SMS is stored that nobody brought",
    check: ({ acked, mirrored, sms }) => {
      const brought = new Set([...acked.map(({ id }) => id), ...mirrored]);
      return sms.flatMap(({ phoneId, id }) => (id !== null && brought.has(id) ? [] : [`${phoneId} ${id}`]));
    },
  },
  {
    name: "a mirrored SMS is stored once",
    check: ({ mirrored, sms }) => {
      const stored = counts(sms.map(({ id }) => id ?? ""));
      return mirrored.flatMap((id) => (stored.get(id) === 1 ? [] : [`stored ${stored.get(id) ?? 0} times: ${id}`]));
    },
  },
  {
    name: "every SMS that is not quarantined has a result",
    check: ({ sms, results }) => {
      const read = counts(results.map(({ phoneId, id }) => key(phoneId, id, "")));
      return sms.flatMap(({ phoneId, id, text, quarantined }) =>
        quarantined || read.get(key(phoneId, id, "")) === 1 ? [] : [`no result: ${phoneId} ${id} "${short(text)}"`],
      );
    },
  },
  {
    name: "the chain has a gap where a text was lost, and nowhere else",
    check: ({ mpesaGaps, textLost }) =>
      mpesaGaps === (textLost ? 1 : 0) ? [] : [`${mpesaGaps} gaps; expected ${textLost ? 1 : 0}`],
  },
  { name: "a person is called for a reason, and for every reason", check: casesFit },
];

/** Cases that no seed may end with, whatever happened. */
const NEVER = ["copy_conflict", "ledger_drift", "refiled_entry", "forward_parked", "dead_letter"];

function casesFit({ cases, expected, textLost }: Snapshot): string[] {
  const has = (kind: string, subject: string) => cases.some((each) => each.kind === kind && each.subject === subject);
  return [
    ...cases.flatMap(({ kind, subject }) => (NEVER.includes(kind) ? [`${kind}: ${subject}`] : [])),
    ...cases.flatMap(({ kind, subject }) => (kind === "chain_break" && !textLost ? [`${kind}: ${subject}`] : [])),
    ...expected.flatMap(({ receipt, amounts, reversed }) => [
      ...(amounts.length > 1 === has("receipt_conflict", receipt)
        ? []
        : [`${receipt} has amounts ${amounts.join(", ")}; a case of conflict: ${has("receipt_conflict", receipt)}`]),
      ...(reversed === has("reversal", receipt) ? [] : [`${receipt} reversed: ${reversed}; a case: ${!reversed}`]),
    ]),
  ];
}
