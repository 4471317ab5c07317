import type { HrPerson, HrUnreadable } from "../domain/hr.ts";
import type { Role } from "../domain/permission.ts";
import type { Result } from "../domain/result.ts";
import type { Change, Registered } from "./registry.ts";

/** unavailable: nobody knows. key_rejected: our key is not good there. Neither is a no, and neither a yes. */
export type HrTrouble = { kind: "unavailable" | "key_rejected"; detail: string };

/** The company's directory of people; it is only read. */
export interface HrDirectory {
  /** A row that cannot be read holds up no other. */
  everybody(): Promise<Result<{ people: HrPerson[]; unreadable: HrUnreadable[] }, HrTrouble>>;
  /** Null: the directory knows nobody under that number. */
  lookUp(employeeId: string): Promise<Result<HrPerson | null, HrTrouble>>;
}

export interface HrBooks {
  known(): Promise<HrPerson[]>;
  departments(): Promise<{ department: string; roles: Role[] }[]>;
  putDepartment(department: string, roles: Role[], by: Change): Promise<Registered>;
  /** Keeps what the directory named now, so that the next sync knows who was here. */
  keep(people: readonly HrPerson[], at: number): Promise<void>;
}
