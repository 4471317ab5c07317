CREATE TABLE "corrections" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"energy_wh" bigint,
	"amount_minor" bigint,
	"currency" text NOT NULL,
	"worth_minor" bigint,
	"code" text NOT NULL,
	"reason" text NOT NULL,
	"document" text NOT NULL,
	"state" text NOT NULL,
	"because" text,
	"ordered_by" text NOT NULL,
	"ordered_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"posted_at" timestamp with time zone,
	CONSTRAINT "corrections_one" CHECK (("corrections"."energy_wh" IS NULL) <> ("corrections"."amount_minor" IS NULL)),
	CONSTRAINT "corrections_some" CHECK (coalesce("corrections"."energy_wh", "corrections"."amount_minor") <> 0 AND "corrections"."worth_minor" >= 0),
	CONSTRAINT "corrections_currency" CHECK ("corrections"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "corrections_code" CHECK ("corrections"."code" IN ('payment_missing', 'payment_twice', 'wrong_account', 'wrong_tariff', 'meter_fault', 'reading_wrong',
        'legacy_error', 'goodwill')),
	CONSTRAINT "corrections_state" CHECK ("corrections"."state" IN ('waiting', 'approved', 'posted', 'refused')),
	CONSTRAINT "corrections_because" CHECK (("corrections"."state" = 'refused') = ("corrections"."because" IS NOT NULL)),
	CONSTRAINT "corrections_posted" CHECK (("corrections"."state" = 'posted') = ("corrections"."posted_at" IS NOT NULL)),
	CONSTRAINT "corrections_named" CHECK ("corrections"."reason" <> '' AND "corrections"."document" <> '' AND "corrections"."ordered_by" <> ''),
	CONSTRAINT "corrections_second" CHECK ("corrections"."decided_by" IS NULL OR lower(regexp_replace("corrections"."decided_by", '[[:space:]]', '', 'g')) <> lower(regexp_replace("corrections"."ordered_by", '[[:space:]]', '', 'g')))
);
--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "corrections_account" ON "corrections" USING btree ("account_id","ordered_at");--> statement-breakpoint
CREATE INDEX "corrections_open" ON "corrections" USING btree ("ordered_at") WHERE "corrections"."state" IN ('waiting', 'approved');--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, because, decided_by, decided_at, posted_at) ON corrections TO cc_app;
