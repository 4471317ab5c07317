import { z } from "zod";
import type { LogPlace } from "../src/queries/webhooks.ts";

/** `next` of the page before. */
export const logPlace = z
  .string()
  .regex(/^\d{1,15}~whe_[0-9a-z]{12,40}$/, "`next` of the page before")
  .transform((text): LogPlace => ({ eventId: Number(text.split("~")[0]), endpointId: text.split("~")[1] ?? "" }));
/** Where the log goes on after this row. */
export const placeOfLogged = ({ eventId, endpointId }: LogPlace) => `${eventId}~${endpointId}`;
