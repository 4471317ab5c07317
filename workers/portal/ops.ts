import { Hono } from "hono";
import { door } from "../door.ts";
import type { Env } from "../env.ts";
import { accountFees } from "./account-fees.ts";
import { accountLiveBalance } from "./account-live-balance.ts";
import { agreements } from "./agreements.ts";
import { alarms } from "./alarms.ts";
import { audit } from "./audit.ts";
import { campaigns } from "./campaigns.ts";
import { carrierSetting } from "./carrier.ts";
import { accountCommissioning, commissioning } from "./commissioning.ts";
import { accountContracts, contracts } from "./contracts.ts";
import { corrections } from "./corrections.ts";
import { customerAccounts, customers } from "./customers.ts";
import { exports_ } from "./exports.ts";
import { fees } from "./fees.ts";
import { gridPlanRoutes } from "./grid-plan.ts";
import { hrRoutes } from "./hr.ts";
import { imports } from "./imports.ts";
import { merges } from "./merges.ts";
import { opsClaimCodes } from "./my.ts";
import { operations } from "./operations.ts";
import { opsAccounts } from "./ops-accounts.ts";
import { opsAgain } from "./ops-again.ts";
import { opsBackfill } from "./ops-backfill.ts";
import { opsClaims } from "./ops-claims.ts";
import { opsCopies } from "./ops-copies.ts";
import { opsCreditWriter } from "./ops-credit-writer.ts";
import { opsDisconnects } from "./ops-disconnects.ts";
import { opsImports } from "./ops-imports.ts";
import { opsJobs } from "./ops-jobs.ts";
import { opsLegacy } from "./ops-legacy.ts";
import { opsMoveIn } from "./ops-move-in.ts";
import { opsMoveInFigures } from "./ops-move-in-figures.ts";
import { opsMoveInHistory } from "./ops-move-in-history.ts";
import { opsOpenings } from "./ops-openings.ts";
import { opsParallel } from "./ops-parallel.ts";
import { opsPhones } from "./ops-phones.ts";
import { opsReceipts } from "./ops-receipts.ts";
import { opsRegistry } from "./ops-registry.ts";
import { opsRequests } from "./ops-requests.ts";
import { opsRollups } from "./ops-rollups.ts";
import { opsStatus } from "./ops-status.ts";
import { opsTickets } from "./ops-tickets.ts";
import { opsTills } from "./ops-tills.ts";
import { opsVendors } from "./ops-vendors.ts";
import { paymentsList } from "./payments.ts";
import { apiKeyRoutes, programmeRoutes } from "./programmes.ts";
import { records } from "./records.ts";
import { registrations } from "./registrations.ts";
import { relays } from "./relays.ts";
import { retentionSetting } from "./retention.ts";
import { staffRoutes } from "./staff.ts";
import { statements } from "./statements.ts";
import { tables } from "./tables.ts";
import { accountTariff, tariffs } from "./tariffs.ts";
import { uploads } from "./uploads.ts";
import { vendorCredits } from "./vendor-credits.ts";
import { accountWallet, opsWallets, wallets } from "./wallets.ts";
import { webhookRoutes } from "./webhooks.ts";

/** The operators' door. */
export const ops = new Hono<{ Bindings: Env }>()
  .use(door("ops"))
  .use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  })
  .route("/", opsStatus)
  .route("/", opsReceipts)
  .route("/", opsRequests)
  .route("/", opsClaims)
  .route("/", opsRegistry)
  .route("/", opsPhones)
  .route("/", opsTills)
  .route("/", opsAccounts)
  .route("/", opsAgain)
  .route("/", opsCopies)
  .route("/", opsLegacy)
  .route("/", opsMoveIn)
  .route("/", opsMoveInFigures)
  .route("/", opsParallel)
  .route("/", opsWallets)
  .route("/", opsMoveInHistory)
  .route("/", opsCreditWriter)
  .route("/", opsVendors)
  .route("/", opsDisconnects)
  .route("/", opsOpenings)
  .route("/settings", carrierSetting)
  .route("/settings", retentionSetting)
  .route("/campaigns", campaigns)
  .route("/payments", paymentsList)
  .route("/wallets", wallets)
  .route("/accounts", accountWallet)
  .route("/accounts", accountFees)
  .route("/imports", imports)
  .route("/", opsImports)
  .route("/", opsRollups)
  .route("/", opsTickets)
  .route("/meters", relays)
  .route("/customers", customers)
  .route("/customers/merges", merges)
  .route("/audit", audit)
  .route("/registrations", registrations)
  .route("/uploads", uploads)
  .route("/statements", statements)
  .route("/tables", tables)
  .route("/tables", records)
  .route("/exports", exports_)
  .route("/accounts", customerAccounts)
  .route("/staff", staffRoutes)
  .route("/programmes", programmeRoutes)
  .route("/keys", apiKeyRoutes)
  .route("/hr", hrRoutes)
  .route("/grid-plan", gridPlanRoutes)
  .route("/webhooks", webhookRoutes)
  .route("/accounts", accountTariff)
  .route("/accounts", accountLiveBalance)
  .route("/tariffs", tariffs)
  .route("/corrections", corrections)
  .route("/agreements", agreements)
  .route("/fees", fees)
  .route("/vendor-credits", vendorCredits)
  .route("/", opsClaimCodes)
  .route("/accounts", accountCommissioning)
  .route("/accounts", accountContracts)
  .route("/contracts", contracts)
  .route("/commissioning", commissioning)
  .route("/", opsBackfill)
  .route("/", operations)
  .route("/", alarms)
  .route("/", opsJobs);
