import { creditWriterAt } from "../domain/credit-writer.ts";
import { entryKeyOf } from "../domain/external-id.ts";
import { isOurKey, judgeListed, plainMemo } from "../domain/mirror.ts";
import type { CreditState } from "../domain/vendor-credit.ts";
import type { PlatformPayment } from "../domain/vendor-payment.ts";
import type { MemoCredit, OurCredit } from "../ports/mirrors.ts";
import { accountOf, type MirrorPorts, tell } from "./mirror-ports.ts";

/** An echo of ours that Postgres does not know so long after is a case: whoever sent it has forgotten it, or it is none. */
const UNKNOWN_ECHO_MS = 60 * 60_000;
/** Cases of one run over single payments; beyond it one case of the day says that there are more. */
export const ECHO_CASES_MAX = 200;
const MEMO_CHARS_MAX = 100;
/** States in which we take the money for being in the wallet, or on its way there. */
const HELD: ReadonlySet<CreditState> = new Set(["queued", "sent", "confirmed"]);

/** A payment that looks like an echo, and the credits of ours whose echo it can be; null: not ours to know. */
type Echo = { payment: PlatformPayment; states: CreditState[] | null };

/**
 * What looks like the echo of a credit is never booked by itself. People type memos, too: what is the echo of no credit that
 * we know, and what looks like the old system's where it does not write any more, may be money of a customer, and is a case.
 */
export async function lookAtEchoes(
  ports: MirrorPorts,
  payments: readonly PlatformPayment[],
  counts: Record<string, number>,
): Promise<"done" | "not_ready"> {
  const named = payments.filter(({ externalId }) => isOurKey(externalId));
  const marked = payments.filter((each) => !isOurKey(each.externalId) && judgeListed(each, null) === "ours");
  const old = await strangers(
    ports,
    payments.filter((each) => judgeListed(each, null) === "old_system"),
  );
  if (old === "not_ready") return "not_ready";
  const echoes = await byName(ports, named);
  const explained = new Set(
    echoes.flatMap(({ payment, states }) =>
      states?.length ? nameIn(payment, entryKeyOf(payment.externalId ?? "")) : [],
    ),
  );
  for (const { payment, states } of [...echoes, ...(await byMemo(ports, marked, explained)), ...old]) {
    const isTakenBack = payment.isReversal || payment.status === "reversed";
    const { externalId, memo } = payment;
    if (states === null) await unknown(ports, payment, "old_system_unknown", counts);
    else if (states.length === 0) {
      if (payment.at < ports.now() - UNKNOWN_ECHO_MS) await unknown(ports, payment, "ours_unknown", counts);
    } else if (isTakenBack && states.every((state) => HELD.has(state))) {
      add(counts, "ours_reversed");
      await tell(ports, "mirror_credit_reversed", payment, { externalId, memo: cut(memo), state: states[0] });
    }
  }
  return "done";
}

/**
 * By the external id, the key of one of our entries. Whoever can open the platform's console can copy it: it has to stand with the
 * account and the amount of that credit, else somebody's money hides behind it.
 */
async function byName(ports: MirrorPorts, payments: readonly PlatformPayment[]): Promise<Echo[]> {
  const keyOf = ({ externalId }: PlatformPayment) => entryKeyOf(externalId ?? "");
  const known = await ports.mirrors.credits([...new Set(payments.map(keyOf))]);
  const echoes: Echo[] = [];
  for (const payment of payments) {
    const credit = known.get(keyOf(payment));
    const isIts =
      credit !== undefined &&
      Math.abs(credit.amountMinor) === Math.abs(payment.amountMinor) &&
      credit.account === (await accountOf(ports, payment));
    echoes.push({ payment, states: isIts ? [credit.state] : [] });
  }
  return echoes;
}

/**
 * By the memo alone: it has to be that of a credit of the same amount for the same account. One credit has one echo: where it is listed
 * by its id too, or under another payment already, the memo was typed again.
 */
async function byMemo(
  ports: MirrorPorts,
  payments: readonly PlatformPayment[],
  explained: ReadonlySet<string>,
): Promise<Echo[]> {
  const asked: { payment: PlatformPayment; credit: MemoCredit | null }[] = [];
  for (const payment of payments) {
    const account = await accountOf(ports, payment);
    const memo = plainMemo(payment.memo ?? "");
    const amountMinor = Math.abs(payment.amountMinor);
    asked.push({ payment, credit: account === null ? null : { account, amountMinor, memo } });
  }
  const known = new Map<string, OurCredit[]>();
  for (const credit of await ports.mirrors.creditsByMemo(asked.flatMap(({ credit }) => credit ?? [])))
    known.set(nameOf(credit), [...(known.get(nameOf(credit)) ?? []), credit]);
  /** Which payment each credit explains. */
  const takenBy = new Map<string, string>();
  return asked.map(({ payment, credit }) => {
    const free = (credit === null ? [] : (known.get(nameOf(credit)) ?? [])).filter(({ id }) => {
      const name = nameIn(payment, id);
      return !explained.has(name) && (takenBy.get(name) ?? payment.key) === payment.key;
    });
    const [first] = free;
    if (first !== undefined) takenBy.set(nameIn(payment, first.id), payment.key);
    return { payment, states: free.map(({ state }) => state) };
  });
}

/** A credit's own line and that of its reversal are two lines of one credit. */
const nameIn = ({ isReversal }: PlatformPayment, id: string) => `${isReversal ? "back" : "there"} ${id}`;

const nameOf = ({ account, amountMinor, memo }: MemoCredit) => `${account} ${amountMinor} ${memo}`;

/** What looks like the old system's at a site that we credit. */
async function strangers(ports: MirrorPorts, payments: readonly PlatformPayment[]): Promise<Echo[] | "not_ready"> {
  const settings = new Map<string, Awaited<ReturnType<MirrorPorts["writers"]>>>();
  const found: Echo[] = [];
  for (const payment of payments) {
    const site = (await accountOf(ports, payment))?.slice(-3);
    if (site === undefined) continue;
    if (!settings.has(site)) settings.set(site, await ports.writers(site));
    const writers = settings.get(site) ?? null;
    if (writers === null) return "not_ready";
    if (creditWriterAt(writers, site, payment.at) === "ours") found.push({ payment, states: null });
  }
  return found;
}

async function unknown(ports: MirrorPorts, payment: PlatformPayment, word: string, counts: Record<string, number>) {
  const told = (counts.ours_unknown ?? 0) + (counts.old_system_unknown ?? 0);
  add(counts, word);
  const { externalId, memo } = payment;
  if (told < ECHO_CASES_MAX) await tell(ports, "mirror_echo_unknown", payment, { externalId, memo: cut(memo) });
  else if (told === ECHO_CASES_MAX) {
    const day = new Date(ports.now()).toISOString().slice(0, 10);
    await ports.mirrors.openCase({
      caseKey: `mirror_echo_unknown:${ports.vendor}:more:${day}`,
      caseKind: "mirror_echo_unknown",
      subject: ports.vendor,
      detailsJson: JSON.stringify({ vendor: ports.vendor, moreThan: ECHO_CASES_MAX, day }),
      state: "open",
      openedAt: ports.now(),
      closedAt: null,
      version: 1,
    });
  }
}

const add = (counts: Record<string, number>, word: string) => {
  counts[word] = (counts[word] ?? 0) + 1;
};
const cut = (memo: string | null) => memo?.slice(0, MEMO_CHARS_MAX) ?? null;
