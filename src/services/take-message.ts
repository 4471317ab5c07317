import { z } from "zod";
import { accountTokens } from "../domain/account.ts";
import { careText, draftOf } from "../domain/care-texts.ts";
import {
  type Classified,
  classifyMessage,
  isSameThread,
  languageOf,
  MESSAGE_CHARS_MAX,
  THREAD_MS,
} from "../domain/classify-message.ts";
import type { Country, Language } from "../domain/country.ts";
import { classOf, PRIORITY_OF, SUMMARY_CHARS_MAX, TICKET_CATEGORIES } from "../domain/ticket.ts";
import type { Care, CareCustomer, CareOut } from "../ports/care.ts";
import type { MessageModel } from "../ports/message-model.ts";
import type { Tickets } from "../ports/tickets.ts";

export type MessagePorts = {
  country: Country;
  care: Pick<Care, "customersOfPhone" | "isAccount" | "known" | "lastOf" | "receive">;
  tickets: Pick<Tickets, "open" | "comment">;
  ticketIdOf(key: string): Promise<number | null>;
  /** Null: there is none, and rules alone decide. */
  model: MessageModel | null;
  now(): number;
};
export type TakenMessage = {
  /** The bridge's own id. */
  id: string;
  sender: string;
  phone: string | null;
  text: string;
  at: number;
};
export type MessageTaken = {
  status: "opened" | "extended" | "kept" | "duplicate";
  ticketId: number | null;
  category: Classified["category"];
};

const MODEL_MS_MAX = 10_000;
/** What a model may say, and nothing beside it. Money is none of its business: a word of it makes the message an inquiry. */
const Said = z.strictObject({ category: z.enum(TICKET_CATEGORIES).exclude(["billing"]) });
const HAND = { actor: "care line", reason: null, machine: true } as const;

/**
 * Takes one message of a customer: it is kept once under the bridge's id, opens a ticket or goes on with that of the half hour
 * before, and is answered under the ticket's number. Each step has a name made of the message, so that a call that died half way
 * is finished by the same message sent again.
 */
export async function takeMessage(ports: MessagePorts, message: TakenMessage): Promise<MessageTaken> {
  const { care, tickets } = ports;
  const key = `whatsapp:${message.id}`;
  const before = await care.known(key);
  if (before !== null) return { status: "duplicate", ...before };
  const [customers, last] = await Promise.all([
    message.phone === null ? [] : care.customersOfPhone(message.phone),
    care.lastOf(message.sender, message.at - THREAD_MS),
  ]);
  const named = await namedIn(ports, message.text);
  const whose = whoseOf(named, customers);
  const read = await readMessage(ports.model, message.text);
  const by = { ...HAND, at: ports.now() };
  const language = languageOf(message.text) ?? whose.language ?? ports.country.languages[0];
  const kept = (ticketId: number | null, answer: CareOut | null) =>
    care.receive(
      {
        ...{ key, sender: message.sender, phone: message.phone, customerId: whose.customerId, account: whose.account },
        ...{ ticketId, text: message.text, category: read.category, at: message.at, receivedAt: by.at },
      },
      answer,
    );
  const answerOf = (state: CareOut["state"], text: string, ticketId: number | null): CareOut => ({
    ...{ key: `answer:${message.id}`, state, sender: message.sender, phone: message.phone },
    ...{ customerId: whose.customerId, account: whose.account, ticketId, text, at: by.at },
  });
  if (last !== null && isSameThread(last, message.at)) {
    const said = await tickets.comment(last.ticketId, { key, text: message.text }, by);
    if (!said.ok) throw new Error(`ticket ${last.ticketId} took no comment: ${said.error.detail}`);
    await kept(last.ticketId, answerOf("queued", careText("ticket_extended", language, last.ticketId), last.ticketId));
    return { status: "extended", ticketId: last.ticketId, category: read.category };
  }
  if (!read.needsTicket) {
    await kept(null, answerOf("draft", careText(draftOf(read.category), language, null), null));
    return { status: "kept", ticketId: null, category: read.category };
  }
  const opened = await tickets.open(
    {
      ...{ key, class: classOf(whose.account), category: read.category, priority: read.priority, source: "whatsapp" },
      ...{ rule: null, caseKey: null, site: whose.site, account: whose.account, phone: message.phone },
      ...{ summary: message.text.replace(/\s+/g, " ").slice(0, SUMMARY_CHARS_MAX).toWellFormed(), failedAt: null },
      reportedBy: whose.name ?? message.phone ?? "somebody unknown",
    },
    by,
  );
  if (!opened.ok) throw new Error(`no ticket was opened: ${opened.error.detail}`);
  const ticketId = await ports.ticketIdOf(key);
  if (ticketId === null) throw new Error("the ticket that was opened is not there");
  await kept(ticketId, answerOf("queued", careText("ticket_opened", language, ticketId), ticketId));
  return { status: "opened", ticketId, category: read.category };
}

type Whose = {
  customerId: number | null;
  account: string | null;
  site: string | null;
  name: string | null;
  language: Language | null;
};

/** The one account that a text names, where there is such an account. */
async function namedIn({ country, care }: MessagePorts, text: string): Promise<string | null> {
  const tokens = accountTokens(text, country.siteCodes).filter(({ knownSite }) => knownSite);
  const [named, ...others] = new Set(tokens.map(({ account }) => account));
  return named !== undefined && others.length === 0 && (await care.isAccount(named)) ? named : null;
}

/**
 * Whose message it is. An account that the text names goes before the phone, which may be a neighbour's; without one, the only
 * account in use of the only customer who has this phone. Of several nobody guesses. The conversation is a customer's only where
 * the phone is.
 */
function whoseOf(named: string | null, customers: readonly CareCustomer[]): Whose {
  const holder = customers.find(({ accounts }) => accounts.some(({ account }) => account === named));
  const customer = holder ?? (named === null && customers.length === 1 ? customers[0] : undefined);
  const live = customer?.accounts.filter(({ status }) => status !== "terminated") ?? [];
  const account = named ?? (live.length === 1 ? (live[0]?.account ?? null) : null);
  return {
    customerId: customer?.customerId ?? null,
    account,
    site: account?.slice(-SITE_CHARS) ?? customer?.site ?? null,
    name: customer?.name ?? null,
    language: customer?.language ?? null,
  };
}
const SITE_CHARS = 3;

/** Rules first; a model, where there is one, only for what no rule knows a word of. What it says otherwise, or not in time, is nothing. */
async function readMessage(model: MessageModel | null, text: string): Promise<Classified> {
  const read = classifyMessage(text);
  if (read.because !== null || model === null) return read;
  const said = await Promise.race([
    model.classify(text.slice(0, MESSAGE_CHARS_MAX)).catch(() => null),
    new Promise<null>((late) => setTimeout(() => late(null), MODEL_MS_MAX)),
  ]);
  const checked = Said.safeParse(said);
  if (!checked.success) return read;
  const { category } = checked.data;
  return { category, priority: PRIORITY_OF[category], needsTicket: category !== "general-inquiry", because: "model" };
}
