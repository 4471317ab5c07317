import { describe, expect, it } from "vitest";
import { EntryOrders } from "../../../src/domain/moving-in/postgres-history.ts";

const wall = (day: string) => Date.parse(`${day}T10:00:00Z`);
const UNTIL = wall("2026-12-31");

/** A row a day and then some of another source, by number. */
function ordersOf(others: Record<number, string>) {
  const orders = new EntryOrders();
  for (let n = 0; n < 200; n++) orders.put("sms_gateway", n * 10, wall("2026-03-01") + n * 86_400_000);
  for (const [id, day] of Object.entries(others)) orders.put("import", Number(id), wall(day));
  return orders.decide(UNTIL, null).swapped;
}

describe("a swapped day and month", () => {
  it("is found in a source of few rows, where the rows around it say another date", () => {
    // Row 505 was entered on 20 April; as 5 October it stands among rows of April.
    expect([...ordersOf({ 5: "2026-03-01", 705: "2026-10-05", 1205: "2026-06-29" })]).toEqual([705]);
  });

  it("is none where a source has few rows and the rows around it are dated just like it", () => {
    // 4 June alone between May and July: 6 April would fit as well, among its own.
    expect([...ordersOf({ 5: "2026-03-01", 955: "2026-06-04", 1505: "2026-07-29" })]).toEqual([]);
  });
});
