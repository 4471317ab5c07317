import { expect } from "vitest";
import { portal, type Visit } from "./browser.ts";

type Made = { customerId: number; account: string };
let made = 0;
/** So that a world which other journeys and earlier runs have used has nobody like it. */
export const RUN = Date.now().toString(36).slice(-6);
const LETTERS = "abcdefghijklmnoprstuvw";
/** A family name that nobody else has. */
export const familyName = () => {
  made += 1;
  const digits = [...String(Date.now() % 10_000_000), ...String(made)].map(Number);
  return `Mo${digits.map((digit) => LETTERS[digit]).join("")}`;
};
/** A phone of Lesotho that nobody has: the numbers of the demo begin otherwise. */
export const phone = () => {
  made += 1;
  return `57${String((Date.now() + made * 7) % 1_000_000).padStart(6, "0")}`;
};
export const meterNumber = () => {
  made += 1;
  return `77${String((Date.now() + made * 13) % 1_000_000).padStart(6, "0")}`;
};

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
