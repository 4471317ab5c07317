import { afterEach, describe, expect, it, vi } from "vitest";
import { type HrEmployee, type HrMood, hrAnswer } from "../../dev/hr.ts";
import { neonHrBooks } from "../../src/adapters/neon/hr.ts";
import { planHr, syncHr } from "../../src/services/sync-hr.ts";
import type { Env } from "../../workers/env.ts";
import { hrPortsOf } from "../../workers/hr.ts";
import { hrDirectoryJob } from "../../workers/jobs/hr-directory.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, database, member, ports, session } from "./country.ts";

const HR = "https://hr.example.org";
const env = { ...country, HR_URL: HR, HR_API_KEY: "k" };
const real = globalThis.fetch;
const says = (employees: HrEmployee[], mood: HrMood = "well") =>
  vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
    String(url).startsWith(HR)
      ? Promise.resolve(
          hrAnswer({ employees, mood, key: "k" }, new URL(url).pathname, new Headers(init.headers).get("X-API-Key")),
        )
      : real(url, init),
  );
afterEach(() => vi.unstubAllGlobals());

const employee = (email: string, over: Partial<HrEmployee> = {}): HrEmployee => ({
  ...{ employee_id: email, name: "Neo Mofokeng", email, department: "Finance", status: "active" },
  ...over,
});
const ask = (method: string, path: string, body?: unknown, of: Env = env) =>
  new Browser(of).ask(method, `/api/ops/hr${path}`, body, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" } });
const isActive = async (email: string) => (await ports.staff.byEmail(email))?.active;

describe("the HR directory", () => {
  it("locks who has left at the next sync, signed out everywhere, and says why in the audit", async () => {
    const { email, browser, staffId } = await session(["generic"]);
    const stays = await member();
    says([employee(email), employee(stays.email)]);
    await hrDirectoryJob(env, null);
    expect((await browser.me()).status).toBe(200);
    says([employee(email, { status: "resigned" }), employee(stays.email)]);
    await hrDirectoryJob(env, null);
    expect([await isActive(email), await isActive(stays.email)]).toEqual([false, true]);
    expect((await browser.me()).status).toBe(401);
    const acts = await database().read(
      `SELECT actor, reason FROM mutations WHERE subject = 'staff:${staffId}' AND actor = 'HR directory'`,
    );
    expect(acts).toEqual([{ actor: "HR directory", reason: "HR directory: left" }]);
  });

  it("locks who is named no more", async () => {
    const [gone, stays] = [await member(), await member()];
    says([employee(gone.email), employee(stays.email)]);
    await hrDirectoryJob(env, null);
    says([employee(stays.email)]);
    await hrDirectoryJob(env, null);
    expect([await isActive(gone.email), await isActive(stays.email)]).toEqual([false, true]);
  });

  it.each(["down", "html", "key", "empty"] as const)(
    "when it is %s locks nobody, and the job is late",
    async (mood) => {
      const who = await member();
      says([employee(who.email)]);
      await hrDirectoryJob(env, null);
      says([employee(who.email, { status: "resigned" })], mood);
      await expect(hrDirectoryJob(env, null)).rejects.toThrow(/HR directory/);
      expect(await isActive(who.email)).toBe(true);
    },
  );

  it("that would lock many waits for a person, who sees what it would do and says so", async () => {
    const many = await Promise.all(Array.from({ length: 10 }, () => member()));
    // A country of ten: whom other tests have made does not work there.
    const isOfThem = ({ email }: { email: string }) => many.some((each) => each.email === email);
    const asNow = () => {
      const real = hrPortsOf(env);
      if (real === null) throw new Error("there is a directory here");
      const list: typeof real.staff.list = async (after, limit) =>
        (await real.staff.list(Math.max(after, (many[0]?.staffId ?? 0) - 1), limit)).filter(isOfThem);
      return { ...real, staff: { list, change: real.staff.change } };
    };
    const by = { actor: "Lineo", reason: "a team was let go", at: Date.now(), requestId: "r" };
    says(many.map(({ email }) => employee(email)));
    await syncHr(asNow(), by);
    says(many.map(({ email }) => employee(email, { status: "terminated" })));
    const plan = await planHr(asNow());
    expect(plan.ok && [plan.value.refused, plan.value.steps.length]).toEqual(["too_many", 10]);
    expect(await syncHr(asNow(), by)).toMatchObject({ ok: true, value: { done: 0 } });
    expect(await isActive(many[0]?.email ?? "")).toBe(true);
    expect(await syncHr(asNow(), by, true)).toMatchObject({ ok: true, value: { done: 10 } });
    expect(await isActive(many[0]?.email ?? "")).toBe(false);
  });

  it("gives the roles of a department to who moves there, as somebody has said, and never the one that manages staff", async () => {
    const put = (roles: string[]) =>
      ask("PUT", "/departments", { department: "Field Work", roles, reason: "as agreed" });
    expect((await put(["superadmin"])).status).toBe(400);
    expect((await put(["onm_team"])).status).toBe(200);
    const who = await member();
    says([employee(who.email)]);
    await hrDirectoryJob(env, null);
    says([employee(who.email, { department: "FIELD WORK " })]);
    await hrDirectoryJob(env, null);
    expect((await ports.staff.byEmail(who.email))?.roles).toEqual(["onm_team"]);
    expect(await neonHrBooks(database()).departments()).toContainEqual({
      department: "field work",
      roles: ["onm_team"],
    });
  });

  it("is asked about one person, and answers no rather than yes when it does not know", async () => {
    says([employee("e@x.org"), employee("f@x.org", { status: "suspended" })]);
    expect((await ask("GET", "/people/e@x.org")).body).toMatchObject({ worksHere: true });
    expect((await ask("GET", "/people/f@x.org")).body).toMatchObject({ worksHere: false });
    expect((await ask("GET", "/people/none")).status).toBe(404);
    says([employee("e@x.org")], "down");
    expect((await ask("GET", "/people/e@x.org")).status).toBe(503);
  });

  it("says of each of ours what it said last: named, gone, named no more; who was never named is not among them", async () => {
    const [stays, left, absent, never] = [await member(), await member(), await member(), await member()];
    says([stays, left, absent].map(({ email }) => employee(email)));
    await hrDirectoryJob(env, null);
    says([employee(stays.email), employee(left.email, { status: "Resigned" }), employee("nobody-of-ours@example.org")]);
    await hrDirectoryJob(env, null);
    const { body } = await ask("GET", "");
    const people = (body.people ?? []) as { email: string; standing: string }[];
    const standing = ({ email }: { email: string }) => people.find((each) => each.email === email)?.standing;
    expect([stays, left, absent, never].map(standing)).toEqual(["named", "left", "absent", undefined]);
    expect(people.some(({ email }) => email === "nobody-of-ours@example.org")).toBe(false);
    expect(body.isConfigured).toBe(true);
    expect((await ask("GET", "", undefined, country)).body.isConfigured).toBe(false);
  });

  it("that is not configured here is said to be so, and the job has nothing to do", async () => {
    expect((await ask("GET", "/plan", undefined, country)).body.error?.kind).toBe("no_directory");
    expect(await hrDirectoryJob(country, null)).toBeNull();
  });
});
