/** What a customer is, as the table `customer_types` has it with its names. */
export const CUSTOMER_TYPES = (
  "HH1 HH2 HH3 SME CHU SCP SCH HC HCF CLI PWH GOV COM IND REL AGR PUE OTH " +
  // Only of customers who were moved in: nobody new gets them.
  "HH OTHER"
).split(" ");

/** A tier is asked of a new household, and OTHER is another spelling of OTH. */
const CLOSED = new Set(["HH", "OTHER"]);

export const OPEN_CUSTOMER_TYPES = CUSTOMER_TYPES.filter((code) => !CLOSED.has(code));
