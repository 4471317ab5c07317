/** A project of the planning tool. */
export type PlanProject = { name: string; code: string };
export type SiteName = { code: string; name: string };

/** In what words a name is written: small letters without accents, cut at everything that is no letter and no digit. */
const tokensOf = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== "");

/**
 * The one project that is of this site: its code is the site's, or a whole word of its code or name is, or its name has the site's name as
 * whole words in a row. Never a part of a word, and an empty code is nobody's. Several: none is taken, and a person says which.
 */
export function projectOfSite(
  site: SiteName,
  projects: readonly PlanProject[],
): { project: PlanProject | null; candidates: PlanProject[] } {
  const code = site.code.toLowerCase();
  const name = tokensOf(site.name);
  const rungs: ((project: PlanProject) => boolean)[] = [
    (project) => project.code.trim().toLowerCase() === code,
    (project) => tokensOf(project.code).includes(code) || tokensOf(project.name).includes(code),
    (project) => name.length > 0 && hasInARow(tokensOf(project.name), name),
  ];
  for (const isOf of rungs) {
    const candidates = projects.filter(isOf);
    if (candidates.length > 0) return { project: candidates.length === 1 ? (candidates[0] ?? null) : null, candidates };
  }
  return { project: null, candidates: [] };
}

export type SiteProject = { site: SiteName; project: PlanProject | null; candidates: PlanProject[] };

/** The project of each site, and the projects that no site may claim. */
export function projectsBySite(
  sites: readonly SiteName[],
  projects: readonly PlanProject[],
): { sites: SiteProject[]; unclaimed: PlanProject[] } {
  const found = sites.map((site) => ({ site, ...projectOfSite(site, projects) }));
  const claimed = new Set(found.flatMap(({ candidates }) => candidates));
  return { sites: found, unclaimed: projects.filter((project) => !claimed.has(project)) };
}

const hasInARow = (tokens: readonly string[], wanted: readonly string[]) =>
  tokens.some((_, at) => wanted.every((token, n) => tokens[at + n] === token));
