import type { ComponentType } from "preact";
import type { Permission } from "../src/domain/permission.ts";
import type en from "./words/en.ts";

export type Section = "today" | "customers" | "money" | "metering" | "reports" | "system";
export const SECTIONS: readonly Section[] = ["today", "customers", "money", "metering", "reports", "system"];

/** The address below the country, the folder of `pages/` that draws it, and who may open it. */
export type PageRoute = {
  path: string;
  page: string;
  permission: Permission | null;
  /** Where it stands in the navigation; null: it is reached from others. */
  section: Section | null;
};

/** Every page. One whose folder is not there yet is not offered. */
const TABLE: readonly PageRoute[] = [
  { path: "/", page: "dashboard", permission: null, section: "today" },
  { path: "/customers", page: "customers", permission: "customers.read", section: "customers" },
  { path: "/customers/new", page: "register", permission: "customers.register", section: "customers" },
  { path: "/customers/:id", page: "customer", permission: "customers.read", section: null },
  { path: "/registrations", page: "registrations", permission: "customers.register", section: "customers" },
  { path: "/registrations/:id", page: "registrations", permission: "customers.register", section: null },
  { path: "/merges", page: "merges", permission: "customers.write", section: "customers" },
  { path: "/tickets", page: "tickets", permission: "tickets.read", section: "customers" },
  { path: "/tickets/:id", page: "tickets", permission: "tickets.read", section: null },
  { path: "/campaigns", page: "campaigns", permission: "sms.read", section: "customers" },
  { path: "/commissioning", page: "commissioning", permission: "customers.read", section: "customers" },
  { path: "/accounts/:account", page: "account", permission: "customers.read", section: null },
  { path: "/accounts/:account/explain", page: "explain", permission: "customers.read", section: null },
  { path: "/payments", page: "payments", permission: "money.read", section: "money" },
  { path: "/payments/record", page: "record-payment", permission: "money.write", section: "money" },
  { path: "/payments/:receipt", page: "receipt", permission: "money.read", section: null },
  { path: "/suspense", page: "suspense", permission: "money.read", section: "money" },
  { path: "/corrections", page: "corrections", permission: "money.read", section: "money" },
  { path: "/corrections/:id", page: "corrections", permission: "money.read", section: null },
  { path: "/agreements", page: "agreements", permission: "money.read", section: "money" },
  { path: "/fees", page: "fees", permission: "money.read", section: "money" },
  { path: "/statements", page: "statements", permission: "money.read", section: "money" },
  { path: "/sms", page: "sms", permission: "sms.read", section: "money" },
  { path: "/tills", page: "tills", permission: "money.read", section: "money" },
  { path: "/cases", page: "cases", permission: "money.read", section: "money" },
  { path: "/vendor-credits", page: "vendor-credits", permission: "money.read", section: "metering" },
  { path: "/wallets", page: "wallets", permission: "money.read", section: "metering" },
  { path: "/meters", page: "meters", permission: "meters.read", section: "metering" },
  { path: "/check-meters", page: "check-meters", permission: "meters.read", section: "metering" },
  { path: "/tariffs", page: "tariffs", permission: "tariffs.read", section: "metering" },
  { path: "/gaps", page: "gaps", permission: "meters.read", section: "metering" },
  { path: "/imports", page: "imports", permission: "meters.read", section: "metering" },
  { path: "/grid-plan", page: "grid-plan", permission: "meters.write", section: "metering" },
  { path: "/reports", page: "reports", permission: "reports.read", section: "reports" },
  { path: "/frozen", page: "frozen", permission: "reports.read", section: "reports" },
  { path: "/frozen/:id", page: "frozen", permission: "reports.read", section: null },
  { path: "/daily-sales", page: "daily-sales", permission: "reports.read", section: "reports" },
  { path: "/sites", page: "sites", permission: "reports.read", section: "reports" },
  { path: "/countries", page: "countries", permission: "reports.read", section: "reports" },
  { path: "/losses", page: "losses", permission: "reports.read", section: "reports" },
  { path: "/growth", page: "growth", permission: "reports.read", section: "reports" },
  { path: "/funnel", page: "funnel", permission: "reports.read", section: "reports" },
  { path: "/coverage", page: "coverage", permission: "reports.read", section: "reports" },
  { path: "/figures", page: "figures", permission: "reports.read", section: "reports" },
  { path: "/tenure", page: "tenure", permission: "reports.read", section: "reports" },
  { path: "/load", page: "load", permission: "reports.read", section: "reports" },
  { path: "/operations", page: "operations", permission: "reports.read", section: "system" },
  { path: "/tables", page: "tables", permission: "tables.read", section: "system" },
  { path: "/tables/:table", page: "tables", permission: "tables.read", section: null },
  { path: "/exports", page: "exports", permission: "exports.make", section: "system" },
  { path: "/changes", page: "changes", permission: "audit.read", section: "system" },
  { path: "/changes/:id", page: "changes", permission: "audit.read", section: null },
  { path: "/staff", page: "staff", permission: "staff.manage", section: "system" },
  { path: "/hr-directory", page: "hr-directory", permission: "staff.manage", section: "system" },
  { path: "/machine-keys", page: "machine-keys", permission: "integrations.manage", section: "system" },
  { path: "/webhooks", page: "webhooks", permission: "integrations.manage", section: "system" },
  { path: "/settings", page: "settings", permission: "reports.read", section: "system" },
  { path: "/help", page: "help", permission: null, section: "system" },
  { path: "/profile", page: "profile", permission: null, section: null },
];

/** What a page is given: the variable parts of its address. */
export type PageProps = { id?: string; account?: string; receipt?: string; table?: string };
const files = import.meta.glob<{ default: ComponentType<PageProps> }>("./pages/*/page.tsx");

export const fileOf = ({ page }: PageRoute) => files[`./pages/${page}/page.tsx`];
export const routes: readonly PageRoute[] = TABLE.filter((route) => fileOf(route) !== undefined);

export const titleKey = ({ page }: PageRoute) => `page_${page}` as keyof typeof en & string;
