CREATE TABLE "campaigns" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaigns_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"campaign_key" text NOT NULL,
	"name" text NOT NULL,
	"audience" jsonb NOT NULL,
	"texts" jsonb NOT NULL,
	"state" text NOT NULL,
	"recipients" integer NOT NULL,
	"parts" integer NOT NULL,
	"part_price_minor" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"started_by" text,
	"started_at" timestamp with time zone,
	"stopped_by" text,
	"stopped_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "campaigns_key" UNIQUE("campaign_key"),
	CONSTRAINT "campaigns_state" CHECK ("campaigns"."state" IN ('proposed', 'running', 'stopped')),
	CONSTRAINT "campaigns_counts" CHECK ("campaigns"."recipients" BETWEEN 1 AND 5000 AND "campaigns"."parts" >= "campaigns"."recipients"),
	CONSTRAINT "campaigns_price" CHECK ("campaigns"."part_price_minor" >= 0),
	CONSTRAINT "campaigns_started" CHECK ("campaigns"."state" <> 'running' OR "campaigns"."started_by" IS NOT NULL),
	CONSTRAINT "campaigns_two_people" CHECK ("campaigns"."recipients" <= 100 OR "campaigns"."started_by" <> "campaigns"."created_by")
);
--> statement-breakpoint
CREATE TABLE "carrier_sms" (
	"id" text PRIMARY KEY NOT NULL,
	"reference" bigint GENERATED ALWAYS AS IDENTITY (sequence name "carrier_sms_reference_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"to_phone" text NOT NULL,
	"content" text NOT NULL,
	"parts" integer NOT NULL,
	"language" text,
	"account_id" bigint,
	"receipt" text,
	"campaign_id" bigint,
	"customer_id" bigint,
	"came_from" text,
	"moved_to" text,
	"state" text NOT NULL,
	"because" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"tried_at" timestamp with time zone,
	"fault_at" timestamp with time zone,
	"state_at" timestamp with time zone NOT NULL,
	CONSTRAINT "carrier_sms_reference" UNIQUE("reference"),
	CONSTRAINT "carrier_sms_campaign_phone" UNIQUE("campaign_id","to_phone"),
	CONSTRAINT "carrier_sms_state" CHECK ("carrier_sms"."state" IN ('held', 'queued', 'sending', 'accepted', 'delivered', 'failed', 'rejected', 'unknown', 'expired', 'stopped', 'moving', 'moved')),
	CONSTRAINT "carrier_sms_held" CHECK ("carrier_sms"."state" <> 'held' OR "carrier_sms"."campaign_id" IS NOT NULL),
	CONSTRAINT "carrier_sms_moved" CHECK (("carrier_sms"."state" IN ('moving', 'moved')) = ("carrier_sms"."moved_to" IS NOT NULL)),
	CONSTRAINT "carrier_sms_to" CHECK ("carrier_sms"."to_phone" ~ '^\+[0-9]{8,15}$'),
	CONSTRAINT "carrier_sms_parts" CHECK ("carrier_sms"."parts" BETWEEN 1 AND 10)
);
--> statement-breakpoint
CREATE TABLE "sms_opt_outs" (
	"phone" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "sms_opt_outs_phone" CHECK ("sms_opt_outs"."phone" ~ '^[0-9]{8,15}$')
);
--> statement-breakpoint
CREATE TABLE "ticket_sms" (
	"ticket_id" bigint PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"channel" text NOT NULL,
	"sms_json" text NOT NULL,
	"because" text,
	"state_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_sms_state" CHECK ("ticket_sms"."state" IN ('bound', 'handed', 'left'))
);
--> statement-breakpoint
ALTER TABLE "carrier_sms" ADD CONSTRAINT "carrier_sms_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carrier_sms" ADD CONSTRAINT "carrier_sms_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carrier_sms" ADD CONSTRAINT "carrier_sms_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_sms" ADD CONSTRAINT "ticket_sms_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaigns_created" ON "campaigns" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "carrier_sms_open" ON "carrier_sms" USING btree ("state","next_at") WHERE state IN ('queued', 'sending', 'moving');--> statement-breakpoint
CREATE INDEX "carrier_sms_tried" ON "carrier_sms" USING btree ("tried_at");--> statement-breakpoint
CREATE INDEX "carrier_sms_phone" ON "carrier_sms" USING btree ("to_phone","created_at");--> statement-breakpoint
CREATE INDEX "carrier_sms_account" ON "carrier_sms" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "ticket_sms_open" ON "ticket_sms" USING btree ("state_at") WHERE state = 'bound';
--> statement-breakpoint
-- By hand: what is said, to whom and of which campaign never changes; what becomes of it does.
GRANT SELECT, INSERT, UPDATE (state, because, moved_to, tries, next_at, tried_at, fault_at, state_at) ON carrier_sms TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, started_by, started_at, stopped_by, stopped_at) ON campaigns TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (source, at, ended_at) ON sms_opt_outs TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, because, state_at) ON ticket_sms TO cc_app;
