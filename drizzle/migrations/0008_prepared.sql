CREATE TABLE "fx_rates" (
	"currency" text NOT NULL,
	"valid_from" date NOT NULL,
	"usd_per_unit" numeric(18, 10) NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "fx_rates_key" PRIMARY KEY("currency","valid_from"),
	CONSTRAINT "fx_rates_currency" CHECK ("fx_rates"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "fx_rates_positive" CHECK ("fx_rates"."usd_per_unit" > 0),
	CONSTRAINT "fx_rates_source" CHECK ("fx_rates"."source" <> '')
);
--> statement-breakpoint
CREATE TABLE "import_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "import_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"site_code" text,
	"day" date,
	"file_sha256" text,
	"state" text NOT NULL,
	"pages" integer DEFAULT 0 NOT NULL,
	"rows_taken" integer DEFAULT 0 NOT NULL,
	"rows_refused" integer DEFAULT 0 NOT NULL,
	"cursor" jsonb,
	"error" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "import_runs_unit_named" CHECK ("import_runs"."file_sha256" IS NOT NULL OR ("import_runs"."site_code" IS NOT NULL AND "import_runs"."day" IS NOT NULL)),
	CONSTRAINT "import_runs_state" CHECK ("import_runs"."state" IN ('running', 'done', 'failed')),
	CONSTRAINT "import_runs_ended" CHECK (("import_runs"."state" = 'running') = ("import_runs"."ended_at" IS NULL)),
	CONSTRAINT "import_runs_counts" CHECK ("import_runs"."pages" >= 0 AND "import_runs"."rows_taken" >= 0 AND "import_runs"."rows_refused" >= 0),
	CONSTRAINT "import_runs_sha256" CHECK ("import_runs"."file_sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "meter_days" (
	"site_code" text NOT NULL,
	"day" date NOT NULL,
	"source" text NOT NULL,
	"expected_hours" integer,
	"received_hours" integer DEFAULT 0 NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"last_error" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "meter_days_key" PRIMARY KEY("site_code","day","source"),
	CONSTRAINT "meter_days_hours" CHECK ("meter_days"."expected_hours" >= 0 AND "meter_days"."received_hours" >= 0 AND "meter_days"."attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "sales_daily" (
	"day" date NOT NULL,
	"site_code" text,
	"channel" text NOT NULL,
	"currency" text NOT NULL,
	"payments" integer NOT NULL,
	"gross_minor" bigint NOT NULL,
	"reversed_minor" bigint NOT NULL,
	"electricity_minor" bigint NOT NULL,
	"fees_minor" bigint NOT NULL,
	"suspense_minor" bigint NOT NULL,
	"vended_wh" bigint NOT NULL,
	"state" text NOT NULL,
	"computed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sales_daily_key" UNIQUE NULLS NOT DISTINCT("day","site_code","channel","currency"),
	CONSTRAINT "sales_daily_channel" CHECK ("sales_daily"."channel" IN ('mpesa', 'ecocash', 'momo', 'cash')),
	CONSTRAINT "sales_daily_currency" CHECK ("sales_daily"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "sales_daily_state" CHECK ("sales_daily"."state" IN ('open', 'final')),
	CONSTRAINT "sales_daily_counts" CHECK ("sales_daily"."payments" >= 0 AND "sales_daily"."gross_minor" >= 0 AND "sales_daily"."reversed_minor" >= 0 AND "sales_daily"."suspense_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "ticket_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ticket_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ticket_id" bigint NOT NULL,
	"event_key" text NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"details" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_events_key" UNIQUE("ticket_id","event_key"),
	CONSTRAINT "ticket_events_kind" CHECK ("ticket_events"."kind" IN ('opened', 'comment', 'assigned', 'changed', 'resolved', 'reopened'))
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tickets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ticket_key" text NOT NULL,
	"ticket_class" text NOT NULL,
	"category" text NOT NULL,
	"priority" text NOT NULL,
	"state" text NOT NULL,
	"site_code" text,
	"account_id" bigint,
	"summary" text NOT NULL,
	"reported_by" text NOT NULL,
	"assigned_to" text,
	"opened_at" timestamp with time zone NOT NULL,
	"failed_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"cause" text,
	"resolution" text,
	"version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "tickets_ticket_key" UNIQUE("ticket_key"),
	CONSTRAINT "tickets_class" CHECK ("tickets"."ticket_class" IN ('customer_grievance', 'asset_fault')),
	CONSTRAINT "tickets_category" CHECK ("tickets"."category" IN ('no-power', 'equipment-failure', 'meter-issue', 'billing', 'installation', 'vegetation',
        'vandalism', 'complaint', 'general-inquiry')),
	CONSTRAINT "tickets_priority" CHECK ("tickets"."priority" IN ('P1', 'P2', 'P3', 'P4')),
	CONSTRAINT "tickets_state" CHECK ("tickets"."state" IN ('open', 'in_progress', 'pending', 'resolved')),
	CONSTRAINT "tickets_resolved" CHECK (("tickets"."state" = 'resolved') = ("tickets"."resolved_at" IS NOT NULL)),
	CONSTRAINT "tickets_times" CHECK ("tickets"."resolved_at" >= "tickets"."opened_at")
);
--> statement-breakpoint
CREATE TABLE "vendor_credits" (
	"external_id" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"vendor" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"state" text NOT NULL,
	"because" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"vendor_id" text,
	"queued_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"confirmed_at" timestamp with time zone,
	"version" bigint NOT NULL,
	CONSTRAINT "vendor_credits_vendor" CHECK ("vendor_credits"."vendor" IN ('koios', 'thundercloud')),
	CONSTRAINT "vendor_credits_amount" CHECK ("vendor_credits"."amount_minor" <> 0),
	CONSTRAINT "vendor_credits_currency" CHECK ("vendor_credits"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "vendor_credits_state" CHECK ("vendor_credits"."state" IN ('queued', 'sent', 'confirmed', 'rejected', 'blocked', 'dead')),
	CONSTRAINT "vendor_credits_because" CHECK (("vendor_credits"."state" IN ('rejected', 'blocked', 'dead')) = ("vendor_credits"."because" IS NOT NULL)),
	CONSTRAINT "vendor_credits_confirmed" CHECK (("vendor_credits"."state" = 'confirmed') = ("vendor_credits"."confirmed_at" IS NOT NULL)),
	CONSTRAINT "vendor_credits_attempts" CHECK ("vendor_credits"."attempts" >= 0 AND "vendor_credits"."version" >= 0)
);
--> statement-breakpoint
ALTER TABLE "import_runs" ADD CONSTRAINT "import_runs_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_days" ADD CONSTRAINT "meter_days_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sales_daily" ADD CONSTRAINT "sales_daily_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_events" ADD CONSTRAINT "ticket_events_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD CONSTRAINT "vendor_credits_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_runs_unit" ON "import_runs" USING btree ("source","site_code","day","id");--> statement-breakpoint
CREATE INDEX "import_runs_file" ON "import_runs" USING btree ("file_sha256");--> statement-breakpoint
CREATE INDEX "meter_days_due" ON "meter_days" USING btree ("next_at") WHERE NOT "meter_days"."complete";--> statement-breakpoint
CREATE INDEX "sales_daily_site" ON "sales_daily" USING btree ("site_code","day");--> statement-breakpoint
CREATE INDEX "tickets_open" ON "tickets" USING btree ("site_code","opened_at") WHERE "tickets"."state" <> 'resolved';--> statement-breakpoint
CREATE INDEX "tickets_account" ON "tickets" USING btree ("account_id","opened_at");--> statement-breakpoint
CREATE INDEX "vendor_credits_due" ON "vendor_credits" USING btree ("next_at") WHERE "vendor_credits"."state" IN ('queued', 'sent', 'blocked');--> statement-breakpoint
CREATE INDEX "vendor_credits_account" ON "vendor_credits" USING btree ("account_id","queued_at");--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ticket_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON ticket_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
INSERT INTO fx_rates (currency, valid_from, usd_per_unit, source) VALUES
  ('LSL', '2024-01-01', 0.054, 'existing system, yearly average'),
  ('LSL', '2026-01-01', 0.057, 'existing system, yearly average'),
  ('XOF', '2024-01-01', 0.0016, 'existing system, yearly average'),
  ('ZMW', '2024-01-01', 0.039, 'existing system, yearly average'),
  ('ZMW', '2025-01-01', 0.036, 'existing system, yearly average');
--> statement-breakpoint
GRANT SELECT ON fx_rates, import_runs, meter_days, sales_daily, ticket_events, tickets, vendor_credits TO cc_app;
