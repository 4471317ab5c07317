import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

export const meters = pgTable(
  "meters",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Without leading zeros: the same meter is written both ways. */
    meterNumber: text("meter_number").notNull().unique("meters_meter_number"),
    /** The IoT gateway's name that takes its commands; null for meters that are not ours to command. */
    thing: text("thing"),
    /** The most that it can carry, in watts; null: not known, the common rating counts. */
    ratedW: whole("rated_w"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // Which meters a gateway commands: those of one account (0018).
    index("meters_thing").on(t.thing).where(sql`${t.thing} IS NOT NULL`),
    check("meters_no_leading_zeros", sql`${t.meterNumber} ~ '^[^0[:space:]][^[:space:]]*$'`),
    check("meters_rated", sql`${t.ratedW} > 0 AND ${t.ratedW} <= 9007199254740991`),
  ],
);
