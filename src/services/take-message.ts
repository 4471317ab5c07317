import { z } from "zod";
import { accountTokens } from "../domain/account.ts";
import { CARE_HAND, type CareText, careText, draftOf, TICKET_PLACE } from "../domain/care-texts.ts";
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

export type MessagePorts = {
  country: Country;
  care: Pick<Care, "customersOfPhone" | "isAccount" | "known" | "lastOf" | "openTicket" | "extendTicket" | "receive">;
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
const HAND = { actor: CARE_HAND, reason: null, machine: true } as const;

/**
 * Takes one message of a customer: it is kept once under the bridge's id, opens a ticket or goes on with that of the half hour
 * before, and is answered under the ticket's number. Each step has a name made of the message, so that a call that died half way
 * is finished by the same message sent again.
 */
export async function takeMessage(ports: MessagePorts, message: TakenMessage): Promise<MessageTaken> {
  const { care } = ports;
  const key = `whatsapp:${message.id}`;
  const before = await known(ports, key);
  if (before !== null) return before;
  const customers = message.phone === null ? [] : await care.customersOfPhone(message.phone);
  const whose = whoseOf(await namedIn(ports, message.text), customers);
  const read = await readMessage(ports.model, message.text);
  const letter: Letter = { key, message, whose, read, by: { ...HAND, at: ports.now() } };
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { seenId, last } = await care.lastOf(message.sender, message.at - THREAD_MS);
    if (last !== null && isSameThread(last, message.at)) {
      const extended = await extend(ports, letter, last.ticketId);
      if (extended !== null) return extended;
      continue;
    }
    if (!read.needsTicket) {
      await care.receive(keptAs(letter, null), answerOf(ports, letter, draftOf(read.category), null));
      return { status: "kept", ticketId: null, category: read.category };
    }
    const ticketId = await openNew(ports, letter, seenId);
    if (ticketId !== null) return { status: "opened", ticketId, category: read.category };
  }
  // Its twin may have been taken at the same moment.
  const twin = await known(ports, key);
  if (twin !== null) return twin;
  throw new Error("the sender writes faster than messages are taken: the bridge sends it again");
}

async function known({ care }: MessagePorts, key: string): Promise<MessageTaken | null> {
  const before = await care.known(key);
  return before === null ? null : { status: "duplicate", ...before };
}

/** A message with all that was found out about it. */
type Letter = {
  key: string;
  message: TakenMessage;
  whose: Whose;
  read: Classified;
  by: typeof HAND & { at: number };
};
/** Each look that ends in vain has met another message of the same sender, or whoever resolved the ticket meanwhile. */
const LOOKS_MAX = 3;

const keptAs = ({ key, message, whose, read, by }: Letter, ticketId: number | null) => ({
  ...{ key, sender: message.sender, phone: message.phone, customerId: whose.customerId, account: whose.account },
  ...{ ticketId, text: message.text, category: read.category, at: message.at, receivedAt: by.at },
});

function answerOf(
  { country }: MessagePorts,
  { message, whose, by }: Letter,
  says: CareText,
  ticketId: number | null,
): CareOut {
  const { sender, phone } = message;
  return {
    ...{
      key: `answer:${message.id}`,
      state: ticketId === null ? "draft" : "queued",
      sender,
      phone,
      ticketId,
      at: by.at,
    },
    ...{
      customerId: whose.customerId,
      account: whose.account,
      text: careText(says, spoken(country, message, whose), ticketId),
    },
  };
}
const spoken = (country: Country, { text }: TakenMessage, { language }: Whose) =>
  languageOf(text) ?? language ?? country.languages[0];

/** Goes on with a ticket, which becomes as urgent as what is said now. Null: it is resolved by now, or the message is kept. */
async function extend(ports: MessagePorts, letter: Letter, ticketId: number): Promise<MessageTaken | null> {
  const { read, by } = letter;
  const extended = await ports.care.extendTicket(
    { ...keptAs(letter, ticketId), ticketId },
    answerOf(ports, letter, "ticket_extended", ticketId),
    read.needsTicket ? read.priority : null,
    by,
  );
  if (!extended.ok && extended.error.kind === "exists") return null;
  if (!extended.ok) throw new Error(`ticket ${ticketId} took no message: ${extended.error.detail}`);
  return { status: "extended", ticketId, category: read.category };
}

/** Null: the sender has another message by now, whose ticket this one may go on with, or this one is kept. */
async function openNew(ports: MessagePorts, letter: Letter, seenId: number): Promise<number | null> {
  const { key, message, whose, read, by } = letter;
  const { ticketId: _, ...kept } = keptAs(letter, null);
  const opened = await ports.care.openTicket(
    {
      ...{ key, class: classOf(whose.account), category: read.category, priority: read.priority, source: "whatsapp" },
      ...{ rule: null, caseKey: null, site: whose.site, account: whose.account, phone: message.phone },
      ...{ summary: message.text.replace(/\s+/g, " ").slice(0, SUMMARY_CHARS_MAX).toWellFormed(), failedAt: null },
      reportedBy: whose.name ?? message.phone ?? "somebody unknown",
    },
    kept,
    {
      key: `answer:${message.id}`,
      text: careText("ticket_opened", spoken(ports.country, message, whose), TICKET_PLACE),
    },
    { seenId, nearMs: THREAD_MS },
    by,
  );
  if (!opened.ok && opened.error.kind === "exists") return null;
  if (!opened.ok) throw new Error(`no ticket was opened: ${opened.error.detail}`);
  const ticketId = await ports.ticketIdOf(key);
  if (ticketId === null) throw new Error("the ticket that was opened is not there");
  return ticketId;
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
