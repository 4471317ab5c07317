import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Messages of a conversation that are read; the newest where there are more. */
export const CONVERSATION_MAX = 200;
const DRAFTS_MAX = 100;

export type ConversationMessage = {
  messageId: number;
  way: "in" | "out";
  state: "received" | "draft" | "queued" | "handed" | "told" | "dismissed";
  sender: string;
  phone: string | null;
  customerId: number | null;
  ticketId: number | null;
  category: string | null;
  text: string;
  at: number;
  decidedBy: string | null;
  toldAt: number | null;
};

const SELECT = `SELECT m.id AS "messageId", m.way, m.state, m.sender, m.phone, m.customer_id AS "customerId", m.ticket_id AS "ticketId",
    m.category, m.text, ${ms("m.at", "at")}, m.decided_by AS "decidedBy", ${ms("m.told_at", '"toldAt"')} FROM care_messages m`;

/** What a customer and the care line have written to each other, the oldest first. */
export const customerConversation = (db: Reader, customerId: number): Promise<ConversationMessage[]> =>
  db.read<ConversationMessage>(
    `SELECT * FROM (${SELECT} WHERE m.customer_id = $1::bigint ORDER BY m.id DESC LIMIT ${CONVERSATION_MAX}) AS newest ORDER BY "messageId"`,
    [String(customerId)],
  );

/** Answers that wait for somebody to approve them, the oldest first. */
export const careDrafts = (db: Reader): Promise<ConversationMessage[]> =>
  db.read<ConversationMessage>(`${SELECT} WHERE m.state = 'draft' ORDER BY m.id LIMIT ${DRAFTS_MAX}`);

/** Where a customer is written to: the address they wrote from last. Null: they never did. */
export const senderOfCustomer = async (
  db: Reader,
  customerId: number,
): Promise<{ sender: string; phone: string | null } | null> =>
  (
    await db.read<{ sender: string; phone: string | null }>(
      `SELECT m.sender, m.phone FROM care_messages m WHERE m.customer_id = $1::bigint AND m.way = 'in' ORDER BY m.id DESC LIMIT 1`,
      [String(customerId)],
    )
  )[0] ?? null;
