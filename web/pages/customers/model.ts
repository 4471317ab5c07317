import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

type Found = InferResponseType<ReturnType<typeof api>["customers"]["$get"], 200>;
/** A customer as the list has it; phones as people at home read them. */
export type Hit = Found["customers"][number];

/** What may be asked for: nothing, which is everybody, a digit, or two letters. One letter fits too many. */
export const isAskable = (typed: string) =>
  typed.trim() === "" || /\d/.test(typed) || (typed.match(/\p{L}/gu) ?? []).length >= 2;

/** Everything that hangs on the accounts now. */
export const metersOf = ({ accounts }: Hit): string[] => accounts.flatMap(({ meters }) => meters);

/** Whether none of the accounts is open any more. */
export const hasEnded = ({ accounts }: Hit) =>
  accounts.length > 0 && accounts.every(({ status }) => status === "terminated");

/** One line of the file of what is shown. */
export const fileLine = (hit: Hit): (string | null)[] => [
  String(hit.customerId),
  hit.name,
  hit.accounts.map(({ account }) => account).join(" ") || null,
  hit.accounts.map(({ status }) => status).join(" ") || null,
  hit.phones.join("; ") || null,
  hit.site,
  hit.plotNumber,
  hit.customerType,
  metersOf(hit).join(" ") || null,
  hit.legacyId === null ? null : String(hit.legacyId),
];
