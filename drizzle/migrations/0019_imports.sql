CREATE TABLE "meter_day_intervals" (
	"site_code" text NOT NULL,
	"day" date NOT NULL,
	"source" text NOT NULL,
	"serial" text NOT NULL,
	"start_at" timestamp with time zone NOT NULL,
	"energy_wh" bigint NOT NULL,
	CONSTRAINT "meter_day_intervals_key" PRIMARY KEY("site_code","day","source","serial","start_at")
);
--> statement-breakpoint
CREATE TABLE "source_priorities" (
	"scope" text PRIMARY KEY NOT NULL,
	"sources" text[] NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "source_priorities_scope" CHECK ("source_priorities"."scope" ~ '^(country|[A-Z]{3}|[0-9]{4}[A-Z]{3})$'),
	CONSTRAINT "source_priorities_named" CHECK (cardinality("source_priorities"."sources") BETWEEN 1 AND 20)
);
--> statement-breakpoint
CREATE TABLE "vendor_days" (
	"meter_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"day" date NOT NULL,
	"energy_wh" bigint[] NOT NULL,
	"sources" text[] NOT NULL,
	"billed" integer NOT NULL,
	"hours" integer NOT NULL,
	"sum_wh" bigint NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "vendor_days_key" PRIMARY KEY("meter_id","account_id","day"),
	CONSTRAINT "vendor_days_hours" CHECK (cardinality("vendor_days"."energy_wh") = 24 AND cardinality("vendor_days"."sources") = 24),
	CONSTRAINT "vendor_days_billed" CHECK ("vendor_days"."billed" BETWEEN 0 AND 16777215 AND "vendor_days"."hours" BETWEEN 0 AND 24),
	CONSTRAINT "vendor_days_energy" CHECK (0 <= ALL ("vendor_days"."energy_wh") AND "vendor_days"."sum_wh" BETWEEN 0 AND 9007199254740991)
);
--> statement-breakpoint
ALTER TABLE "consumption_hourly" DROP CONSTRAINT "consumption_hourly_source";--> statement-breakpoint
ALTER TABLE "meter_days" ADD COLUMN "lease_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "meter_days" ADD COLUMN "fence" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "meter_days" ADD COLUMN "fresh_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "meter_days" ADD COLUMN "details" jsonb;--> statement-breakpoint
ALTER TABLE "vendor_days" ADD CONSTRAINT "vendor_days_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vendor_days" ADD CONSTRAINT "vendor_days_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "vendor_days_account" ON "vendor_days" USING btree ("account_id","day");--> statement-breakpoint
ALTER TABLE "consumption_hourly" ADD CONSTRAINT "consumption_hourly_source" CHECK (source IN ('iot', 's3', 'dynamodb', 'koios', 'thundercloud', 'koios_report', 'portfolio', 'monthly_file', 'steama'));--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (energy_wh, sources, billed, hours, sum_wh, version) ON vendor_days TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (energy_wh), DELETE ON meter_day_intervals TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (sources, updated_at) ON source_priorities TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (expected_hours, received_hours, complete, attempts, next_at, last_error, lease_until, fence, fresh_at,
  details, updated_at) ON meter_days TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (state, pages, rows_taken, rows_refused, cursor, error, ended_at) ON import_runs TO cc_app;
