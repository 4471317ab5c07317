import {
  type AccountReason,
  type ConnectionReason,
  type MatchMethod,
  matchConnections,
  type PlanAccount,
} from "../domain/grid-plan/match.ts";
import { type Bounds, type Place, type PlaceFault, readPlace } from "../domain/grid-plan/place.ts";
import { type PlanProject, projectOfSite, type SiteName } from "../domain/grid-plan/project.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { GridPlan, PlanTrouble, PlanUpdate, PlanWritten, ToolConnection } from "../ports/grid-plan.ts";

export type PlanField = keyof PlanUpdate;
/** What a run writes into one field of a connection, and what stood there. */
export type PlanChange = { surveyId: string; field: PlanField; from: string; to: string };
export type Account = PlanAccount & { customerType: string | null; meter: string | null };

export type PlanPreview = {
  site: string;
  project: PlanProject;
  matched: { surveyId: string; account: string; by: MatchMethod; metres: number | null }[];
  changes: PlanChange[];
  connections: { surveyId: string; customerCode: string; reason: ConnectionReason }[];
  accounts: { account: string; reason: AccountReason }[];
  /** Coordinates that cannot be meant; the connection is matched without them. */
  places: (PlaceFault & { surveyId: string })[];
};
export type PlanRefusal = PlanTrouble | { kind: "no_project"; detail: string; candidates: PlanProject[] };

export type PlanPorts = { plan: GridPlan; accounts(site: string): Promise<Account[]>; bounds: Bounds };
/** `project`: its code or name as a person says it; null: found by the site's own. */
export type PlanAsked = { site: SiteName; project: string | null };

/** Whose each connection is, why the others are nobody's, and what a run would write. Nothing is written. */
export async function previewPlan(ports: PlanPorts, asked: PlanAsked): Promise<Result<PlanPreview, PlanRefusal>> {
  const project = await projectOf(ports.plan, asked);
  if (!project.ok) return project;
  const listed = await ports.plan.connections(project.value);
  if (!listed.ok) return listed;
  const places: PlanPreview["places"] = [];
  const connections = listed.value.map((connection) => ({
    ...connection,
    place: placeOf(connection, ports.bounds, places),
  }));
  const found = matchConnections(connections, await ports.accounts(asked.site.code));
  const times = Map.groupBy(listed.value, ({ surveyId }) => surveyId);
  // The tool writes by survey id alone: one that it has twice, or that is empty, would be written on others too.
  const isOne = ({ surveyId }: ToolConnection) => surveyId !== "" && times.get(surveyId)?.length === 1;
  return ok({
    site: asked.site.code,
    project: project.value,
    matched: found.matches.map(({ connection, account, by, metres }) => ({
      ...{ surveyId: connection.surveyId, account: account.account, by },
      metres: metres === null ? null : Math.round(metres),
    })),
    changes: found.matches.flatMap(({ connection, account }) =>
      isOne(connection) ? changesOf(connection, account) : [],
    ),
    connections: found.connections.map(({ connection: { surveyId, customerCode }, reason }) => ({
      surveyId,
      customerCode,
      reason,
    })),
    accounts: found.accounts.map(({ account: { account }, reason }) => ({ account, reason })),
    places,
  });
}

/** Writes what a preview shows. `note` keeps what will be written before it is: what cannot be kept is not written. */
export async function runPlan(
  ports: PlanPorts,
  asked: PlanAsked,
  note: (preview: PlanPreview) => Promise<void>,
): Promise<Result<{ preview: PlanPreview; written: PlanWritten }, PlanRefusal>> {
  const preview = await previewPlan(ports, asked);
  if (!preview.ok) return preview;
  const { project, changes } = preview.value;
  if (changes.length === 0) return ok({ preview: preview.value, written: { updated: 0, notFound: [] } });
  await note(preview.value);
  const written = await ports.plan.update(project, updatesOf(changes));
  return written.ok ? ok({ preview: preview.value, written: written.value }) : written;
}

/** Takes a run back: each field that still has what the run wrote gets what stood there; what somebody changed since stays. */
export async function undoPlan(
  plan: GridPlan,
  projectName: string,
  changes: readonly PlanChange[],
  note: (changes: PlanChange[]) => Promise<void>,
): Promise<Result<{ changes: PlanChange[]; stays: number; written: PlanWritten }, PlanRefusal>> {
  const project = await named(plan, projectName);
  if (!project.ok) return project;
  const listed = await plan.connections(project.value);
  if (!listed.ok) return listed;
  const now = new Map(listed.value.map((connection) => [connection.surveyId, connection]));
  const back = changes.flatMap(({ surveyId, field, from, to }) => {
    const connection = now.get(surveyId);
    return connection !== undefined && standing(connection, field) === to
      ? [{ surveyId, field, from: to, to: from }]
      : [];
  });
  if (back.length === 0) return ok({ changes: [], stays: changes.length, written: { updated: 0, notFound: [] } });
  await note(back);
  const written = await plan.update(project.value, updatesOf(back));
  return written.ok ? ok({ changes: back, stays: changes.length - back.length, written: written.value }) : written;
}

/** How a project is called where one is kept: by its code, or by its name where it has none. */
export const projectName = ({ code, name }: PlanProject) => (code === "" ? name : code);

async function projectOf(plan: GridPlan, { site, project }: PlanAsked): Promise<Result<PlanProject, PlanRefusal>> {
  if (project !== null) return named(plan, project);
  const projects = await plan.projects();
  if (!projects.ok) return projects;
  const found = projectOfSite(site, projects.value);
  if (found.project !== null) return ok(found.project);
  const detail =
    found.candidates.length === 0
      ? `no project is called ${site.code} or ${site.name}`
      : "several projects may be meant: name one";
  return err({ kind: "no_project", detail, candidates: found.candidates });
}

async function named(plan: GridPlan, wanted: string): Promise<Result<PlanProject, PlanRefusal>> {
  const projects = await plan.projects();
  if (!projects.ok) return projects;
  const found = projects.value.filter((each) => projectName(each) === wanted);
  const [project] = found;
  if (project !== undefined && found.length === 1) return ok(project);
  return err({ kind: "no_project", detail: `${found.length} projects are called ${wanted}`, candidates: found });
}

function placeOf(connection: ToolConnection, bounds: Bounds, faults: PlanPreview["places"]): Place | null {
  const place = readPlace(connection.gpsX, connection.gpsY, bounds);
  if (!place.ok) faults.push({ surveyId: connection.surveyId, ...place.error });
  return place.ok ? place.value : null;
}

const standing = (connection: ToolConnection, field: PlanField): string =>
  ({
    Customer_Code: connection.customerCode,
    Customer_Type: connection.customerType ?? "",
    Meter_Serial: connection.meterSerial ?? "",
  })[field];

/** What is not known here is not written there. */
function changesOf(connection: ToolConnection, account: Account): PlanChange[] {
  const wanted: Record<PlanField, string | null> = {
    Customer_Code: account.account,
    Customer_Type: account.customerType,
    Meter_Serial: account.meter,
  };
  return (Object.keys(wanted) as PlanField[]).flatMap((field) => {
    const [from, to] = [standing(connection, field), wanted[field]];
    return to === null || to === from ? [] : [{ surveyId: connection.surveyId, field, from, to }];
  });
}

function updatesOf(changes: readonly PlanChange[]): Map<string, PlanUpdate> {
  const updates = new Map<string, PlanUpdate>();
  for (const { surveyId, field, to } of changes) updates.set(surveyId, { ...updates.get(surveyId), [field]: to });
  return updates;
}
