import { Hono } from "hono";
import { openClaimsOf } from "../../src/domain/open-receipts.ts";
import { type Acting, allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { clockOf } from "../ports.ts";

/** Claims listed at once; `total` counts all of them. */
const OPEN_CLAIMS_MAX = 200;

/** Receipts that are not at rest yet, from the shards themselves: also while the database is down. */
export const opsClaims = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/claims/open",
  allow("money.read"),
  async (c) => {
    const shards = Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardOf(c.env, shard));
    const [depths, open] = await Promise.all([
      Promise.all(shards.map((shard) => shard.depths())),
      Promise.all(shards.map((shard) => shard.openReceipts(OPEN_CLAIMS_MAX))),
    ]);
    return c.json({
      asOf: clockOf(c.env).now(),
      total: depths.reduce((sum, depth) => sum + depth.open, 0),
      claims: openClaimsOf(open, OPEN_CLAIMS_MAX),
    });
  },
);
