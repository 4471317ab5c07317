import type { InferResponseType } from "hono/client";
import { TICKET_CLASSES } from "../../../src/domain/ticket.ts";
import type { api } from "../../api.ts";
import { CHART_DAYS, dayPlus } from "./model.ts";

export type Tickets = InferResponseType<ReturnType<typeof api>["dashboard"]["tickets"]["$get"], 200>;

/** What is open by class, at one site or (empty) at all, and since when the oldest. */
export function openOf({ open }: Pick<Tickets, "open">, site: string) {
  const own = open.filter((each) => site === "" || each.site === site);
  const sum = (rows: typeof own, of: "open" | "urgent") => rows.reduce((total, each) => total + each[of], 0);
  return {
    open: sum(own, "open"),
    urgent: sum(own, "urgent"),
    oldestAt: own.length === 0 ? null : Math.min(...own.map((each) => each.oldestAt)),
    classes: TICKET_CLASSES.map((name) => ({
      name,
      open: sum(
        own.filter((each) => each.class === name),
        "open",
      ),
    })),
  };
}

/** Opened and resolved on each of the last days, the oldest first; a day of which nothing is told had none of either. */
export const daysOf = ({ days, today }: Pick<Tickets, "days" | "today">, site: string) =>
  Array.from({ length: CHART_DAYS }, (_, nth) => {
    const day = dayPlus(today, nth - CHART_DAYS + 1);
    const own = days.filter((each) => each.day === day && (site === "" || each.site === site));
    return {
      day,
      opened: own.reduce((sum, each) => sum + each.opened, 0),
      resolved: own.reduce((sum, each) => sum + each.resolved, 0),
    };
  });
