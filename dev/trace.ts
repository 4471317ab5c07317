/** `npm run trace`: one payment from the phone to the copy, or what one request did, in the order in which it happened. From what is stored. */
import type { ReceiptStory, StorySms } from "../src/queries/receipt-story.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door, knock } from "./door.ts";

/** As much of an SMS' hash as its log lines name. */
const HASH_CHARS = 12;
/** Acts of one receipt, or of one request, that are asked for. */
const ACTS_MAX = 200;

type Act = {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
  requestId: string | null;
};
type Forward = { state: string };
/** As /api/ops/payments answers it. */
export type Told = Omit<ReceiptStory, "sms"> & { sms: (StorySms & { forward: Forward | null })[] };
type Step = { at: number; text: string };

export const TRACE_COMMANDS: Record<string, Command> = {
  trace: {
    help: "--receipt R | --request ID   one payment from the phone to the copy, or what one request did; --request: as the audit names it",
    run: trace,
  },
};

async function trace(door: Door, flags: Flags) {
  if (flags.request !== undefined) return traceRequest(door, flags.request);
  console.log((await linesOf(door, need(flags, "receipt"))).join("\n"));
}

async function traceRequest(door: Door, request: string) {
  const { acts } = await actsOf(door, { request });
  if (acts.length === 0)
    throw new Error(`no act has the request ${request}; what a phone or a provider sent is traced by its --receipt`);
  for (const act of acts.toReversed()) console.log(line({ at: Date.parse(act.at), text: actText(act) }));
  const receipts = new Set(acts.flatMap(({ subject }) => /^receipt:(.+)$/.exec(subject)?.[1] ?? []));
  for (const receipt of receipts) console.log(["", `receipt ${receipt}`, ...(await linesOf(door, receipt))].join("\n"));
}

async function linesOf(door: Door, receipt: string): Promise<string[]> {
  const { ok, status, text } = await knock(door, "GET", `/payments/${encodeURIComponent(receipt)}`);
  if (status === 404) throw new Error(`no receipt ${receipt} here`);
  if (!ok) throw new Error(`${status} ${text}`);
  const story = JSON.parse(text) as Told;
  const { acts } = await actsOf(door, { subject: `receipt:${story.payment?.receipt ?? receipt}` });
  return traceLines(story, acts);
}

const actsOf = (door: Door, by: Record<string, string>) =>
  call<{ acts: Act[] }>(door, "GET", `/audit?${new URLSearchParams({ ...by, limit: String(ACTS_MAX) })}`);

/** A line for each step, in the order of their instants, UTC; last, in whose hands the money is. Nobody's name, phone or words. */
export function traceLines(story: Told, acts: readonly Act[]): string[] {
  const steps: Step[] = [
    ...story.sms.flatMap(smsSteps),
    ...story.sightings.map(({ seenAt, road, provider, amountMinor, account, verdict }) => ({
      at: seenAt,
      text: `seen       by the road ${road}, ${provider}, ${amountMinor} for ${account ?? "nobody named"}: ${verdict}`,
    })),
    ...story.lines.map(({ at, tillId, kind, amountMinor, uploadId }) => ({
      at,
      text: `statement  ${kind} ${amountMinor} in till ${tillId}, upload ${uploadId}`,
    })),
    ...claimSteps(story),
    ...story.shares.map(({ at, generation, share, holderKind, account, amountMinor, because, actor }) => ({
      at,
      text: `held       generation ${generation}, share ${share}: ${amountMinor} by ${account ?? holderKind}${because === null ? "" : ` (${because})`}${actor === null ? "" : `, by ${actor}`}`,
    })),
    ...story.entries.flatMap(
      ({ entryKey, book, kind, account, seq, amountMinor, energyWh, acceptedAt, recordedAt }) => [
        {
          at: acceptedAt,
          text: `posted     ${kind} ${amountMinor} in ${book}${account === null ? "" : ` of ${account}, ${energyWh} Wh, entry ${seq}`}: ${entryKey}`,
        },
        { at: recordedAt, text: `copied     ${book}: ${entryKey}` },
      ],
    ),
    ...story.credits.flatMap(({ queuedAt, sentAt, confirmedAt, vendor, externalId, amountMinor, state, vendorId }) => [
      { at: queuedAt, text: `credit     ${amountMinor} owed to the wallet at ${vendor}: ${externalId}, now ${state}` },
      ...(sentAt === null ? [] : [{ at: sentAt, text: `credit     sent to ${vendor}: ${externalId}` }]),
      ...(confirmedAt === null
        ? []
        : [{ at: confirmedAt, text: `credit     confirmed by ${vendor} as ${vendorId ?? "-"}: ${externalId}` }]),
    ]),
    ...story.replies.flatMap(({ id, createdAt, stateAt, state, reason }) => [
      { at: createdAt, text: `answered   SMS ${id} to the customer` },
      { at: stateAt, text: `answered   SMS ${id}: ${state}${reason === null ? "" : ` (${reason})`}` },
    ]),
    ...story.cases.map(({ openedAt, caseKind, caseKey, state }) => ({
      at: openedAt,
      text: `case       ${caseKind} ${caseKey}: ${state}`,
    })),
    ...acts.map((act) => ({ at: Date.parse(act.at), text: actText(act) })),
  ];
  const { payment } = story;
  const end =
    payment === null
      ? "nobody has claimed it"
      : `now ${payment.amountMinor} ${payment.currency}: ${payment.holderKind}, generation ${payment.generation}${payment.blocked ? ", blocked by a reversal" : ""}`;
  return [...steps.sort((a, b) => a.at - b.at).map(line), end];
}

function smsSteps({ receivedAt, contentHash, phoneId, tillId, alsoOn, results, forward }: Told["sms"][number]): Step[] {
  const hash = contentHash.slice(0, HASH_CHARS);
  return [
    {
      at: receivedAt,
      text: `kept       SMS ${hash} of phone ${phoneId}, till ${tillId}${alsoOn.length === 0 ? "" : `, also on ${alsoOn.join(", ")}`}${forward === null ? "" : `; its forward: ${forward.state}`}`,
    },
    ...results.map(({ processedAt, parserVersion, outcome, because }) => ({
      at: processedAt,
      text: `read       SMS ${hash} by parser ${parserVersion}: ${outcome}${because === null ? "" : ` (${because})`}`,
    })),
  ];
}

const claimSteps = ({ payment }: Told): Step[] =>
  payment === null
    ? []
    : [
        ...(payment.claimedAt === null
          ? []
          : [
              {
                at: payment.claimedAt,
                text: `claimed    ${payment.amountMinor} ${payment.currency}, road ${payment.road ?? "-"}`,
              },
            ]),
        { at: payment.recordedAt, text: `copied     receipt ${payment.receipt}` },
      ];

const actText = ({ id, actor, action, subject, reason, requestId }: Act) =>
  `act        ${id} ${action} of ${subject} by ${actor}${reason === null ? "" : `, "${reason}"`}${requestId === null ? "" : `, request ${requestId}`}`;

const line = ({ at, text }: Step) => `${new Date(at).toISOString()}  ${text}`;
