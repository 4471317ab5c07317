/** `npm run trace`: one payment from the phone to the copy, or what one request did, in the order in which it happened. From what is stored. */
import type { ReceiptStory, StorySms } from "../src/queries/receipt-story.ts";
import type { RequestSms } from "../src/queries/sms-of-request.ts";
import { amountIn } from "./amounts.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door, knock } from "./door.ts";
import type { Act } from "./ops-audit.ts";

/** As much of an SMS' hash as its log lines name. */
const HASH_CHARS = 12;
/** Acts of one receipt, or of one request, that are asked for. */
const ACTS_MAX = 200;

type Forward = { state: string };
type ActLine = Pick<Act, "id" | "at" | "actor" | "action" | "subject" | "reason" | "requestId">;
/** As /api/ops/payments answers it. */
export type Told = Omit<ReceiptStory, "sms"> & { sms: (StorySms & { forward: Forward | null })[] };
type Step = { at: number; text: string };

export const TRACE_COMMANDS: Record<string, Command> = {
  trace: {
    help: "--receipt R | --request ID   one payment from the phone to the copy, or what one request brought and did; --request: as the log, the audit or X-Request-Id names it",
    run: trace,
  },
};

async function trace(door: Door, flags: Flags) {
  if (flags.request !== undefined) return traceRequest(door, flags.request);
  console.log((await linesOf(door, need(flags, "receipt"))).join("\n"));
}

async function traceRequest(door: Door, request: string) {
  const [{ acts }, { sms }] = await Promise.all([
    actsOf(door, { request }),
    call<{ sms: RequestSms[] }>(door, "GET", `/requests/${encodeURIComponent(request)}/sms`),
  ]);
  if (acts.length === 0 && sms.length === 0)
    throw new Error(
      `no SMS and no act has the request ${request}; what a provider sent, and what came before this was kept, is traced by its --receipt`,
    );
  console.log(requestLines(sms, acts).join("\n"));
  for (const receipt of receiptsOf(sms, acts))
    console.log(["", `receipt ${receipt}`, ...(await linesOf(door, receipt))].join("\n"));
}

/** What a request brought and did, a line for each step, in the order of their instants, UTC. */
export const requestLines = (sms: readonly RequestSms[], acts: readonly ActLine[]): string[] =>
  [...sms.flatMap(requestSmsSteps), ...acts.map(actStep)].sort((a, b) => a.at - b.at).map(line);

/** Receipts that a request's SMS and acts speak of, each once, in the order in which they come. */
export const receiptsOf = (sms: readonly RequestSms[], acts: readonly ActLine[]): string[] => [
  ...new Set([
    ...sms.flatMap(({ results }) => results.flatMap(({ receipt }) => receipt ?? [])),
    ...acts.flatMap(({ subject }) => /^receipt:(.+)$/.exec(subject)?.[1] ?? []),
  ]),
];

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
export function traceLines(story: Told, acts: readonly ActLine[]): string[] {
  const { payment } = story;
  const money = (minor: number) => amountIn(payment?.currency, minor);
  const steps: Step[] = [
    ...story.sms.flatMap(smsSteps),
    ...story.sightings.map(({ seenAt, road, provider, amountMinor, account, verdict }) => ({
      at: seenAt,
      text: `seen       by the road ${road}, ${provider}, ${money(amountMinor)} for ${account ?? "nobody named"}: ${verdict}`,
    })),
    ...story.lines.map(({ at, tillId, kind, amountMinor, uploadId }) => ({
      at,
      text: `statement  ${kind} ${money(amountMinor)} in till ${tillId}, upload ${uploadId}`,
    })),
    ...claimSteps(story),
    ...story.shares.map(({ at, generation, share, holderKind, account, amountMinor, because, actor }) => ({
      at,
      text: `held       generation ${generation}, share ${share}: ${money(amountMinor)} by ${account ?? holderKind}${because === null ? "" : ` (${because})`}${actor === null ? "" : `, by ${actor}`}`,
    })),
    ...story.entries.flatMap(
      ({ entryKey, book, kind, account, seq, amountMinor, energyWh, acceptedAt, recordedAt }) => [
        {
          at: acceptedAt,
          text: `posted     ${kind} ${money(amountMinor)} in ${book}${account === null ? "" : ` of ${account}, ${energyWh} Wh, entry ${seq}`}: ${entryKey}`,
        },
        { at: recordedAt, text: `copied     ${book}: ${entryKey}` },
      ],
    ),
    ...story.credits.flatMap(({ queuedAt, sentAt, confirmedAt, vendor, externalId, amountMinor, state, vendorId }) => [
      {
        at: queuedAt,
        text: `credit     ${money(amountMinor)} owed to the wallet at ${vendor}: ${externalId}, now ${state}`,
      },
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
    ...acts.map(actStep),
  ];
  const end =
    payment === null
      ? "nobody has claimed it"
      : `now ${money(payment.amountMinor)}: ${payment.holderKind}, generation ${payment.generation}${payment.blocked ? ", blocked by a reversal" : ""}`;
  return [...steps.sort((a, b) => a.at - b.at).map(line), end];
}

function smsSteps({ receivedAt, contentHash, phoneId, tillId, alsoOn, results, forward }: Told["sms"][number]): Step[] {
  const also = alsoOn.length === 0 ? "" : `, also on ${alsoOn.join(", ")}`;
  const sent = forward === null ? "" : `; its forward: ${forward.state}`;
  return [
    { at: receivedAt, text: `kept       SMS ${hashOf(contentHash)} of phone ${phoneId}, till ${tillId}${also}${sent}` },
    ...results.map((result) => readStep(contentHash, result)),
  ];
}

function requestSmsSteps({ receivedAt, recordedAt, contentHash, phoneId, firstBy, results }: RequestSms): Step[] {
  const hash = hashOf(contentHash);
  const first = firstBy === null ? "" : `, after ${firstBy}`;
  return [
    { at: receivedAt, text: `kept       SMS ${hash} of phone ${phoneId}${first}` },
    ...results.map((result) => readStep(contentHash, result)),
    ...(recordedAt === null ? [] : [{ at: recordedAt, text: `copied     SMS ${hash}` }]),
  ];
}

type Reading = Told["sms"][number]["results"][number];
const readStep = (contentHash: string, { processedAt, parserVersion, outcome, because }: Reading): Step => ({
  at: processedAt,
  text: `read       SMS ${hashOf(contentHash)} by parser ${parserVersion}: ${outcome}${because === null ? "" : ` (${because})`}`,
});

const hashOf = (contentHash: string) => contentHash.slice(0, HASH_CHARS);

const claimSteps = ({ payment }: Told): Step[] =>
  payment === null
    ? []
    : [
        ...(payment.claimedAt === null
          ? []
          : [
              {
                at: payment.claimedAt,
                text: `claimed    ${amountIn(payment.currency, payment.amountMinor)}, road ${payment.road ?? "-"}`,
              },
            ]),
        { at: payment.recordedAt, text: `copied     receipt ${payment.receipt}` },
      ];

const actStep = ({ id, at, actor, action, subject, reason, requestId }: ActLine): Step => ({
  at: Date.parse(at),
  text: `act        ${id} ${action} of ${subject} by ${actor}${reason === null ? "" : `, "${reason}"`}${requestId === null ? "" : `, request ${requestId}`}`,
});

const line = ({ at, text }: Step) => `${new Date(at).toISOString()}  ${text}`;
