import { keepMeterCounts } from "../../src/adapters/neon/meter-counts.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { log } from "../../src/ports/log.ts";
import { darkTickets } from "../../src/queries/dark-tickets.ts";
import { knownTicketKeys, openRuleTickets, ticketFindings } from "../../src/queries/ticket-findings.ts";
import { ticketsByData } from "../../src/services/tickets-by-data.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Every quarter of an hour: tickets that data open, and those that data close; and how many meters of each state the look came past. */
export const ticketsByDataJob: Job = async (env) => {
  const db = readerOf(env);
  const now = clockOf(env).now();
  const found = await ticketFindings(db, now);
  const looked = await ticketsByData(
    {
      tickets: neonTickets(databaseOf(env)),
      findings: async () => found,
      openOnes: (now) => openRuleTickets(db, now),
      darkOnes: () => darkTickets(db),
      knownKeys: (keys) => knownTicketKeys(db, keys),
    },
    now,
  );
  await keepMeterCounts(databaseOf(env), found.meters, now);
  // Tickets that are left to the next look are no fault; that there are so many is worth a line.
  if (looked.leftOut > 0) log.warn("tickets by data", { ...looked });
  return null;
};
