import type { InferRequestType, InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import { registerWh } from "../customer/model.ts";

type Customers = ReturnType<typeof api>["customers"];
export type NewCustomer = InferRequestType<Customers["$post"]>["json"];
export type Registered = InferResponseType<Customers["$post"], 201>;

export const STEPS = ["person", "place", "service", "review"] as const;
export type Step = (typeof STEPS)[number];

/** What is typed, kept as a draft. `key` names the act, so that sending twice is once. */
export const BLANK = {
  key: "",
  step: "person" as Step,
  givenName: "",
  familyName: "",
  phones: "",
  nationalId: "",
  gender: "",
  language: "",
  email: "",
  site: "",
  plotNumber: "",
  place: "",
  district: "",
  latitude: "",
  longitude: "",
  rooms: "",
  customerType: "",
  kind: "live",
  account: "",
  meter: "",
  thing: "",
  base: "",
  readyboard: false,
  note: "",
};
export type Draft = typeof BLANK;

/** Where each field of an answer is typed. */
const AT: Record<Exclude<Step, "review">, readonly string[]> = {
  person: ["givenName", "familyName", "name", "phones", "nationalId", "gender", "language", "email"],
  place: ["site", "account.site", "plotNumber", "place", "district", "latitude", "longitude", "rooms"],
  service: [
    "customerType",
    "account",
    "account.account",
    "account.status",
    "meter",
    "meter.number",
    "meter.thing",
    "meter.baseRegisterWh",
    "readyboard",
    "note",
  ],
};

/** The names that a fault may have: "phones.0", "latitude, longitude", "account.site". */
const names = (field: string) => field.split(/,\s*/).map((name) => name.replace(/\.\d+$/, ""));

/** The first step with something to mend; null: none of the fields is typed here. */
export const stepOf = (fields: Record<string, string>): Step | null =>
  STEPS.find(
    (step) =>
      step !== "review" && Object.keys(fields).some((field) => names(field).some((name) => AT[step].includes(name))),
  ) ?? null;

/** What was expected of a field, under any of the names that the server may call it by. */
export const expectedOf = (fields: Record<string, string>, ...called: string[]): string | undefined =>
  Object.entries(fields).find(([field]) => names(field).some((name) => called.includes(name)))?.[1];

/** What keeps somebody on this step: the field and the word for it. Everything else the server says. */
export function missing(step: Step, draft: Draft): ("name_missing" | "site_missing" | "register_wrong")[] {
  if (step === "person" && draft.givenName.trim() === "" && draft.familyName.trim() === "") return ["name_missing"];
  if (step === "place" && draft.site === "") return ["site_missing"];
  if (step === "service" && registerWh(draft.base) === undefined) return ["register_wrong"];
  return [];
}

const text = (typed: string) => (typed.trim() === "" ? undefined : typed.trim());
const number = (typed: string) => (typed.trim() === "" ? undefined : Number(typed.trim().replace(",", ".")));

export const phonesOf = (typed: string): string[] =>
  typed
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

const given = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The act as it is sent: a field that is empty is not sent at all. */
export function bodyOf(draft: Draft): NewCustomer {
  const body: Record<string, unknown> = {
    givenName: text(draft.givenName),
    familyName: text(draft.familyName),
    phones: phonesOf(draft.phones),
    nationalId: text(draft.nationalId),
    gender: text(draft.gender),
    language: text(draft.language),
    email: text(draft.email),
    site: text(draft.site),
    plotNumber: text(draft.plotNumber),
    place: text(draft.place),
    district: text(draft.district),
    latitude: number(draft.latitude),
    longitude: number(draft.longitude),
    rooms: number(draft.rooms),
    customerType: text(draft.customerType),
    note: text(draft.note),
    account: {
      status: draft.kind === "postpaid" ? "postpaid" : "live",
      ...(text(draft.account) === undefined ? { site: draft.site } : { account: draft.account.trim() }),
    },
    readyboard: draft.readyboard || undefined,
    meter:
      text(draft.meter) === undefined
        ? undefined
        : given({
            number: draft.meter.trim(),
            thing: text(draft.thing),
            baseRegisterWh: registerWh(draft.base) ?? undefined,
          }),
  };
  return given(body) as NewCustomer;
}

/** Whether enough is typed to look for somebody like that; the question itself. */
export function alikeQuestion(draft: Draft): Record<string, string> | null {
  const name = `${draft.givenName} ${draft.familyName}`.trim().replace(/\s+/g, " ");
  if (name.length < 2) return null;
  const given = {
    name,
    phones: phonesOf(draft.phones).join(","),
    nationalId: draft.nationalId.trim(),
    plotNumber: draft.plotNumber.trim(),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}
