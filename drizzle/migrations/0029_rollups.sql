CREATE TABLE "metered_days" (
	"day" date NOT NULL,
	"account_id" bigint NOT NULL,
	"site_code" text NOT NULL,
	"energy_wh" bigint NOT NULL,
	"hours" integer NOT NULL,
	"estimated_hours" integer NOT NULL,
	CONSTRAINT "metered_days_key" PRIMARY KEY("day","account_id"),
	CONSTRAINT "metered_days_hours" CHECK ("metered_days"."hours" BETWEEN 1 AND 25 AND "metered_days"."estimated_hours" BETWEEN 0 AND "metered_days"."hours")
);
--> statement-breakpoint
CREATE TABLE "metered_month_hours" (
	"month" date NOT NULL,
	"account_id" bigint NOT NULL,
	"hour_of_day" integer NOT NULL,
	"energy_wh" bigint NOT NULL,
	"hours" integer NOT NULL,
	CONSTRAINT "metered_month_hours_key" PRIMARY KEY("month","account_id","hour_of_day"),
	CONSTRAINT "metered_month_hours_hour" CHECK ("metered_month_hours"."hour_of_day" BETWEEN 0 AND 23)
);
--> statement-breakpoint
CREATE TABLE "metered_months" (
	"month" date NOT NULL,
	"account_id" bigint NOT NULL,
	"site_code" text NOT NULL,
	"energy_wh" bigint NOT NULL,
	"days" integer NOT NULL,
	"hours" integer NOT NULL,
	"estimated_hours" integer NOT NULL,
	CONSTRAINT "metered_months_key" PRIMARY KEY("month","account_id")
);
--> statement-breakpoint
CREATE TABLE "rollup_touched" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollup_touched_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"what" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rollup_touched_what" CHECK ("rollup_touched"."what" IN ('money', 'energy'))
);
--> statement-breakpoint
CREATE TABLE "sales_account_days" (
	"day" date NOT NULL,
	"account_number" text,
	"site_code" text,
	"channel" text NOT NULL,
	"payments" integer NOT NULL,
	"gross_minor" bigint NOT NULL,
	"reversed_minor" bigint NOT NULL,
	"electricity_minor" bigint NOT NULL,
	"fees_minor" bigint NOT NULL,
	"suspense_minor" bigint NOT NULL,
	"treasury_minor" bigint NOT NULL,
	"vended_wh" bigint NOT NULL,
	CONSTRAINT "sales_account_days_key" UNIQUE NULLS NOT DISTINCT("day","account_number","channel"),
	CONSTRAINT "sales_account_days_channel" CHECK ("sales_account_days"."channel" IN ('mpesa', 'ecocash', 'momo', 'cash', 'legacy')),
	CONSTRAINT "sales_account_days_whole" CHECK ("sales_account_days"."gross_minor" - "sales_account_days"."reversed_minor" = "sales_account_days"."electricity_minor" + "sales_account_days"."fees_minor" + "sales_account_days"."suspense_minor" + "sales_account_days"."treasury_minor")
);
--> statement-breakpoint
CREATE TABLE "sales_account_months" (
	"month" date NOT NULL,
	"account_number" text,
	"site_code" text,
	"channel" text NOT NULL,
	"payments" integer NOT NULL,
	"gross_minor" bigint NOT NULL,
	"reversed_minor" bigint NOT NULL,
	"electricity_minor" bigint NOT NULL,
	"fees_minor" bigint NOT NULL,
	"suspense_minor" bigint NOT NULL,
	"treasury_minor" bigint NOT NULL,
	"vended_wh" bigint NOT NULL,
	CONSTRAINT "sales_account_months_key" UNIQUE NULLS NOT DISTINCT("month","account_number","channel")
);
--> statement-breakpoint
DROP TABLE "sales_daily" CASCADE;--> statement-breakpoint
ALTER TABLE "metered_days" ADD CONSTRAINT "metered_days_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metered_month_hours" ADD CONSTRAINT "metered_month_hours_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metered_months" ADD CONSTRAINT "metered_months_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "metered_days_account" ON "metered_days" USING btree ("account_id","day");--> statement-breakpoint
CREATE INDEX "metered_months_account" ON "metered_months" USING btree ("account_id","month");--> statement-breakpoint
CREATE INDEX "sales_account_days_account" ON "sales_account_days" USING btree ("account_number","day");--> statement-breakpoint
CREATE INDEX "sales_account_months_account" ON "sales_account_months" USING btree ("account_number","month");--> statement-breakpoint
-- What changes a day's money says so, in its own transaction.
CREATE FUNCTION touch_receipts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_touched (what, at)
    SELECT DISTINCT 'money', date_trunc('hour', p.paid_at) FROM changed c JOIN payments p ON p.receipt = c.receipt;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER touch_rollup AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_receipts();
