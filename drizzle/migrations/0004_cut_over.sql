CREATE TABLE "credit_writers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_writers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"site_code" text NOT NULL,
	"writer" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"facts_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "credit_writers_start" UNIQUE("site_code","valid_from"),
	CONSTRAINT "credit_writers_writer" CHECK ("credit_writers"."writer" IN ('legacy', 'ours')),
	CONSTRAINT "credit_writers_named" CHECK ("credit_writers"."changed_by" <> '' AND "credit_writers"."reason" <> '')
);
--> statement-breakpoint
CREATE TABLE "legacy_transactions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "legacy_transactions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"source_id" text NOT NULL,
	"kind" text NOT NULL,
	"account_number" text,
	"amount_minor" bigint,
	"currency" text NOT NULL,
	"energy_wh" bigint,
	"paid_at" timestamp with time zone,
	"receipt" text,
	"payer_phone" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "legacy_transactions_source" UNIQUE("source","source_id"),
	CONSTRAINT "legacy_transactions_kind" CHECK ("legacy_transactions"."kind" IN ('payment', 'fee', 'consumption', 'correction', 'unknown')),
	CONSTRAINT "legacy_transactions_currency" CHECK ("legacy_transactions"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "legacy_transactions_amount" CHECK (abs("legacy_transactions"."amount_minor") <= 9007199254740991),
	CONSTRAINT "legacy_transactions_energy" CHECK (abs("legacy_transactions"."energy_wh") <= 9007199254740991),
	CONSTRAINT "legacy_transactions_receipt_canonical" CHECK ("legacy_transactions"."receipt" ~ '^[^a-z[:space:]]+$' AND length("legacy_transactions"."receipt") <= 64),
	CONSTRAINT "legacy_transactions_payer_digits" CHECK ("legacy_transactions"."payer_phone" ~ '^[0-9]{6,15}$')
);
--> statement-breakpoint
ALTER TABLE "payment_sightings" DROP CONSTRAINT "payment_sightings_road";--> statement-breakpoint
ALTER TABLE "payments" DROP CONSTRAINT "payments_road";--> statement-breakpoint
ALTER TABLE "credit_writers" ADD CONSTRAINT "credit_writers_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "legacy_transactions_twin_account" ON "legacy_transactions" USING btree ("account_number","amount_minor") WHERE receipt IS NULL;--> statement-breakpoint
CREATE INDEX "legacy_transactions_twin_payer" ON "legacy_transactions" USING btree (right("payer_phone", 8),"amount_minor") WHERE receipt IS NULL;--> statement-breakpoint
CREATE INDEX "legacy_transactions_receipt" ON "legacy_transactions" USING btree ("receipt");--> statement-breakpoint
CREATE INDEX "legacy_transactions_paid_at" ON "legacy_transactions" USING btree ("paid_at");--> statement-breakpoint
CREATE INDEX "legacy_transactions_account" ON "legacy_transactions" USING btree ("account_number","paid_at");--> statement-breakpoint
ALTER TABLE "payment_sightings" ADD CONSTRAINT "payment_sightings_road" CHECK ("payment_sightings"."road" IN ('sms', 'webhook', 'manual', 'statement', 'mirror', 'legacy'));--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_road" CHECK ("payments"."road" IN ('sms', 'webhook', 'manual', 'statement', 'mirror', 'legacy'));--> statement-breakpoint
-- The old history explains old figures for ever: appended, never changed.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON legacy_transactions FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON legacy_transactions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Who credited a platform at an instant must be answerable for ever, too.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON credit_writers FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON credit_writers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
GRANT SELECT, INSERT ON legacy_transactions, credit_writers TO cc_app;
