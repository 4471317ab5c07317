/** Those who act in one seed: three phones, the other roads, and staff. They go on until they are told, as people do. */
import { setTimeout as wait } from "node:timers/promises";
import { MedicPhone } from "../medic-phone.ts";
import { basicAuth, type WireFault, withoutLoneSurrogates } from "../phone-http.ts";
import { asRecord } from "../serve.ts";
import { SmsSyncPhone } from "../smssync-phone.ts";
import { type Lane, PLAIN } from "./lane.ts";
import type { PhoneKey, Script, StaffMove, Stated } from "./script.ts";
import type { Draw } from "./seeded.ts";

const WIRE_FAULT_SHARE = 0.15;
const POLL_MS = 120;
const IDLE_POLL_MS = 600;
/** Polls after the end, for a phone that has something left. */
const LATE_POLLS_MAX = 40;
const RETRY_MS = 150;
/** A person tries until what he saw is recorded: while it is not, he is told to come again. */
const STAFF_TRIES_MAX = 24;

export type PhoneAccess = { phoneId: string; token: string; medicUrl: string; smssyncUrl: string };
/** An SMS that its phone believes to be taken; `text` as it left the phone. */
export type Acked = { phoneId: string; id: string; from: string; text: string };
/** What somebody asked, and what was answered in the end. */
export type Said = { who: string; receipt: string; status: number; answer: string };

export type Stop = { playing: boolean; over: boolean };

/** A phone of either kind, as far as the play needs it. */
type Device = {
  store(sms: { from: string; content: string }): Promise<void> | void;
  poll(): Promise<void>;
  waiting(): number;
  fault(fault: WireFault): void;
  acked(): { id: string; from: string; content: string }[];
};

const transport = (url: string, init: RequestInit) =>
  fetch(url, { ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...PLAIN } });

export function device(key: PhoneKey, access: PhoneAccess, now: () => number): Device {
  if (key !== "c") {
    const phone = new MedicPhone({ url: access.medicUrl, now, transport });
    return {
      store: (sms) => void phone.store(sms),
      poll: async () => void (await phone.wake()),
      waiting: () => phone.waiting + phone.updatesWaiting,
      fault: (fault) => phone.faults.push(fault),
      acked: () => phone.incoming.filter((sms) => sms.forwarded),
    };
  }
  const phone = new SmsSyncPhone({ url: access.smssyncUrl, now, transport });
  return {
    store: async (sms) => void (await phone.onSms(sms)),
    poll: async () => {
      await phone.sync();
      await phone.task();
    },
    waiting: () => phone.waiting,
    fault: (fault) => phone.faults.push(fault),
    acked: () => phone.incoming.filter((sms) => sms.status === "SENT"),
  };
}

/** Brings its texts in the order of the script, and then keeps asking for work until all is over. */
export async function playPhone(script: Script, key: PhoneKey, phone: Device, draw: Draw, stop: Stop): Promise<void> {
  for (const { texts } of script.deliveries.filter((delivery) => delivery.phone === key)) {
    for (const index of texts) {
      if (stop.playing && draw.chance(WIRE_FAULT_SHARE))
        phone.fault(draw.pick(["lost-request", "lost-response", "sent-twice"]));
      const text = script.texts[index];
      if (text !== undefined) await phone.store({ from: text.from, content: text.content });
    }
    await phone.poll().catch(() => undefined);
    await wait(draw.below(2 * POLL_MS));
  }
  // What came while somebody was looking is still brought: an SMS that was just sent, and how its sending went.
  for (let late = 0; !stop.over || (phone.waiting() > 0 && late < LATE_POLLS_MAX); late += stop.over ? 1 : 0) {
    await phone.poll().catch(() => undefined);
    await wait(phone.waiting() > 0 ? POLL_MS : IDLE_POLL_MS);
  }
}

export const ackedBy = (phoneId: string, phone: Device): Acked[] =>
  phone.acked().map(({ id, from, content }) => ({ phoneId, id, from, text: withoutLoneSurrogates(content) }));

/** The same again until there is an answer that is final. */
export async function insist(ask: () => Promise<{ status: number; body: unknown }>, stop: Stop) {
  for (;;) {
    const answer = await ask();
    if ((answer.status >= 200 && answer.status < 500 && answer.status !== 429) || stop.over) return answer;
    await wait(RETRY_MS);
  }
}

export async function playStated(lane: Lane, stated: Stated, draw: Draw, playMs: number, stop: Stop): Promise<Said> {
  await wait(draw.below(playMs));
  const { account, reference, provider } = stated;
  const body = {
    account_number: account,
    amount: (stated.amountMinor / 100).toFixed(2),
    provider,
    ...(stated.road === "by hand" ? { payment_reference: reference } : { reference }),
  };
  const { keys } = lane;
  const answer = await insist(
    () =>
      stated.road === "by hand"
        ? lane.call("POST", "/api/payments/record", body, { "x-ops-key": keys.ops, "x-actor": stated.actor })
        : lane.call("POST", "/api/payments/webhook", body, {
            "x-gateway-key": stated.road === "webhook of a provider" ? keys.provider : keys.gateway,
          }),
    stop,
  );
  return said(stated.road, stated.receipt, answer);
}

