import type { Language } from "./country.ts";
import { type TicketCategory, ticketNumber } from "./ticket.ts";

/** What the care line answers by itself. Never a figure and never a promise: only that it was heard, and under which number. */
const TEXTS = {
  ticket_opened: {
    en: "Thank you. We have opened ticket {ticket} and will look into it.",
    fr: "Merci. Nous avons ouvert le ticket {ticket} et nous nous en occupons.",
    st: "Kea leboha. Re butse tekete {ticket} 'me re tla e sheba.",
  },
  ticket_extended: {
    en: "Thank you, we have added this to ticket {ticket}.",
    fr: "Merci, nous l’avons ajouté au ticket {ticket}.",
    st: "Kea leboha, re e kentse tekete ea {ticket}.",
  },
  ticket_resolved: {
    en: "Ticket {ticket} is resolved. If it is not so for you, please write to us again.",
    fr: "Le ticket {ticket} est résolu. Si ce n’est pas le cas chez vous, écrivez-nous à nouveau.",
    st: "Tekete {ticket} e rarollotsoe. Haeba ho se joalo ho uena, ka kopo re ngolle hape.",
  },
  draft_billing: {
    en: "Thank you. Please send us your account number and the receipt of your payment, and we will look for it.",
    fr: "Merci. Envoyez-nous votre numéro de compte et le reçu du paiement, et nous le chercherons.",
    st: "Kea leboha. Ka kopo re romelle nomoro ea ak'haonte le risiti ea tefo, 'me re tla e batla.",
  },
  draft_inquiry: {
    en: "Thank you for your message. How can we help you?",
    fr: "Merci pour votre message. Comment pouvons-nous vous aider ?",
    st: "Kea leboha ka molaetsa oa hao. Re ka u thusa joang?",
  },
} as const satisfies Record<string, Record<Language, string>>;
export type CareText = keyof typeof TEXTS;

/** Who acts here for the care line. */
export const CARE_HAND = "care line";

/** Stands for a ticket's number in a text that is worded before there is one. */
export const TICKET_PLACE = "{ticket}";

/**
 * A text in the customer's language, and in English after it where that is another: who reads the phone may not be who wrote.
 * `ticketId` null: the text names none; `TICKET_PLACE`: its place stays.
 */
export function careText(kind: CareText, language: Language, ticketId: number | typeof TICKET_PLACE | null): string {
  const own = TEXTS[kind][language];
  const said = language === "en" ? own : `${own}\n${TEXTS[kind].en}`;
  if (ticketId === TICKET_PLACE) return said;
  return said.replaceAll(TICKET_PLACE, ticketId === null ? "" : ticketNumber(ticketId));
}

/** What a person may answer to a message that opened no ticket. */
export const draftOf = (category: TicketCategory): CareText =>
  category === "billing" ? "draft_billing" : "draft_inquiry";
