import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Tone } from "../../parts/badge.tsx";

export type Endpoint = InferResponseType<ReturnType<typeof api>["webhooks"]["$get"], 200>["endpoints"][number];
export type Delivery = InferResponseType<
  ReturnType<typeof api>["webhooks"]["deliveries"]["$get"],
  200
>["deliveries"][number];

export const STATES = ["waiting", "told", "given_up"] as const;
export const TONES: Record<Delivery["state"], Tone> = { waiting: "warn", told: "good", given_up: "bad" };

/** A delivery is of one event to one endpoint. */
export const keyOf = ({ eventId, endpointId }: Delivery) => `${eventId} ${endpointId}`;

/** What a person sends once more: what nobody tries by himself any more, and what was told and may have been lost over there. */
export const canResend = ({ state }: Delivery) => state !== "waiting";
