import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { FieldFault } from "../../src/domain/customer.ts";
import type { RegistryRefusal } from "../../src/ports/registry.ts";
import { fail } from "../errors.ts";

export type C = Parameters<typeof fail>[0];

const REFUSED = { exists: 409, unknown: 422, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;
const SAYS = {
  exists: "something else has that already",
  unknown: "this names something that does not exist",
  refused: "the records do not allow this",
} as const satisfies Record<RegistryRefusal["kind"], string>;

/** What the registry refused, as an answer. */
export const refuse = (c: C, { kind, detail }: RegistryRefusal) =>
  fail(c, REFUSED[kind] satisfies ContentfulStatusCode, kind, SAYS[kind], detail);

/** Fields that are wrong in a way that only the records can tell. */
export const badFields = (c: C, faults: FieldFault[]) =>
  fail(c, 400, "bad_field", `check ${faults.map(({ field }) => field).join(", ")}`, faults);
