CREATE TABLE "fee_orders" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"act" text NOT NULL,
	"part" text NOT NULL,
	"amount_minor" bigint,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"document" text,
	"state" text NOT NULL,
	"because" text,
	"ordered_by" text NOT NULL,
	"ordered_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"posted_at" timestamp with time zone,
	CONSTRAINT "fee_orders_act" CHECK ("fee_orders"."act" IN ('charge', 'writeoff', 'refund')),
	CONSTRAINT "fee_orders_part" CHECK ("fee_orders"."part" ~ '^[a-z][a-z0-9.-]{0,59}$'),
	CONSTRAINT "fee_orders_amount" CHECK ("fee_orders"."amount_minor" > 0),
	CONSTRAINT "fee_orders_priced" CHECK ("fee_orders"."amount_minor" IS NOT NULL OR ("fee_orders"."act" = 'charge' AND "fee_orders"."state" <> 'posted')),
	CONSTRAINT "fee_orders_currency" CHECK ("fee_orders"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "fee_orders_state" CHECK ("fee_orders"."state" IN ('waiting', 'approved', 'posted', 'refused')),
	CONSTRAINT "fee_orders_because" CHECK (("fee_orders"."state" = 'refused') = ("fee_orders"."because" IS NOT NULL)),
	CONSTRAINT "fee_orders_posted" CHECK (("fee_orders"."state" = 'posted') = ("fee_orders"."posted_at" IS NOT NULL)),
	CONSTRAINT "fee_orders_named" CHECK ("fee_orders"."reason" <> '' AND "fee_orders"."ordered_by" <> ''),
	CONSTRAINT "fee_orders_two" CHECK ("fee_orders"."act" = 'charge' OR (coalesce("fee_orders"."document", '') <> '' AND ("fee_orders"."state" NOT IN ('approved', 'posted') OR "fee_orders"."decided_by" IS NOT NULL))),
	CONSTRAINT "fee_orders_second" CHECK ("fee_orders"."decided_by" IS NULL OR lower(regexp_replace("fee_orders"."decided_by", '[[:space:]]', '', 'g')) <> lower(regexp_replace("fee_orders"."ordered_by", '[[:space:]]', '', 'g')))
);
--> statement-breakpoint
CREATE TABLE "fee_verifications" (
	"entry_key" text PRIMARY KEY NOT NULL,
	"verdict" text NOT NULL,
	"note" text NOT NULL,
	"verified_by" text NOT NULL,
	"verified_at" timestamp with time zone NOT NULL,
	CONSTRAINT "fee_verifications_verdict" CHECK ("fee_verifications"."verdict" IN ('verified', 'rejected')),
	CONSTRAINT "fee_verifications_named" CHECK ("fee_verifications"."verified_by" <> '' AND "fee_verifications"."note" <> '')
);
--> statement-breakpoint
ALTER TABLE "fee_orders" ADD CONSTRAINT "fee_orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fee_orders_account" ON "fee_orders" USING btree ("account_id","ordered_at");--> statement-breakpoint
CREATE INDEX "fee_orders_open" ON "fee_orders" USING btree ("ordered_at") WHERE "fee_orders"."state" IN ('waiting', 'approved');--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (amount_minor, state, because, decided_by, decided_at, posted_at) ON fee_orders TO cc_app;--> statement-breakpoint
GRANT SELECT, INSERT ON fee_verifications TO cc_app;
