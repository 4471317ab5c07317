CREATE TABLE "estimated_sales" (
	"site_code" text NOT NULL,
	"month" date NOT NULL,
	"weight_key" text NOT NULL,
	"account_number" text,
	"energy_wh" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "estimated_sales_key" PRIMARY KEY("site_code","month","weight_key"),
	CONSTRAINT "estimated_sales_state" CHECK ("estimated_sales"."state" IN ('estimated', 'replaced')),
	CONSTRAINT "estimated_sales_numbers" CHECK ("estimated_sales"."energy_wh" >= 0 AND "estimated_sales"."amount_minor" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "estimated_sales_currency" CHECK ("estimated_sales"."currency" IN ('LSL', 'XOF', 'ZMW'))
);
--> statement-breakpoint
CREATE TABLE "vendor_months" (
	"site_code" text NOT NULL,
	"month" date NOT NULL,
	"currency" text NOT NULL,
	"total_minor" bigint,
	"payments_upload_id" bigint,
	"readings_upload_id" bigint,
	"state" text NOT NULL,
	"computed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "vendor_months_key" PRIMARY KEY("site_code","month"),
	CONSTRAINT "vendor_months_first" CHECK (extract(day FROM "vendor_months"."month") = 1),
	CONSTRAINT "vendor_months_state_known" CHECK ("vendor_months"."state" IN ('waiting', 'estimated', 'unweighted', 'replaced')),
	CONSTRAINT "vendor_months_total" CHECK ("vendor_months"."total_minor" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "vendor_months_currency" CHECK ("vendor_months"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "vendor_months_total_of" CHECK (("vendor_months"."total_minor" IS NULL) = ("vendor_months"."payments_upload_id" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "vendor_payments" (
	"payment_key" text PRIMARY KEY NOT NULL,
	"site_name" text NOT NULL,
	"site_code" text,
	"account_number" text,
	"meter_serial" text,
	"day" date NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"kind" text NOT NULL,
	"processed" boolean NOT NULL,
	"created_by" text,
	"upload_id" bigint NOT NULL,
	"row_number" integer NOT NULL,
	CONSTRAINT "vendor_payments_kind" CHECK ("vendor_payments"."kind" IN ('payment', 'reversal')),
	CONSTRAINT "vendor_payments_sign" CHECK (("vendor_payments"."kind" = 'payment') = ("vendor_payments"."amount_minor" > 0) AND "vendor_payments"."amount_minor" <> 0),
	CONSTRAINT "vendor_payments_currency" CHECK ("vendor_payments"."currency" IN ('LSL', 'XOF', 'ZMW'))
);
--> statement-breakpoint
ALTER TABLE "estimated_sales" ADD CONSTRAINT "estimated_sales_month" FOREIGN KEY ("site_code","month") REFERENCES "public"."vendor_months"("site_code","month") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vendor_months" ADD CONSTRAINT "vendor_months_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vendor_months" ADD CONSTRAINT "vendor_months_payments" FOREIGN KEY ("payments_upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vendor_months" ADD CONSTRAINT "vendor_months_readings" FOREIGN KEY ("readings_upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vendor_payments" ADD CONSTRAINT "vendor_payments_row" FOREIGN KEY ("upload_id","row_number") REFERENCES "public"."upload_rows"("upload_id","row_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "estimated_sales_account" ON "estimated_sales" USING btree ("account_number","month");--> statement-breakpoint
CREATE INDEX "vendor_months_state" ON "vendor_months" USING btree ("state","month");--> statement-breakpoint
CREATE INDEX "vendor_payments_site" ON "vendor_payments" USING btree ("site_code","day");--> statement-breakpoint
CREATE INDEX "vendor_payments_account" ON "vendor_payments" USING btree ("account_number","day");--> statement-breakpoint
-- By hand from here: what is appended only, and rights.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON vendor_payments FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON vendor_payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
GRANT SELECT, INSERT ON vendor_payments TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (total_minor, payments_upload_id, readings_upload_id, state, computed_at) ON vendor_months TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (account_number, energy_wh, amount_minor, currency, state) ON estimated_sales TO cc_app;
