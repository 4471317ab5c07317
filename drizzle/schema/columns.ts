import { bigint, timestamp } from "drizzle-orm/pg-core";

/** An instant, UTC. As text: the driver's own date parsing depends on who was loaded first. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/** Whole watt-hours or whole minor units. CHECKs keep them within what a JavaScript number holds exactly. */
export const whole = (name: string) => bigint(name, { mode: "number" });

/** Rises with every change, across all tables, so that an object can tell an older refresh from a newer one. */
export const factsVersion = () => whole("facts_version").notNull();
