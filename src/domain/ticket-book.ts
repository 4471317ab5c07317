import type { Language } from "./country.ts";
import type { Book } from "./export/book.ts";
import type { Column, Place, Value } from "./export/table.ts";
import { downtimeMinutes, ticketNumber } from "./ticket.ts";

/** What a workbook of tickets says of each. Instants are UTC ms. */
export type BookedTicket = {
  ticketId: number;
  state: string;
  class: string;
  category: string;
  priority: string;
  site: string | null;
  account: string | null;
  customer: string | null;
  phone: string | null;
  summary: string;
  reportedBy: string;
  assignedTo: string | null;
  openedAt: number;
  failedAt: number | null;
  resolvedAt: number | null;
  cause: string | null;
  resolution: string | null;
};

type Words = { title: string; about: string; asked: string; asOf: string; rows: string; heads: readonly string[] };
/** Heads stand in the order of the columns. */
const WORDS: Record<Language, Words> = {
  en: {
    ...{ title: "Tickets", about: "About this file", asked: "Asked for", asOf: "As of", rows: "Tickets in it" },
    heads:
      "Ticket|State|Class|Category|Priority|Site|Account|Customer|Phone|What it is|Reported by|Given to|Broken since|Opened|Resolved|Minutes broken|Cause|What was done".split(
        "|",
      ),
  },
  fr: {
    ...{
      title: "Tickets",
      about: "À propos de ce fichier",
      asked: "Demandé",
      asOf: "État au",
      rows: "Tickets compris",
    },
    heads:
      "Ticket|État|Classe|Catégorie|Priorité|Site|Compte|Client|Téléphone|De quoi il s’agit|Signalé par|Confié à|En panne depuis|Ouvert|Résolu|Minutes de panne|Cause|Ce qui a été fait".split(
        "|",
      ),
  },
  st: {
    ...{
      title: "Litekete",
      about: "Ka faele ena",
      asked: "Se kopiloeng",
      asOf: "Ka nako ea",
      rows: "Litekete tse ka hare",
    },
    heads:
      "Tekete|Boemo|Sehlopha|Mofuta|Bohlokoa|Sebaka|Ak'haonte|Moreki|Mohala|Ke eng|E tlalehiloe ke|E filoe|E senyehile ho tloha|E butsoe|E rarollotsoe|Metsotso ea ho senyeha|Sesosa|Se entsoeng".split(
        "|",
      ),
  },
};

const KINDS: readonly Column["as"][] = [
  ...(["text", "text", "text", "text", "text", "text", "text", "text", "text", "text", "text", "text"] as const),
  ...(["instant", "instant", "instant", "count", "text", "text"] as const),
];
const WIDE = new Set([9, 16, 17]);
const WIDE_CHARS = 40;

const valuesOf = (one: BookedTicket): Value[] => [
  ...[
    ticketNumber(one.ticketId),
    one.state,
    one.class,
    one.category,
    one.priority,
    one.site,
    one.account,
    one.customer,
  ],
  ...[one.phone, one.summary, one.reportedBy, one.assignedTo, one.failedAt, one.openedAt, one.resolvedAt],
  ...[downtimeMinutes(one.failedAt, one.resolvedAt), one.cause, one.resolution],
];

/** Tickets as a workbook: what was asked for, as of when, and a row each. */
export function ticketSheet(
  rows: readonly BookedTicket[],
  asked: { filter: string; asOf: number; language: Language; place: Place },
): Book {
  const words = WORDS[asked.language];
  const columns = words.heads.map(
    (name, nth): Column => ({ name, as: KINDS[nth] ?? "text", ...(WIDE.has(nth) ? { width: WIDE_CHARS } : {}) }),
  );
  return {
    title: words.title,
    about: {
      heading: words.about,
      lines: [
        { name: words.asked, value: asked.filter },
        { name: words.asOf, value: asked.asOf, as: "instant" },
        { name: words.rows, value: rows.length, as: "count" },
      ],
      terms: [],
    },
    tables: [{ title: words.title, columns, rows: rows.map(valuesOf) }],
    place: asked.place,
  };
}
