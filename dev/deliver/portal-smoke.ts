import type { PortalConfig } from "./portal-page.ts";
import type { Ask } from "./smoke.ts";

/** Whether the portal is there with these countries, and each country's Worker stands before it at its own paths. */
export async function portalFaults(ask: Ask, { countries }: PortalConfig): Promise<string[]> {
  const page = await ask("/customers");
  const shown = /<meta name="countries" content="([^"]*)"/.exec(page.text)?.[1] ?? null;
  const faults =
    page.status === 200 && shown === countries.join(",")
      ? []
      : [`/customers answers ${page.status} with the countries ${shown ?? "of no portal"}, not ${countries.join(",")}`];
  for (const code of countries) {
    const answer = await ask(`/${code}/api/config`);
    // What the Worker does not take, Pages answers with the portal itself.
    if (answer.status !== 200 || !answer.type.includes("json") || !answer.text.includes(`"${code.toUpperCase()}"`))
      faults.push(`/${code}/api/config answers ${answer.status} ${answer.type}: no route takes it to ${code}'s Worker`);
  }
  return faults;
}
