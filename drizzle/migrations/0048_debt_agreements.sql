CREATE TABLE "debt_agreements" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"part" text NOT NULL,
	"title" text,
	"principal_minor" bigint NOT NULL,
	"interest_minor" bigint NOT NULL,
	"setup_minor" bigint NOT NULL,
	"instalments" integer,
	"fraction_e4" integer NOT NULL,
	"monthly_fee_e4" integer NOT NULL,
	"penalty_e4" integer NOT NULL,
	"grace_days" integer NOT NULL,
	"interval_days" integer NOT NULL,
	"contract_key" text NOT NULL,
	"contract_sha256" text NOT NULL,
	"contract_type" text NOT NULL,
	"contract_bytes" integer NOT NULL,
	"accrued_on" date,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "debt_agreements_part" CHECK ("debt_agreements"."part" ~ '^(advance[.](connection|readyboard)|financing[.][a-z0-9-]{1,40})$'),
	CONSTRAINT "debt_agreements_title" CHECK (("debt_agreements"."part" LIKE 'advance.%') = ("debt_agreements"."title" IS NULL) AND "debt_agreements"."title" <> ''),
	CONSTRAINT "debt_agreements_money" CHECK ("debt_agreements"."principal_minor" > 0 AND "debt_agreements"."interest_minor" >= 0 AND "debt_agreements"."setup_minor" >= 0 AND "debt_agreements"."instalments" BETWEEN 1 AND 120),
	CONSTRAINT "debt_agreements_fractions" CHECK ("debt_agreements"."fraction_e4" BETWEEN 1 AND 10000 AND "debt_agreements"."monthly_fee_e4" BETWEEN 0 AND 9999 AND "debt_agreements"."penalty_e4" BETWEEN 0 AND 9999),
	CONSTRAINT "debt_agreements_days" CHECK (CASE WHEN "debt_agreements"."penalty_e4" > 0 THEN "debt_agreements"."grace_days" BETWEEN 1 AND 365 AND "debt_agreements"."interval_days" BETWEEN 1 AND 365 ELSE "debt_agreements"."grace_days" = 0 AND "debt_agreements"."interval_days" = 0 END),
	CONSTRAINT "debt_agreements_contract" CHECK ("debt_agreements"."contract_sha256" ~ '^[0-9a-f]{64}$' AND "debt_agreements"."contract_key" <> '' AND "debt_agreements"."contract_bytes" BETWEEN 1 AND 10485760 AND "debt_agreements"."contract_type" IN ('application/pdf', 'image/png', 'image/jpeg')),
	CONSTRAINT "debt_agreements_named" CHECK ("debt_agreements"."created_by" <> '')
);
--> statement-breakpoint
ALTER TABLE "payment_sightings" DROP CONSTRAINT "payment_sightings_road";--> statement-breakpoint
ALTER TABLE "payments" DROP CONSTRAINT "payments_road";--> statement-breakpoint
ALTER TABLE "debt_agreements" ADD CONSTRAINT "debt_agreements_id_fee_orders_id_fk" FOREIGN KEY ("id") REFERENCES "public"."fee_orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debt_agreements" ADD CONSTRAINT "debt_agreements_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "debt_agreements_account" ON "debt_agreements" USING btree ("account_id","part");--> statement-breakpoint
ALTER TABLE "payment_sightings" ADD CONSTRAINT "payment_sightings_road" CHECK ("payment_sightings"."road" IN ('sms', 'contract_sms', 'webhook', 'manual', 'statement', 'mirror', 'legacy'));--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_road" CHECK ("payments"."road" IN ('sms', 'contract_sms', 'webhook', 'manual', 'statement', 'mirror', 'legacy'));--> statement-breakpoint
-- By hand: rights. An agreement is never changed; how far its months were asked for moves.
GRANT SELECT, INSERT, UPDATE (accrued_on) ON debt_agreements TO cc_app;
