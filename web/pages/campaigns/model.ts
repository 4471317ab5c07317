import type { InferResponseType } from "hono/client";
import type { CarrierState } from "../../../src/domain/carrier-sms.ts";
import type { api } from "../../api.ts";

type Routes = ReturnType<typeof api>["campaigns"];
export type Campaigns = InferResponseType<Routes["$get"], 200>;
export type Campaign = Campaigns["campaigns"][number];
export type Preview = InferResponseType<Routes["preview"]["$post"], 200>;

/** What the report tells apart, and which states each is made of. */
export const REPORTED = {
  waiting: ["held", "queued"],
  handed: ["sending", "accepted"],
  delivered: ["delivered"],
  failed: ["failed", "rejected"],
  unknown: ["unknown"],
  left: ["expired", "stopped"],
} as const satisfies Record<string, readonly CarrierState[]>;
export type Reported = keyof typeof REPORTED;
export const REPORTED_KEYS = Object.keys(REPORTED) as Reported[];

/** How many SMS of a campaign stand where. */
export const reportOf = ({ counts }: Pick<Campaign, "counts">): Record<Reported, number> =>
  Object.fromEntries(
    REPORTED_KEYS.map((key) => [key, REPORTED[key].reduce((sum, state) => sum + (counts[state] ?? 0), 0)]),
  ) as Record<Reported, number>;

/** proposed, stopped, or how far it is: done when nothing of it waits or is on its way out. */
export const stageOf = (campaign: Pick<Campaign, "state" | "counts">): "proposed" | "running" | "done" | "stopped" =>
  campaign.state === "running" && reportOf(campaign).waiting === 0 ? "done" : campaign.state;

/** What was sent so far cost, in minor units; null: nobody said what a part costs. */
export const costSoFar = ({ partsSent, partPriceMinor }: Pick<Campaign, "partsSent" | "partPriceMinor">) =>
  partPriceMinor === null ? null : partsSent * partPriceMinor;
