import { randomBytes, randomInt } from "node:crypto";
import { expect } from "vitest";
import { portal, type Visit } from "./browser.ts";

type Made = { customerId: number; account: string };
let made = 0;
/** So that a world which other journeys, beside this one too, and earlier runs have used has nobody like it. */
export const RUN = randomBytes(4).toString("hex");
const LETTERS = "abcdefghijklmnoprstuvw";
/** A family name that nobody else has. */
export const familyName = () => {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]);
  return `Mo${letters.join("")}`;
};
/** A phone of Lesotho that nobody has: the numbers of the demo begin otherwise. */
export const phone = () => `57${sixDigits()}`;
export const meterNumber = () => `77${sixDigits()}`;
const sixDigits = () => String(randomInt(1_000_000)).padStart(6, "0");

export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** A customer made by the API, with an account and, where one is named, a meter. */
export async function register(
  { context }: Pick<Visit, "context">,
  fields: Record<string, unknown>,
  meter?: string,
): Promise<Made> {
  made += 1;
  const answer = await context.request.post("/ls/api/customers", {
    headers: { Origin: portal(), "Idempotency-Key": `care-${RUN}-${made}-key` },
    data: {
      account: { site: "MAK", openedAt: daysAgo(3) },
      ...fields,
      ...(meter === undefined ? {} : { meter: { number: meter, from: daysAgo(2) } }),
    },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const { customer } = (await answer.json()) as { customer: { customerId: number; accounts: { account: string }[] } };
  return { customerId: customer.customerId, account: customer.accounts[0]?.account ?? "" };
}
