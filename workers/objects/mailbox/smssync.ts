import {
  absentFrom,
  type Claim,
  checkSecret,
  decideAskedUuids,
  decideClaimedUuids,
  decideHandOut,
  forbidden,
  messageUuids,
  noTask,
  type SmssyncRead,
  smssyncVersion,
  statusOf,
  taken,
  taskSend,
  unknownTask,
  unreadable,
} from "../../../src/domain/gateway/smssync.ts";
import type { GatewayAnswer, GatewayRequest, PhoneFacts } from "../../../src/ports/mailboxes.ts";
import { isTokenOf } from "./auth.ts";
import { handable } from "./outgoing-row.ts";
import type { Brought, MailboxStore } from "./store.ts";

const NOTHING: Brought = { items: [], updates: [], updateCount: 0, spokenOf: [], isPoll: false };

/** What a read request brings into the store. The old system learns what became of the SMS it wanted sent. */
export function broughtBy(read: SmssyncRead): Brought {
  if (read.kind === "sms") return { ...NOTHING, items: [{ ...read.item, index: 0 }] };
  if (read.kind === "task_sent") return { ...NOTHING, spokenOf: read.uuids };
  if (read.kind === "task_result") return { ...NOTHING, spokenOf: [...new Set(read.results.map(({ uuid }) => uuid))] };
  return { ...NOTHING, isPoll: read.kind === "task_send" };
}

/** Null: the secret, where one is asked for, is right. */
export function refusedSecret(request: GatewayRequest, read: SmssyncRead, facts: PhoneFacts): GatewayAnswer | null {
  if (!("secret" in read)) return null;
  const rule = { tokenMatches: (text: string) => isTokenOf(facts, text), secretHash: facts.smssyncSecretHash };
  return checkSecret(read.secret, rule).ok ? null : forbidden(request.method);
}

/** The answer, and what it changes among the outgoing SMS. Inside the request's transaction. */
export function answerSmssync(
  store: MailboxStore,
  request: GatewayRequest,
  read: SmssyncRead,
  now: number,
): GatewayAnswer {
  switch (read.kind) {
    case "sms":
    case "test":
    case "alert":
    case "stale_queue":
      return taken();
    case "task_send":
      return taskSend(read.secret, request.mirrored ? [] : handOut(store, request, now));
    case "task_sent":
      return messageUuids(claimed(store, read.uuids, now));
    case "task_result_ask": {
      const asked = decideAskedUuids(store.outgoing.open(now).map(handable));
      store.meta.set("results_asked", JSON.stringify(asked));
      return messageUuids(asked);
    }
    case "task_result": {
      const asked = JSON.parse(store.meta.get("results_asked") ?? "[]") as string[];
      store.outgoing.absent(absentFrom(asked, read.results));
      store.meta.set("results_asked", "[]");
      for (const result of read.results) {
        const update = statusOf(result, request.userAgent);
        if (update !== null) store.outgoing.update(update, now);
      }
      return taken();
    }
    case "unknown_task":
      return unknownTask(request.method);
    case "get_without_task":
      return noTask();
    case "unreadable":
      return unreadable(request.method, read.because);
  }
}

function handOut(store: MailboxStore, request: GatewayRequest, now: number) {
  const facts = { now, resultsApi: store.outgoing.hasClaims(), version: smssyncVersion(request.userAgent) };
  const { offer, expired, unfit } = decideHandOut(store.outgoing.open(now).map(handable), facts);
  store.outgoing.expire(expired, now);
  store.outgoing.fail(unfit, "no phone can send it", now);
  store.outgoing.handedOut(
    offer.map((sms) => sms.id),
    now,
  );
  return offer;
}

function claimed(store: MailboxStore, uuids: string[], now: number): string[] {
  const offered = new Set(
    store.outgoing
      .open(now)
      .filter((row) => row.state === "offered" && row.claimed_at === null)
      .map((row) => row.id),
  );
  const last = JSON.parse(store.meta.get("last_claim") ?? "null") as Claim | null;
  const decision = decideClaimedUuids(uuids, offered, last, now);
  store.outgoing.claim(decision.claimed, now);
  store.meta.set("last_claim", JSON.stringify(decision.remember));
  return decision.answer;
}
