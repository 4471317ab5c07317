/** What a customer is, as the table `customer_types` has it with its names. */
export const CUSTOMER_TYPES = (
  "HH1 HH2 HH3 SME CHU SCP SCH HC HCF CLI PWH GOV COM IND REL AGR PUE OTH " +
  // Only of customers who were moved in: nobody new gets them.
  "HH OTHER"
).split(" ");

/** A tier is asked of a new household, and OTHER is another spelling of OTH. */
const CLOSED = new Set(["HH", "OTHER"]);

export const OPEN_CUSTOMER_TYPES = CUSTOMER_TYPES.filter((code) => !CLOSED.has(code));

const PLOT_TYPE = / ([A-Z]{2,5}\d?)$/;

/**
 * What a new customer is, given what was typed and the plot in its one spelling: a household's tier, and a type that nobody
 * typed, stand at the end of the plot. What cannot be told so stays as it was typed.
 */
export function typeByPlot(typed: string | null, plot: string | null): string | null {
  if (typed !== null && typed.trim().toUpperCase() !== "HH") return typed;
  const said = PLOT_TYPE.exec(plot ?? "")?.[1];
  if (said === undefined || !OPEN_CUSTOMER_TYPES.includes(said)) return typed;
  return typed === null || said.startsWith("HH") ? said : typed;
}
