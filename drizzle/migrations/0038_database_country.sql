CREATE TABLE "database_country" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"code" text NOT NULL,
	"currency" text NOT NULL,
	"site_codes" text[] NOT NULL,
	"named_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "database_country_one" CHECK ("database_country"."one"),
	CONSTRAINT "database_country_code" CHECK ("database_country"."code" ~ '^[A-Z]{2}$'),
	CONSTRAINT "database_country_currency" CHECK ("database_country"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
ALTER TABLE "corrections" DROP CONSTRAINT "corrections_currency";--> statement-breakpoint
ALTER TABLE "estimated_sales" DROP CONSTRAINT "estimated_sales_currency";--> statement-breakpoint
ALTER TABLE "fx_rates" DROP CONSTRAINT "fx_rates_currency";--> statement-breakpoint
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_currency";--> statement-breakpoint
ALTER TABLE "legacy_totals" DROP CONSTRAINT "legacy_totals_currency";--> statement-breakpoint
ALTER TABLE "legacy_transactions" DROP CONSTRAINT "legacy_transactions_currency";--> statement-breakpoint
ALTER TABLE "live_balances" DROP CONSTRAINT "live_balances_currency";--> statement-breakpoint
ALTER TABLE "payments" DROP CONSTRAINT "payments_currency";--> statement-breakpoint
ALTER TABLE "staff_countries" DROP CONSTRAINT "staff_countries_country";--> statement-breakpoint
ALTER TABLE "statement_lines" DROP CONSTRAINT "statement_lines_currency";--> statement-breakpoint
ALTER TABLE "suspense_cases" DROP CONSTRAINT "suspense_cases_currency";--> statement-breakpoint
ALTER TABLE "tills" DROP CONSTRAINT "tills_currency";--> statement-breakpoint
ALTER TABLE "vendor_credits" DROP CONSTRAINT "vendor_credits_currency";--> statement-breakpoint
ALTER TABLE "vendor_months" DROP CONSTRAINT "vendor_months_currency";--> statement-breakpoint
ALTER TABLE "vendor_payments" DROP CONSTRAINT "vendor_payments_currency";--> statement-breakpoint
ALTER TABLE "wallet_checks" DROP CONSTRAINT "wallet_checks_currency";--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_currency" CHECK ("corrections"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "estimated_sales" ADD CONSTRAINT "estimated_sales_currency" CHECK ("estimated_sales"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "fx_rates" ADD CONSTRAINT "fx_rates_currency" CHECK ("fx_rates"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_currency" CHECK ("ledger_entries"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "legacy_totals" ADD CONSTRAINT "legacy_totals_currency" CHECK ("legacy_totals"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "legacy_transactions" ADD CONSTRAINT "legacy_transactions_currency" CHECK ("legacy_transactions"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "live_balances" ADD CONSTRAINT "live_balances_currency" CHECK ("live_balances"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_currency" CHECK ("payments"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "staff_countries" ADD CONSTRAINT "staff_countries_country" CHECK ("staff_countries"."country" ~ '^[A-Z]{2}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_currency" CHECK ("statement_lines"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "suspense_cases" ADD CONSTRAINT "suspense_cases_currency" CHECK ("suspense_cases"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "tills" ADD CONSTRAINT "tills_currency" CHECK ("tills"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD CONSTRAINT "vendor_credits_currency" CHECK ("vendor_credits"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "vendor_months" ADD CONSTRAINT "vendor_months_currency" CHECK ("vendor_months"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "vendor_payments" ADD CONSTRAINT "vendor_payments_currency" CHECK ("vendor_payments"."currency" ~ '^[A-Z]{3}$') NOT VALID;--> statement-breakpoint
ALTER TABLE "wallet_checks" ADD CONSTRAINT "wallet_checks_currency" CHECK ("wallet_checks"."currency" ~ '^[A-Z]{3}$') NOT VALID;
--> statement-breakpoint
-- By hand, above: what a row may hold has grown, so that those which are there need no look again (NOT VALID: no table is
-- held while it is read).
GRANT SELECT ON database_country TO cc_app;
--> statement-breakpoint
-- A database is one country's for ever; its sites and its currency follow the country's file.
CREATE FUNCTION database_country_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR new.code <> old.code THEN
    RAISE EXCEPTION 'this database belongs to %, and to no other country', old.code
      USING ERRCODE = '23514', CONSTRAINT = 'database_country_kept', TABLE = 'database_country';
  END IF;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER database_country_kept BEFORE UPDATE OR DELETE ON database_country
  FOR EACH ROW EXECUTE FUNCTION database_country_kept();
--> statement-breakpoint
-- Accounts, customers, tariffs, vendors' sites and meters' days refer to a site, so that a site which cannot be here keeps all
-- of its own out. A database that was not named yet has no country to compare with: the Worker refuses to work with it.
CREATE FUNCTION sites_own_country() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own database_country%ROWTYPE;
BEGIN
  SELECT * INTO own FROM database_country;
  IF FOUND AND NOT new.code = ANY (own.site_codes) THEN
    RAISE EXCEPTION '% is no site of %, whose database this is', new.code, own.code
      USING ERRCODE = '23514', CONSTRAINT = 'sites_own_country', TABLE = 'sites';
  END IF;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER sites_own_country BEFORE INSERT OR UPDATE OF code ON sites
  FOR EACH ROW EXECUTE FUNCTION sites_own_country();
--> statement-breakpoint
CREATE FUNCTION own_currency() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own database_country%ROWTYPE;
BEGIN
  SELECT * INTO own FROM database_country;
  IF FOUND AND new.currency <> own.currency THEN
    RAISE EXCEPTION '% is not the currency of %, whose database this is', new.currency, own.code
      USING ERRCODE = '23514', CONSTRAINT = TG_TABLE_NAME || '_own_currency', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER tills_own_currency BEFORE INSERT OR UPDATE OF currency ON tills
  FOR EACH ROW EXECUTE FUNCTION own_currency();
--> statement-breakpoint
CREATE TRIGGER payments_own_currency BEFORE INSERT ON payments
  FOR EACH ROW EXECUTE FUNCTION own_currency();
