import type { PlanConnection } from "../domain/grid-plan/match.ts";
import type { PlanProject } from "../domain/grid-plan/project.ts";
import type { Result } from "../domain/result.ts";

/** sign_in: our login is not good there. gone: there is no such project. unavailable: it does not answer as it should. */
export type PlanTrouble = { kind: "sign_in" | "gone" | "unavailable"; detail: string };

/** A connection, with what its two coordinates say as they stand there: X is the longitude. */
export type ToolConnection = Omit<PlanConnection, "place"> & {
  gpsX: unknown;
  gpsY: unknown;
  customerType: string | null;
  meterSerial: string | null;
};
/** Fields of a connection as the tool names them. */
export type PlanUpdate = Partial<Record<"Customer_Code" | "Customer_Type" | "Meter_Serial", string>>;
export type PlanWritten = { updated: number; notFound: string[] };

/** The planning tool, for as long as one session of it lasts: what is not saved is lost with the session. */
export interface GridPlan {
  projects(): Promise<Result<PlanProject[], PlanTrouble>>;
  connections(project: PlanProject): Promise<Result<ToolConnection[], PlanTrouble>>;
  /** Writes all and saves, or says that it did not: without the saving nothing is there. By survey id. */
  update(project: PlanProject, updates: ReadonlyMap<string, PlanUpdate>): Promise<Result<PlanWritten, PlanTrouble>>;
}
