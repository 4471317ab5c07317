import { z } from "zod";
import type { HrPerson, HrUnreadable } from "../domain/hr.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { canonicalEmail } from "../domain/sign-in.ts";
import type { HrDirectory, HrTrouble } from "../ports/hr.ts";

/** What the directory takes longer for has failed. */
const CALL_MS_MAX = 6_000;
const PEOPLE_MAX = 5_000;

const text = z.string().max(300);
const Person = z.object({
  employee_id: z.union([text, z.number()]).transform(String),
  email: text.nullish(),
  department: text.nullish(),
  memberships: z.array(z.object({ department_name: text })).nullish(),
  status: text.nullish(),
});
/** Each row is read by itself: one that is not as it should be says nothing of the others. */
const Directory = z.object({ employees: z.array(z.unknown()).max(PEOPLE_MAX) });
const Named = z.object({ email: text });

export type HrSettings = { url: string; key: string };

/** The HR portal's API. Everything that is not its answer is "unavailable", whatever it looks like. */
export function hrDirectory({ url, key }: HrSettings, ask: typeof fetch = fetch): HrDirectory {
  const origin = url.replace(/\/+$/, "");
  async function get<T extends z.ZodType>(path: string, shape: T): Promise<Result<z.infer<T> | null, HrTrouble>> {
    try {
      const response = await ask(`${origin}${path}`, {
        headers: { "X-API-Key": key, Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(CALL_MS_MAX),
      });
      if (response.status === 401) return err({ kind: "key_rejected", detail: "401" });
      const body: unknown = await response.json().catch(() => undefined);
      // A page of a proxy may say 404 too: only the directory itself knows whom it does not know.
      if (response.status === 404 && body !== undefined) return ok(null);
      if (response.status !== 200) return err({ kind: "unavailable", detail: String(response.status) });
      const read = shape.safeParse(body);
      return read.success ? ok(read.data) : err({ kind: "unavailable", detail: "an answer of another shape" });
    } catch (thrown) {
      return err({ kind: "unavailable", detail: thrown instanceof Error ? thrown.name : "no answer" });
    }
  }
  return {
    async everybody() {
      const answer = await get("/api/employees/directory", Directory);
      if (!answer.ok) return answer;
      if (answer.value === null) return err({ kind: "unavailable", detail: "404" });
      const people: HrPerson[] = [];
      const unreadable: HrUnreadable[] = [];
      for (const [nth, row] of answer.value.employees.entries()) {
        const read = Person.safeParse(row);
        if (read.success) people.push(...[personOf(read.data) ?? []].flat());
        else
          unreadable.push({ row: nth + 1, email: emailOf(row), field: String(read.error.issues[0]?.path[0] ?? "row") });
      }
      return ok({ people, unreadable });
    },
    async lookUp(employeeId) {
      const answer = await get(`/api/employees/show/${encodeURIComponent(employeeId)}`, Person);
      if (!answer.ok || answer.value === null) return answer as Result<null, HrTrouble>;
      // Another one than was asked for is no answer.
      const person = answer.value.employee_id === employeeId ? personOf(answer.value) : null;
      return person === null ? err({ kind: "unavailable", detail: "an answer about somebody else" }) : ok(person);
    },
  };
}

/** Whose a row is that cannot be read as a whole; null: nobody can tell. */
function emailOf(row: unknown): string | null {
  const named = Named.safeParse(row);
  return named.success ? canonicalEmail(named.data.email) : null;
}

/** Null: without an e-mail address nobody here can be meant. A status that is missing is none of somebody who left. */
function personOf(row: z.infer<typeof Person>): HrPerson | null {
  const email = canonicalEmail(row.email ?? "");
  if (email === null) return null;
  const departments = [row.department ?? "", ...(row.memberships ?? []).map((each) => each.department_name)];
  return {
    email,
    employeeId: row.employee_id,
    departments: [...new Set(departments.map((each) => each.trim().toLowerCase()))].filter((each) => each !== ""),
    status: row.status ?? "unknown",
  };
}
