import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { FieldFault } from "../../src/domain/customer.ts";
import type { Reader } from "../../src/ports/reader.ts";
import type { RegistryRefusal } from "../../src/ports/registry.ts";
import { lastSaid } from "../../src/queries/last-said.ts";
import { fail } from "../errors.ts";

export type C = Parameters<typeof fail>[0];

const REFUSED = { exists: 409, unknown: 422, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;
const SAYS = {
  exists: "something else has that already",
  unknown: "this names something that does not exist",
  refused: "the records do not allow this",
} as const satisfies Record<RegistryRefusal["kind"], string>;

/** Somebody was quicker: what was to be changed is no longer what was read. */
export type Stale = { kind: "stale"; version: number };

export const refuseStale = (c: C, { version }: Stale) =>
  fail(c, 409, "stale", "somebody changed this since you read it; read it again", { version });

/** What the registry refused, as an answer. */
export const refuse = (c: C, error: RegistryRefusal | Stale) =>
  error.kind === "stale"
    ? refuseStale(c, error)
    : fail(c, REFUSED[error.kind] satisfies ContentfulStatusCode, error.kind, SAYS[error.kind], error.detail);

/** Why a setting was not set; where somebody set it since it was read, who, when, why and what it was before. */
export async function refuseSetting(c: C, db: Reader, error: RegistryRefusal | Stale, subject: string) {
  if (error.kind !== "stale") return fail(c, 422, error.kind, error.detail);
  const said = await lastSaid<unknown>(db, subject);
  const who = said === null ? "somebody" : `${said.by} at ${new Date(said.at).toISOString()}`;
  return fail(c, 409, "stale", `${who} set this since you read it; read it again`, { version: error.version, said });
}

/** Fields that are wrong in a way that only the records can tell. */
export const badFields = (c: C, faults: FieldFault[]) =>
  fail(c, 400, "bad_field", `check ${faults.map(({ field }) => field).join(", ")}`, faults);
