import type { Context } from "hono";
import type { Language } from "../../src/domain/country.ts";
import { ticketSheet } from "../../src/domain/ticket-book.ts";
import { listTickets, type TicketListed, type TicketsFilter } from "../../src/queries/tickets.ts";
import { fail } from "../errors.ts";
import { clockOf, readerOf } from "../ports.ts";
import { bookAnswer, placeOf } from "./reports-file.ts";

/** Tickets read in one call, and in one file. A quarter of a country has some hundreds. */
const PAGE = 1_000;
const FILE_TICKETS_MAX = 20_000;

/** The tickets of a question as a workbook, the newest first. */
export async function ticketBook(c: Context, filter: TicketsFilter, language: Language): Promise<Response> {
  const asOf = clockOf(c.env).now();
  const db = readerOf(c.env);
  const rows: TicketListed[] = [];
  for (let before: number | null = null; ; before = rows.at(-1)?.ticketId ?? null) {
    const page = await listTickets(db, filter, before, PAGE);
    rows.push(...page);
    if (rows.length > FILE_TICKETS_MAX)
      return fail(c, 422, "too_many", `more than ${FILE_TICKETS_MAX} tickets: ask for a shorter span or one site`);
    if (page.length < PAGE) break;
  }
  const said = Object.entries(filter).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  const asked = { filter: said.join(", "), asOf, language, place: placeOf(c.env) };
  return bookAnswer(`tickets-${c.env.COUNTRY}-${new Date(asOf).toISOString().slice(0, 10)}`, ticketSheet(rows, asked));
}
