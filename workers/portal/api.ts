import { Hono } from "hono";
import type { Env } from "../env.ts";
import { payments } from "../payments.ts";
import { accountEnergy } from "./account-energy.ts";
import { accountEntries } from "./account-entries.ts";
import { accountFees } from "./account-fees.ts";
import { accountLiveBalance } from "./account-live-balance.ts";
import { accountMessages } from "./account-sms.ts";
import { agreements } from "./agreements.ts";
import { alarms } from "./alarms.ts";
import { audit } from "./audit.ts";
import { campaigns } from "./campaigns.ts";
import { care } from "./care.ts";
import { carrierSetting } from "./carrier.ts";
import { cases } from "./cases.ts";
import { accountCommissioning, commissioning } from "./commissioning.ts";
import { accountContracts, contracts } from "./contracts.ts";
import { corrections } from "./corrections.ts";
import { customerAccounts, customers } from "./customers.ts";
import { dashboard } from "./dashboard.ts";
import { exportFiles, exports_ } from "./exports.ts";
import { fees } from "./fees.ts";
import { gridPlanRoutes } from "./grid-plan.ts";
import { hrRoutes } from "./hr.ts";
import { identityRoutes } from "./identity.ts";
import { imports } from "./imports.ts";
import { importsHealth } from "./imports-health.ts";
import { live, myLive } from "./live.ts";
import { merges } from "./merges.ts";
import { meters } from "./meters.ts";
import { metersCheck } from "./meters-check.ts";
import { metersList } from "./meters-list.ts";
import { my } from "./my.ts";
import { myData } from "./my-data.ts";
import { operations } from "./operations.ts";
import { opsAccounts } from "./ops-accounts.ts";
import { opsClaims } from "./ops-claims.ts";
import { opsCopies } from "./ops-copies.ts";
import { opsCreditWriter } from "./ops-credit-writer.ts";
import { opsDisconnects } from "./ops-disconnects.ts";
import { opsPhones } from "./ops-phones.ts";
import { opsReceipts } from "./ops-receipts.ts";
import { opsStatus } from "./ops-status.ts";
import { opsTills } from "./ops-tills.ts";
import { paymentsList } from "./payments.ts";
import { personalData } from "./personal.ts";
import { apiKeyRoutes, programmeRoutes } from "./programmes.ts";
import { records } from "./records.ts";
import { registrations } from "./registrations.ts";
import { relays } from "./relays.ts";
import { reports } from "./reports.ts";
import { reportsCohorts } from "./reports-cohorts.ts";
import { reportsCountry } from "./reports-country.ts";
import { reportsCoverage } from "./reports-coverage.ts";
import { reportsFrozen } from "./reports-frozen.ts";
import { reportsHours } from "./reports-hours.ts";
import { reportsLoad } from "./reports-load.ts";
import { reportsLosses } from "./reports-losses.ts";
import { reportsPeople } from "./reports-people.ts";
import { reportsSales } from "./reports-sales.ts";
import { reportsSites } from "./reports-sites.ts";
import { reportsTenure } from "./reports-tenure.ts";
import { retentionSetting } from "./retention.ts";
import { settings } from "./settings.ts";
import { signInRoutes } from "./sign-in.ts";
import { sms } from "./sms.ts";
import { staffRoutes } from "./staff.ts";
import { statements } from "./statements.ts";
import { tables } from "./tables.ts";
import { accountTariff, tariffs } from "./tariffs.ts";
import { tickets } from "./tickets.ts";
import { unmapped } from "./unmapped.ts";
import { uploads } from "./uploads.ts";
import { usdRatesRoutes } from "./usd-rates.ts";
import { vendorCredits } from "./vendor-credits.ts";
import { accountWallet, wallets } from "./wallets.ts";
import { webhookRoutes } from "./webhooks.ts";

/** Everything that the portal asks, below `/api`. Its type is the portal's client. */
export const portalApi = new Hono<{ Bindings: Env }>()
  .route("/meters", unmapped)
  .route("/meters", meters)
  .route("/meters", metersList)
  .route("/meters", metersCheck)
  .route("/meters", relays)
  .route("/accounts", accountEnergy)
  .route("/accounts", accountEntries)
  .route("/accounts", accountFees)
  .route("/accounts", accountMessages)
  .route("/accounts", accountLiveBalance)
  .route("/accounts", customerAccounts)
  .route("/accounts", accountTariff)
  .route("/accounts", accountCommissioning)
  .route("/accounts", accountContracts)
  .route("/accounts", accountWallet)
  .route("/customers", customers)
  .route("/customers/merges", merges)
  .route("/personal", personalData)
  .route("/corrections", corrections)
  .route("/agreements", agreements)
  .route("/fees", fees)
  .route("/dashboard", dashboard)
  .route("/vendor-credits", vendorCredits)
  .route("/tariffs", tariffs)
  .route("/audit", audit)
  .route("/contracts", contracts)
  .route("/commissioning", commissioning)
  .route("/registrations", registrations)
  .route("/uploads", uploads)
  .route("/statements", statements)
  .route("/wallets", wallets)
  .route("/reports", reports)
  .route("/reports", reportsFrozen)
  .route("/reports", reportsPeople)
  .route("/reports", reportsCohorts)
  .route("/reports", reportsSales)
  .route("/reports", reportsSites)
  .route("/reports", reportsLosses)
  .route("/reports", reportsCountry)
  .route("/reports", reportsTenure)
  .route("/reports", reportsLoad)
  .route("/reports", reportsCoverage)
  .route("/reports", reportsHours)
  .route("/tables", tables)
  .route("/tables", records)
  .route("/settings", settings)
  .route("/settings", carrierSetting)
  .route("/settings", retentionSetting)
  .route("/programmes", programmeRoutes)
  .route("/keys", apiKeyRoutes)
  .route("/hr", hrRoutes)
  .route("/grid-plan", gridPlanRoutes)
  .route("/webhooks", webhookRoutes)
  .route("/usd-rates", usdRatesRoutes)
  .route("/exports", exports_)
  .route("/exports", exportFiles)
  .route("/imports", imports)
  .route("/imports", importsHealth)
  .route("/", signInRoutes)
  .route("/", identityRoutes)
  .route("/staff", staffRoutes)
  .route("/payments", payments)
  .route("/payments", paymentsList)
  .route("/sms", sms)
  .route("/cases", cases)
  .route("/tickets", tickets)
  .route("/care", care)
  .route("/campaigns", campaigns)
  .route("/my", my)
  .route("/my", myData)
  .route("/my", myLive)
  .route("/live", live)
  // The operators' own routes, for whoever is signed in and may.
  .route("/", opsReceipts)
  .route("/", opsClaims)
  .route("/", opsPhones)
  .route("/", opsTills)
  .route("/", opsCopies)
  .route("/", opsDisconnects)
  .route("/", opsCreditWriter)
  .route("/", opsAccounts)
  .route("/", opsStatus)
  .route("/", alarms)
  .route("/", operations);
export type PortalApi = typeof portalApi;
