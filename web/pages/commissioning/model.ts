import type { InferRequestType, InferResponseType } from "hono/client";
import type { Step } from "../../../src/domain/commissioning-rules.ts";
import type { api } from "../../api.ts";
import { hangingNow, registerWh } from "../customer/model.ts";

type Account = ReturnType<typeof api>["accounts"][":account"];
export type Funnel = InferResponseType<ReturnType<typeof api>["commissioning"]["$get"], 200>;
export type Site = Funnel["sites"][number];
export type Progress = InferResponseType<Account["commissioning"]["$get"], 200>;
export type Commission = InferRequestType<Account["commission"]["$post"]>["json"];
export type Commissioned = InferResponseType<Account["commission"]["$post"], 201>;
export type Card = InferResponseType<Account["customer"]["$get"], 200>["customer"];

/** One line of the pipeline, over all sites shown: who stands there, who has it behind them, and the share of all. */
export function pipeline(steps: readonly Step[], sites: readonly Site[]) {
  const sum = (pick: (site: Site) => number) => sites.reduce((all, site) => all + pick(site), 0);
  const accounts = sum((site) => site.accounts);
  return steps.map((step) => {
    const reached = sum((site) => site.reached[step]);
    return {
      step,
      at: sum((site) => site.at[step]),
      reached,
      percent: accounts === 0 ? null : Math.round((reached * 100) / accounts),
    };
  });
}

/** What a person may do about a step. Registering and its like are no hand's work. */
export function actsOf({ step, reached, waitsFor }: Progress["steps"][number]): ("record" | "correct" | "withdraw")[] {
  if (step === "registered" || step === "commissioned")
    return reached ? (step === "commissioned" ? ["correct"] : []) : [];
  if (step === "terminated") return reached ? ["withdraw"] : [];
  if (reached) return ["correct", "withdraw"];
  return waitsFor === null ? ["record"] : [];
}

/** The local day of now, on the country's clock. */
export const today = (now: number, utcOffsetMinutes: number) =>
  new Date(now + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);

export const BLANK = {
  key: "",
  connectedOn: "",
  servicePhase: "single",
  ampacity: "",
  customerType: "",
  nationalId: "",
  latitude: "",
  longitude: "",
  meter: "",
  thing: "",
  base: "",
  staffName: "",
};
export type Draft = typeof BLANK;

const number = (typed: string) => (typed.trim() === "" ? undefined : Number(typed.trim().replace(",", ".")));

/** Whether a meter stands there already, so that none has to be hung in the same act. */
export const hasMeter = (card: Card, account: string, now: number): boolean => {
  const found = card.accounts.find((each) => each.account === account);
  return found !== undefined && hangingNow(found, now).length > 0;
};

/** The act as it is sent. What the customer's record has already is not sent again. */
export function bodyOf(draft: Draft, card: Card, signatures: { customer: string; staff: string | null }): Commission {
  const [latitude, longitude] = [number(draft.latitude), number(draft.longitude)];
  const isPlace = latitude !== undefined && longitude !== undefined;
  const isOther = isPlace && (latitude !== card.latitude || longitude !== card.longitude);
  const base = registerWh(draft.base);
  const ampacity = draft.ampacity.trim() === "" ? "standard" : (number(draft.ampacity) ?? "standard");
  return {
    connectedOn: draft.connectedOn,
    servicePhase: draft.servicePhase,
    ampacity,
    staffName: draft.staffName,
    customerSignature: signatures.customer,
    ...(signatures.staff === null ? {} : { staffSignature: signatures.staff }),
    ...(draft.nationalId.trim() === "" || draft.nationalId.trim() === card.nationalId
      ? {}
      : { nationalId: draft.nationalId.trim() }),
    ...(draft.customerType === "" || draft.customerType === card.customerType
      ? {}
      : { customerType: draft.customerType }),
    ...(isOther ? { latitude, longitude } : {}),
    ...(draft.meter.trim() === ""
      ? {}
      : {
          meter: {
            meterNumber: draft.meter.trim(),
            ...(draft.thing.trim() === "" ? {} : { thing: draft.thing.trim() }),
            ...(base == null ? {} : { baseRegisterWh: base }),
          },
        }),
  };
}
