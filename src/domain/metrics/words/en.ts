import type { PeopleFigure } from "../people-figures.ts";
import type { MetricId } from "../registry.ts";

/** What each figure is called, and what it is: `name_<id>` and `means_<id>`. */
export default {
  name_paid: "Paid",
  means_paid:
    "What customers paid, less what the old system took back. Counted on the local day on which it was paid, for whoever holds the money now; money that nobody holds yet and money in the treasury are in it.",
  name_paid_electricity: "Paid for electricity",
  means_paid_electricity: "What was paid and is held by accounts for electricity: no fees, no unassigned money.",
  name_paid_fees: "Paid in fees",
  means_paid_fees: "Connection and readyboard fees that were paid.",
  name_paid_unassigned: "Not assigned",
  means_paid_unassigned: "What was paid and still waits in suspense for its account.",
  name_paid_treasury: "In the treasury",
  means_paid_treasury: "What was paid and was put aside into the treasury.",
  name_payments: "Payments",
  means_payments: "How many receipts. One that is split between accounts counts once, where its first share is.",
  name_vended: "Energy sold",
  means_vended:
    "Energy that was credited for payments (kWh vended), on the day of the payment. Openings and corrections are not in it. It is not what was used.",
  name_metered: "Energy used",
  means_metered:
    "Energy that meters counted (kWh metered), by the meter that bills: a check meter never doubles it. Hours of which nothing is known are in no sum.",
  name_accounts_ever: "Accounts that ever paid",
  means_accounts_ever:
    "Distinct accounts that had paid at least once by the end of the period. It never falls; an old payment that arrives late raises earlier periods too.",
  name_accounts_paying: "Accounts that paid",
  means_accounts_paying: "Distinct accounts that paid in the period.",
  name_accounts_connected: "Accounts connected",
  means_accounts_connected:
    "Connected accounts on an average day of the period: from commissioning (or, where nobody recorded it, from the first day of use or payment) until termination.",
  name_arpu_ever: "ARPU, of accounts that ever paid",
  means_arpu_ever:
    "Paid in the period, by accounts that had ever paid by its end. Money per account and period. The denominator that was agreed for continuity.",
  name_arpu_paying: "ARPU, of accounts that paid",
  means_arpu_paying: "Paid in the period, by accounts that paid in it. Money per account and period.",
  name_arpu_connected: "ARPU, of connected accounts",
  means_arpu_connected:
    "Paid in the period, by the average number of connected accounts. Money per account and period.",
  name_vended_a_day: "Energy sold per account and day",
  means_vended_a_day: "Energy sold in the period by days on which accounts were connected.",
  name_metered_a_day: "Energy used per account and day",
  means_metered_a_day:
    "Energy used in the hours that are known, for 24 of them: gaps lower nothing. An account that used nothing counts with 0.",
  name_paid_a_day: "Paid per account and day",
  means_paid_a_day: "Paid in the period by days on which accounts were connected.",
  name_price: "Average price of a kWh",
  means_price: "Paid for electricity by energy sold.",
  name_coverage: "Hours that are known",
  means_coverage: "Hours of connected accounts of which the meter told something, by all their hours.",
  name_customers_registered: "Customers registered",
  means_customers_registered:
    "People and firms that are registered on the day, each once, however many accounts or meters they have. They count at the site of their first account, or where they live. Whose registration day is not known is counted.",
  name_customers_connected: "Customers connected",
  means_customers_connected:
    "Customers with light on the day: an account of theirs is commissioned and has not ended by then. Who is registered and was never connected is not connected; an end on a later day does not count yet.",
  name_customers_new: "New customers",
  means_customers_new: "Customers whose first light was in the quarter.",
  name_customers_activation: "Activation rate",
  means_customers_activation: "Customers connected, by customers registered, on the same day.",
  name_customers_growth: "Customer growth",
  means_customers_growth:
    "Customers by the quarter of their first light, and what they add up to. A quarter in which nobody was connected is there with 0; those whose last account with light ended are shown apart and taken off.",
  name_customers_undated: "Date not known",
  means_customers_undated:
    "Customers who had light, and nobody knows since when. They are in every sum and in no quarter.",
  name_customers_funnel: "Funnel",
  means_customers_funnel:
    "Distinct customers who have a step behind them on any of their accounts, each once, however many accounts or meters. Somebody without an account counts as registered. A site keeps its people without a meter.",
  name_customers_drop_off: "Drop-off",
  means_customers_drop_off:
    "Share of the customers of the step before who do not have this one. Steps are recorded one by one and are no stairs: where the old books know nothing of a fee, or a house has wiring of its own, a later step has more people than an earlier one, and the drop-off is below 0. It is shown as it is.",
  name_customers_cohort: "Cohorts",
  means_customers_cohort:
    "Where each customer stands, over all accounts that have not ended: how much of the connection and readyboard fees is paid, and whether there is light. Money for electricity never counts towards a fee. Not metered is said of connected customers alone.",
  name_customers_fee_unknown: "Fee not known",
  means_customers_fee_unknown:
    "Customers who were moved in, and no row or step says that a fee was paid. What they owe is not known, and is not taken for 0.",
} satisfies Record<`${"name" | "means"}_${MetricId | PeopleFigure}`, string>;
