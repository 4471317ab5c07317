import type { VendorDoor } from "../src/adapters/vendors/http.ts";
import {
  type CallOutcome,
  freshBudget,
  takeFrom,
  tellBudget,
  type VendorCallKind,
} from "../src/domain/vendor-budget.ts";

export const NOON = Date.parse("2026-11-03T12:00:00Z");

export type Asked = { method: string; url: string; headers: Record<string, string>; body: string };
type Answer = Response | Error | ((asked: Asked) => Response | Error | Promise<Response>);

export const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });

/** A vendor that gives these answers in turn, under a real budget, on a clock that moves only when somebody waits. */
export function vendorWorld(answers: Answer[], secrets: string[] = []) {
  const asked: Asked[] = [];
  const told: [VendorCallKind, CallOutcome][] = [];
  let now = NOON;
  let budget = freshBudget(now);
  const door: VendorDoor = {
    name: "Koios",
    secrets,
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    budget: {
      take: async (kind) => {
        const taken = takeFrom(budget, kind, now);
        budget = taken.state;
        return taken.grant;
      },
      told: async (kind, outcome, detail) => {
        told.push([kind, outcome]);
        budget = tellBudget(budget, kind, outcome, detail, now);
      },
    },
    fetchFn: async (input, init) => {
      const next = answers[asked.length];
      const one = {
        method: init?.method ?? "GET",
        url: String(input),
        headers: Object.fromEntries(new Headers(init?.headers as Record<string, string>).entries()),
        body: typeof init?.body === "string" ? init.body : "",
      };
      asked.push(one);
      if (next === undefined) throw new Error(`nobody expected ${one.method} ${one.url}`);
      const given = typeof next === "function" ? await next(one) : next;
      if (given instanceof Error) throw given;
      return given;
    },
  };
  return {
    door,
    asked,
    told,
    pass: (ms: number) => {
      now += ms;
    },
    budget: () => budget,
  };
}