--> statement-breakpoint
CREATE TRIGGER touch_rollup AFTER INSERT ON payment_allocations REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_receipts();
--> statement-breakpoint
CREATE FUNCTION touch_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_touched (what, at) SELECT DISTINCT 'money', date_trunc('hour', paid_at) FROM changed WHERE paid_at IS NOT NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER touch_rollup AFTER UPDATE ON payments REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_payments();
--> statement-breakpoint
CREATE TRIGGER touch_rollup AFTER INSERT ON legacy_transactions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_payments();
--> statement-breakpoint
CREATE FUNCTION touch_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_touched (what, at) SELECT DISTINCT 'energy', day::timestamp AT TIME ZONE 'UTC' FROM changed;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER touch_rollup AFTER INSERT ON consumption_daily REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_days();
--> statement-breakpoint
CREATE TRIGGER touch_rollup_updated AFTER UPDATE ON consumption_daily REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_days();
--> statement-breakpoint
CREATE TRIGGER touch_rollup_deleted AFTER DELETE ON consumption_daily REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_days();
--> statement-breakpoint
-- A meter that begins or ceases to bill, or that turns out to have stood elsewhere: every day of it that is known.
CREATE FUNCTION touch_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_touched (what, at)
    SELECT DISTINCT 'energy', d.day::timestamp AT TIME ZONE 'UTC' FROM changed c JOIN consumption_daily d ON d.meter_id = c.meter_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER touch_rollup AFTER INSERT ON meter_placements REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_placed();
--> statement-breakpoint
CREATE TRIGGER touch_rollup_updated AFTER UPDATE ON meter_placements REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION touch_placed();
--> statement-breakpoint
-- What is there already.
INSERT INTO rollup_touched (what, at)
  SELECT DISTINCT 'money', date_trunc('hour', paid_at) FROM payments
  UNION SELECT DISTINCT 'money', date_trunc('hour', paid_at) FROM legacy_transactions WHERE paid_at IS NOT NULL
  UNION SELECT DISTINCT 'energy', day::timestamp AT TIME ZONE 'UTC' FROM consumption_daily;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON rollup_touched TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (site_code, payments, gross_minor, reversed_minor, electricity_minor, fees_minor, suspense_minor, treasury_minor, vended_wh) ON sales_account_days, sales_account_months TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (site_code, energy_wh, hours, estimated_hours) ON metered_days TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (site_code, energy_wh, days, hours, estimated_hours) ON metered_months TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (energy_wh, hours) ON metered_month_hours TO cc_app;
--> statement-breakpoint
-- By site and channel; nothing was ever in the table of this name.
CREATE VIEW sales_daily AS
  SELECT day, site_code, channel, sum(payments)::int AS payments, sum(gross_minor)::bigint AS gross_minor, sum(reversed_minor)::bigint AS reversed_minor,
    sum(electricity_minor)::bigint AS electricity_minor, sum(fees_minor)::bigint AS fees_minor, sum(suspense_minor)::bigint AS suspense_minor,
    sum(treasury_minor)::bigint AS treasury_minor, sum(vended_wh)::bigint AS vended_wh
  FROM sales_account_days GROUP BY day, site_code, channel;
--> statement-breakpoint
GRANT SELECT ON sales_daily TO cc_app;