/** The old system's mirror sends what it got itself; answers the id it gave. */
export async function playMirror(
  lane: Lane,
  access: PhoneAccess,
  text: { from: string; content: string; receipt: string | null },
  draw: Draw,
  playMs: number,
  stop: Stop,
): Promise<Said & { id: string }> {
  await wait(draw.below(playMs));
  const id = `mirror-${access.phoneId}-${draw.below(1_000_000_000)}`;
  const message = { id, from: text.from, content: text.content, sms_sent: lane.now(), sms_received: lane.now() };
  const answer = await insist(
    () =>
      lane.call(
        "POST",
        "/api/sms/incoming",
        { messages: [message] },
        {
          authorization: basicAuth(access.phoneId, access.token),
          "user-agent": "medic-gateway",
          "x-sms-gateway-host": "old.example",
        },
      ),
    stop,
  );
  return { ...said("mirror", text.receipt ?? "", answer), id };
}

/** Staff look at a receipt and act on what they saw, or on what was true before. */
export async function playStaff(lane: Lane, move: StaffMove, draw: Draw, playMs: number, stop: Stop): Promise<Said> {
  await wait(playMs / 4 + draw.below(playMs));
  let answer: { status: number; body: unknown } = { status: 0, body: null };
  for (let tries = 0; tries < STAFF_TRIES_MAX && !stop.over; tries++) {
    const seen = await lane.ops("GET", `/receipts/${move.receipt}`);
    if (seen.status === 200) {
      answer = await act(lane, move, seen.body);
      const isOver = answer.status >= 200 && answer.status < 500 && !/moving|stale/.test(JSON.stringify(answer.body));
      const isAnswered = answer.status >= 200 && answer.status < 500;
      if (isOver || (move.stale && isAnswered))
        return said(`staff: ${move.what}${move.stale ? " (stale)" : ""}`, move.receipt, answer);
    }
    await wait(RETRY_MS + draw.below(4 * RETRY_MS));
  }
  return said(`staff: ${move.what}, gave up`, move.receipt, answer);
}

function act(lane: Lane, { what, receipt, accounts, stale, actor }: StaffMove, seen: unknown) {
  const { generation, amountMinor } = asRecord(seen);
  if (typeof generation !== "number" || typeof amountMinor !== "number")
    return Promise.resolve({ status: 0, body: null });
  const past = generation > 1 ? generation - 1 : generation + 1;
  const basis = { expectedGeneration: stale ? past : generation, reason: "as the payer says" };
  const [first = "", second = ""] = accounts;
  const half = Math.floor(amountMinor / 2);
  const shares = [
    { to: "account", account: first, amountMinor: half },
    { to: "account", account: second, amountMinor: amountMinor - half },
  ];
  const at = `/receipts/${receipt}`;
  switch (what) {
    case "assign":
      return lane.ops("POST", `${at}/assign`, { ...basis, account: first }, actor);
    case "split":
      return lane.ops("POST", `${at}/move`, { ...basis, shares }, actor);
    case "treasury":
      return lane.ops("POST", `${at}/treasury`, basis, actor);
    case "returned":
      return lane.ops("POST", `${at}/returned`, basis, actor);
    case "reverse":
      return lane.ops("POST", `${at}/reverse`, basis, actor);
    case "unblock":
      return lane.ops("POST", `${at}/unblock`, { reason: basis.reason }, actor);
  }
}

/** Somebody types the receipt of a text that carried none, once its case is listed. */
export async function playTyped(lane: Lane, script: Script, stop: Stop): Promise<Said | null> {
  const { typed, till } = script;
  if (typed === null) return null;
  while (!stop.over) {
    await wait(4 * RETRY_MS);
    const key = await caseOf(lane, till);
    if (key === null) continue;
    const body = {
      receipt: typed.receipt,
      account: typed.account,
      amountMinor: typed.amountMinor,
      provider: "mpesa",
      caseKey: key,
    };
    const answer = await insist(() => lane.ops("POST", "/suspense/typed-receipt", body), stop);
    if (answer.status !== 0 && answer.status < 500) return said("typed receipt", typed.receipt, answer);
  }
  return null;
}

async function caseOf(lane: Lane, till: string): Promise<string | null> {
  let cursor = "";
  for (;;) {
    const page = await lane.ops("GET", `/suspense${cursor}`);
    const { cases, next } = asRecord(page.body);
    const found = (Array.isArray(cases) ? cases : [])
      .map((row) => String(asRecord(row).caseKey))
      .find((key) => key.startsWith(`text:${till}:`));
    if (found !== undefined) return found;
    if (typeof next !== "string") return null;
    cursor = `?cursor=${encodeURIComponent(next)}`;
  }
}

export const said = (who: string, receipt: string, answer: { status: number; body: unknown }): Said => ({
  who,
  receipt,
  status: answer.status,
  answer: JSON.stringify(answer.body).slice(0, 200),
});
