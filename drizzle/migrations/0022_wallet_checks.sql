CREATE TABLE "wallet_checks" (
	"account_id" bigint NOT NULL,
	"day" date NOT NULL,
	"vendor" text NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"wallet_minor" bigint,
	"currency" text NOT NULL,
	"rate_e4_per_kwh" integer,
	"their_rate_e4_per_kwh" integer,
	"ours_wh" bigint NOT NULL,
	"theirs_wh" bigint,
	"verdict" text NOT NULL,
	"causes" jsonb NOT NULL,
	CONSTRAINT "wallet_checks_key" PRIMARY KEY("account_id","day"),
	CONSTRAINT "wallet_checks_vendor" CHECK ("wallet_checks"."vendor" IN ('koios', 'thundercloud')),
	CONSTRAINT "wallet_checks_currency" CHECK ("wallet_checks"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "wallet_checks_verdict" CHECK ("wallet_checks"."verdict" IN ('agree', 'waits', 'differ', 'unknown')),
	CONSTRAINT "wallet_checks_known" CHECK (("wallet_checks"."verdict" = 'unknown') = ("wallet_checks"."theirs_wh" IS NULL))
);
--> statement-breakpoint
ALTER TABLE "wallet_checks" ADD CONSTRAINT "wallet_checks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "wallet_checks_day" ON "wallet_checks" USING btree ("day","verdict");--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (vendor, read_at, wallet_minor, rate_e4_per_kwh, their_rate_e4_per_kwh, ours_wh, theirs_wh, verdict, causes)
  ON wallet_checks TO cc_app;
