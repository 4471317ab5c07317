CREATE TABLE "live_balances" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"vendor" text NOT NULL,
	"wallet_minor" bigint,
	"currency" text NOT NULL,
	"rate_e4_per_kwh" integer,
	"balance_wh" bigint,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "live_balances_vendor" CHECK ("live_balances"."vendor" IN ('koios', 'thundercloud')),
	CONSTRAINT "live_balances_currency" CHECK ("live_balances"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "live_balances_valued" CHECK (("live_balances"."balance_wh" IS NULL) = ("live_balances"."wallet_minor" IS NULL OR "live_balances"."rate_e4_per_kwh" IS NULL))
);
--> statement-breakpoint
ALTER TABLE "live_balances" ADD CONSTRAINT "live_balances_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (vendor, wallet_minor, currency, rate_e4_per_kwh, balance_wh, read_at) ON live_balances TO cc_app;
