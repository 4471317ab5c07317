import type { InferResponseType } from "hono/client";
import type { Scope } from "../../../src/domain/api-key.ts";
import type { api } from "../../api.ts";

export type Key = InferResponseType<ReturnType<typeof api>["keys"]["$get"], 200>["keys"][number];
export type Programme = InferResponseType<ReturnType<typeof api>["programmes"]["$get"], 200>["programmes"][number];

/** Whether a key opens anything at this instant, and whether anybody has ever used it. */
export type Standing = "revoked" | "ended" | "unused" | "used";
export function standingOf({ revokedAt, expiresAt, lastUsedAt }: Key, now: number): Standing {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && expiresAt <= now) return "ended";
  return lastUsedAt === null ? "unused" : "used";
}

/** What was typed into the form of a key: scopes, or a programme and nothing beside it. */
export type KeyForm = { name: string; programme: string; scopes: Scope[]; days: string; reason: string };
export const BLANK_KEY: KeyForm = { name: "", programme: "", scopes: [], days: "365", reason: "" };

/** As it is sent; no days: it holds until it is revoked. */
export const issueOf = ({ name, programme, scopes, days, reason }: KeyForm) => ({
  name,
  reason,
  ...(programme === "" ? { scopes } : { programme }),
  ...(days.trim() === "" ? {} : { days: Number(days) }),
});

export type ProgrammeForm = Programme & { reason: string };
export const BLANK_PROGRAMME: ProgrammeForm = { code: "", name: "", funder: "", sites: [], active: true, reason: "" };
