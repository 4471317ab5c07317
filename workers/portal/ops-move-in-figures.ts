import { Hono } from "hono";
import { z } from "zod";
import {
  booksHeads,
  movedAccounts,
  movedCounts,
  movedFindings,
  movedReadings,
  movedSums,
  movedTotals,
  orphanHistory,
  readingPartitions,
} from "../../src/queries/moved-figures.ts";
import { json, limited, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { countryOf, readerOf } from "../ports.ts";
import { accountField } from "./fields.ts";

const ASKED_MAX = 200;
const AccountsBody = z.strictObject({ accounts: z.array(accountField).min(1).max(ASKED_MAX) });

/** What a move-in came to, as the books have it: to be held against the old system's own figures. Each looks at whole tables. */
export const opsMoveInFigures = new Hono<{ Bindings: Env }>()
  .get("/move-in/figures/counts", async (c) => c.json(await movedCounts(readerOf(c.env))))
  .get("/move-in/figures/history", async (c) => {
    const [sums, orphans] = [
      await movedSums(readerOf(c.env), countryOf(c.env).timeZone),
      await orphanHistory(readerOf(c.env)),
    ];
    return c.json({ sums, orphans });
  })
  .get("/move-in/figures/readings", async (c) => {
    const [reader, { timeZone }] = [readerOf(c.env), countryOf(c.env)];
    return c.json({
      readings: await movedReadings(reader, timeZone),
      totals: await movedTotals(reader),
      partitions: await readingPartitions(reader),
    });
  })
  .get("/move-in/figures/accounts", async (c) => c.json({ accounts: await movedAccounts(readerOf(c.env)) }))
  .post("/move-in/figures/accounts", limited, saysJson, json(AccountsBody), async (c) =>
    c.json({ heads: await booksHeads(readerOf(c.env), c.req.valid("json").accounts) }),
  )
  .get("/move-in/figures/findings", async (c) => c.json({ findings: await movedFindings(readerOf(c.env)) }));
