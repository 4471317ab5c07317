import type { CountryCode } from "../src/domain/country.ts";
import { placesOf } from "./demo-places.ts";
import { type GridPlanProject, GridPlanTool, startGridPlan } from "./grid-plan.ts";
import { type HrEmployee, type HrState, startHr } from "./hr.ts";
import { drawKey } from "./keys.ts";
import { OmSimulator } from "./om.ts";
import type { SeededStaff } from "./seed-people.ts";
import { demoWorld } from "./world.ts";

/** Departments as people name them there; what each brings here is said on the page of the directory. */
const DEPARTMENTS: Record<string, string> = {
  superadmin: "Management",
  onm_team: "O&M",
  finance_team: "Finance",
  engineering: "Engineering",
  field_registrar: "Field",
};
const ELSEWHERE = "Administration";
const PLAN_USER = "E100";

/** The O&M system, the HR directory and the planning tool on a laptop, and what a Worker has to know of them. */
export async function startNeighbours(omKey: string) {
  const om = new OmSimulator(omKey);
  const omUrl = await om.listen();
  const hr: HrState = { employees: [], mood: "well", key: drawKey() };
  const directory = await startHr(0, hr);
  const tool = new GridPlanTool(demoProjects(), drawKey());
  const plan = await startGridPlan(0, tool);
  return {
    urls: { om: omUrl, hr: directory.url, plan: plan.url },
    env: (country: CountryCode) => ({
      ...{ OM_URL: omUrl, OM_KEY: omKey, HR_URL: directory.url, HR_API_KEY: hr.key },
      ...(country === "LS" ? { UGP_URL: `${plan.url}/api`, UGP_LOGIN: `${PLAN_USER}:${tool.password}` } : {}),
    }),
    /** All of them are employed. */
    employ(staff: readonly SeededStaff[]) {
      hr.employees = staff.map(
        ({ email, name, roles: [role = ""] }, index): HrEmployee => ({
          ...{ employee_id: `E${101 + index}`, name, email },
          ...{ department: DEPARTMENTS[role] ?? ELSEWHERE, status: "active" },
        }),
      );
    },
    close: async () => void (await Promise.all([om.close(), directory.close(), plan.close()])),
  };
}

/** As such tools are filled in: one village by its code, one by its name, two projects for a third, and a project of nobody's. */
function demoProjects(): GridPlanProject[] {
  const { customers } = demoWorld("LS");
  const [coded, near, exchanged, ...others] = placesOf(customers).filter(({ account }) => account.endsWith("MAK"));
  const row = (number: number, fields: object) => ({
    ...{
      Survey_ID: `MAK ${String(number).padStart(4, "0")} HH`,
      Customer_Code: "",
      Customer_Type: "",
      Meter_Serial: "",
    },
    ...{ GPS_X: null, GPS_Y: null, ...fields },
  });
  return [
    {
      ...{ name: "Ha Makebe", code: "MAK", key: "MAK_minigrid" },
      rows: [
        row(1, { Customer_Code: coded?.account ?? "" }),
        row(2, { GPS_X: near?.longitude, GPS_Y: near?.latitude }),
        row(3, { GPS_X: exchanged?.latitude, GPS_Y: exchanged?.longitude }),
        row(4, { Customer_Code: "0999MAK" }),
        ...others.map((place, index) => row(5 + index, { GPS_X: place.longitude, GPS_Y: place.latitude })),
      ],
    },
    { name: "Sehonghong, second phase", code: "", key: "Sehonghong, second phase", rows: [] },
    { name: "Mashai survey of 2025", code: "", key: "Mashai survey of 2025", rows: [] },
    { name: "Mashai minigrid", code: "", key: "Mashai minigrid", rows: [] },
    { name: "Basin", code: "BAS", key: "BAS_minigrid", rows: [] },
  ];
}
